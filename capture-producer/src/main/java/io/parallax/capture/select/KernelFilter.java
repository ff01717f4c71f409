package io.parallax.capture.select;

import java.util.ArrayList;
import java.util.List;

/**
 * The filter expression for the kernel (pcap-filter(7)): what the user asks for, without our own traffic and without mirrors
 * of mirrors.
 *
 * <p>What the kernel takes out costs us nothing, and it keeps a loop from starving the capture that would find it. But it
 * sees neither into tunnels nor behind a second VLAN tag, so the same questions are asked again after decoding.
 */
public final class KernelFilter {

    /** Where an inner Ethernet frame begins behind the outer IPv4 header, by what is in front of it, without IP options. */
    private static final int IPV4 = 20;

    private static final int GRE = 4;
    private static final int GRE_FIELD = 4;
    private static final int ETHERNET_TYPE = 12;
    private static final int ETHERNET = 14;
    private static final int IPV4_PROTOCOL = 9;
    private static final int ERSPAN_2 = 8;
    private static final int ERSPAN_3 = 12;

    private static final String TRANSPARENT_ETHERNET = "0x6558";
    private static final String ERSPAN_1_OR_2 = "0x88be";
    private static final String ERSPAN_TYPE_3 = "0x22eb";

    private KernelFilter() {}

    /**
     * The whole expression.
     *
     * <p>"vlan" moves the offsets of all that is written behind it, whatever the brackets: so tagged frames come last. Where
     * the user's expression has a "vlan" of its own, the last part is about frames with one tag more than that.
     *
     * <p>A filter that reads behind the end of a frame refuses it. That happens to frames of less than 42 octets (46 with a
     * tag), which Ethernet does not have. To ask for the length first would spare them, but libpcap 1.10 reads "len" wrong
     * where there is a "vlan" too, and then refuses tagged frames of 46 to 79 octets.
     *
     * @param user the user's expression, empty for everything
     */
    public static String of(String user, OwnTraffic own) {
        String ours = own.expression();
        List<String> parts = new ArrayList<>();
        parts.add("not (" + (ours.isEmpty() ? "" : ours + " or ") + mirrorOfMirror() + ")");
        if (!user.isBlank()) {
            parts.add("(" + user + ")");
        }
        if (!ours.isEmpty()) {
            parts.add("not (vlan and (" + ours + "))");
        }
        return String.join(" and ", parts);
    }

    /** GRE that carries an Ethernet frame that carries GRE, for each length of the headers between. */
    private static String mirrorOfMirror() {
        List<String> cases = new ArrayList<>();
        for (int fields = 0; fields <= 3; fields++) {
            int inner = IPV4 + GRE + fields * GRE_FIELD;
            cases.add(mirrored(TRANSPARENT_ETHERNET, fields, inner));
        }
        cases.add(mirrored(ERSPAN_1_OR_2, 0, IPV4 + GRE));
        cases.add(mirrored(ERSPAN_1_OR_2, 1, IPV4 + GRE + GRE_FIELD + ERSPAN_2));
        cases.add(mirrored(ERSPAN_TYPE_3, 1, IPV4 + GRE + GRE_FIELD + ERSPAN_3));
        return "(ip proto 47 and ip[0] = 0x45 and (" + String.join(" or ", cases) + "))";
    }

    /** Checksum, key and sequence number take four octets each, in that order; which are there does not matter here. */
    private static String mirrored(String protocol, int fields, int inner) {
        return "(ip[22:2] = " + protocol + " and " + flags(fields) + " and ip[" + (inner + ETHERNET_TYPE)
                + ":2] = 0x0800 and ip[" + (inner + ETHERNET + IPV4_PROTOCOL) + "] = 47)";
    }

    private static String flags(int fields) {
        List<String> flags = new ArrayList<>();
        for (int present = 0; present < 8; present++) {
            if (Integer.bitCount(present) == fields) {
                // Bits 0, 2 and 3 of the GRE header, RFC 2784 and 2890.
                int checksum = (present & 1) << 7;
                int key = (present & 2) << 4;
                int sequence = (present & 4) << 2;
                flags.add("(ip[20] & 0xb0) = 0x" + Integer.toHexString(checksum | key | sequence));
            }
        }
        return "(" + String.join(" or ", flags) + ")";
    }
}
