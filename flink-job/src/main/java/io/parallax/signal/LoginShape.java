package io.parallax.signal;

import io.parallax.model.FlowFact;

/**
 * What a login that came to nothing looks like in octets of TCP payload, by service: more than a probe of the port, and less
 * than the least session. The limits are worked out from the messages of each protocol, and measured with hydra for SSH and
 * FTP; they are for connections without TLS, but for RDP.
 *
 * @param port where the service listens
 * @param leastFromClient fewer are a probe that asked for nothing
 * @param leastFromServer fewer are a health check
 * @param mostFromServer more are a session
 */
record LoginShape(int port, int leastFromClient, int leastFromServer, int mostFromServer) {

    private static final LoginShape NONE = new LoginShape(0, Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE);

    /** RFC 4253, section 7: both key exchanges alone are 700 octets and more; a session begins at 2900 with OpenSSH. */
    private static final LoginShape SSH = new LoginShape(22, 500, 700, 2_800);

    /** RFC 959: banner, 331, 530, 221; a session has 230 and the answers of TYPE, PASV and a transfer besides. */
    private static final LoginShape FTP = new LoginShape(21, 10, 60, 300);

    /** RFC 854, 1184: options, banner, two prompts and "Login incorrect". */
    private static final LoginShape TELNET = new LoginShape(23, 10, 40, 400);

    /** MS-RDPBCGR 1.3.1, MS-CSSP: TLS with a certificate, and what CredSSP says; a session sends pictures. */
    private static final LoginShape RDP = new LoginShape(3389, 500, 500, 6_000);

    /** MS-SMB2 3.2.4: negotiation and two answers of SESSION_SETUP; a session has tree connects and files besides. */
    private static final LoginShape SMB = new LoginShape(445, 300, 250, 1_300);

    /** RFC 6143, section 7.1: version, security types, challenge, result; a session begins with a name and pictures. */
    private static final LoginShape VNC = new LoginShape(5900, 20, 25, 120);

    /** PostgreSQL protocol 3.0: authentication and an error; a session begins with 300 octets of parameters. */
    private static final LoginShape POSTGRESQL = new LoginShape(5432, 40, 80, 300);

    /** MS-TDS 2.2.6: PRELOGIN, ERROR and DONE; a session has ENVCHANGE and INFO besides. */
    private static final LoginShape SQL_SERVER = new LoginShape(1433, 150, 100, 400);

    static LoginShape of(FlowFact fact) {
        if (fact.protocol() != FlowFact.TCP) {
            return NONE;
        }
        return switch (fact.destinationPort()) {
            case 22 -> SSH;
            case 21 -> FTP;
            case 23 -> TELNET;
            case 3389 -> RDP;
            case 445 -> SMB;
            case 5900 -> VNC;
            case 5432 -> POSTGRESQL;
            case 1433 -> SQL_SERVER;
            default -> NONE;
        };
    }

    /** Whether failures of the service can be told from its sessions. */
    boolean isKnown() {
        return port != 0;
    }

    boolean isInVain(FlowFact volume) {
        return volume.transportOctets() >= leastFromClient
                && volume.reverseTransportOctets() >= leastFromServer
                && volume.reverseTransportOctets() <= mostFromServer;
    }

    boolean isSession(FlowFact volume) {
        return volume.reverseTransportOctets() > mostFromServer;
    }
}
