package io.parallax.signal;

import io.parallax.model.FlowFact;

/** TCP ports through which a host is taken over or looked after from afar: MITRE ATT&amp;CK T1021 and its parts. */
final class AdministrationPorts {

    private static final int SSH = 22;
    private static final int TELNET = 23;
    private static final int RPC = 135;
    private static final int NETBIOS = 139;
    private static final int SMB = 445;
    private static final int RLOGIN = 513;
    private static final int RSH = 514;
    private static final int RDP = 3389;
    private static final int VNC = 5900;
    private static final int WINRM = 5985;
    private static final int WINRM_TLS = 5986;

    private AdministrationPorts() {}

    static boolean isOne(FlowFact fact) {
        return fact.protocol() == FlowFact.TCP && isOne(fact.destinationPort());
    }

    static boolean isOne(int port) {
        return switch (port) {
            case SSH, TELNET, RPC, NETBIOS, SMB, RLOGIN, RSH, RDP, VNC, WINRM, WINRM_TLS -> true;
            default -> false;
        };
    }
}
