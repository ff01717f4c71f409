package io.parallax.flow;

/**
 * TCP control bits as they are gathered per observation point and window.
 *
 * <pre>
 *   15 14   13       12         11-9   8    7    6    5    4    3    2    1    0
 *  | 0 | 0 | SYN+ACK | SYN alone | 0 | AE | CWR| ECE| URG| ACK| PSH| RST| SYN| FIN |
 * </pre>
 *
 * <p>Bits 0-8 are those of the wire (RFC 9293, section 3.1; AE: RFC 9768). A union of them no longer tells a SYN from a SYN
 * that came with ACK, which tells the initiator; bits 12 and 13 keep that.
 */
final class ControlBits {

    static final int PROTOCOL_TCP = 6;
    static final int FIN = 1;
    static final int SYN = 1 << 1;
    static final int RST = 1 << 2;
    static final int ACK = 1 << 4;
    static final int ECE = 1 << 6;
    static final int CWR = 1 << 7;
    static final int WIRE = (1 << 9) - 1;
    static final int SYN_ALONE = 1 << 12;
    static final int SYN_ACK = 1 << 13;

    private ControlBits() {}

    /** Bits of one header with the two marks set. */
    static int marked(int bits) {
        if ((bits & SYN) == 0) {
            return bits;
        }
        return bits | ((bits & ACK) == 0 ? SYN_ALONE : SYN_ACK);
    }
}
