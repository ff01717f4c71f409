package io.parallax.flow;

import io.parallax.model.FlowKey;
import java.util.concurrent.TimeUnit;

/**
 * How long a flow may be silent before it has ended (RFC 5470, section 5.1.1: idle timeout; the values: docs/10-architecture.md).
 */
final class Lifetime {

    /** IPFIX flowEndReason (136). */
    static final int IDLE_TIMEOUT = 1;

    static final int END_DETECTED = 3;
    static final int FORCED_END = 4;
    static final int LACK_OF_RESOURCES = 5;

    static final long TCP_NANOS = TimeUnit.SECONDS.toNanos(300);
    static final long TCP_CLOSED_NANOS = TimeUnit.SECONDS.toNanos(5);
    static final long TCP_HALF_OPEN_NANOS = TimeUnit.SECONDS.toNanos(5);
    static final long ICMP_NANOS = TimeUnit.SECONDS.toNanos(30);
    static final long OTHER_NANOS = TimeUnit.SECONDS.toNanos(60);

    private static final int PROTOCOL_ICMP = 1;
    private static final int PROTOCOL_ICMPV6 = 58;
    private static final int PROTOCOL_SCTP = 132;

    private Lifetime() {}

    /**
     * The idle timeout of a flow.
     *
     * @param tuple {@link FlowKey#tuple}
     * @param aBits union of {@link ControlBits} that a sent
     * @param bBits union of {@link ControlBits} that b sent
     */
    static long timeoutNanos(long tuple, int aBits, int bBits) {
        if (FlowKey.isAggregate(tuple)) {
            return OTHER_NANOS;
        }
        return switch (FlowKey.protocol(tuple)) {
            case ControlBits.PROTOCOL_TCP ->
                isClosed(aBits, bBits) ? TCP_CLOSED_NANOS : isHalfOpen(aBits, bBits) ? TCP_HALF_OPEN_NANOS : TCP_NANOS;
            case PROTOCOL_SCTP -> TCP_NANOS;
            case PROTOCOL_ICMP, PROTOCOL_ICMPV6 -> ICMP_NANOS;
            default -> OTHER_NANOS;
        };
    }

    /** A reset, or a FIN from both ends (RFC 9293, section 3.6). */
    static boolean isClosed(int aBits, int bBits) {
        return ((aBits | bBits) & ControlBits.RST) != 0 || (aBits & bBits & ControlBits.FIN) != 0;
    }

    /** One end sent SYNs and nothing else, the other end nothing at all. */
    private static boolean isHalfOpen(int aBits, int bBits) {
        return (aBits == 0 && isOnlySyn(bBits)) || (bBits == 0 && isOnlySyn(aBits));
    }

    private static boolean isOnlySyn(int bits) {
        return (bits & ControlBits.WIRE & ~(ControlBits.ECE | ControlBits.CWR)) == ControlBits.SYN;
    }
}
