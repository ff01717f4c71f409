package io.parallax.flow;

/** How the attempt to connect went, from the control bits of both ends (RFC 9293, section 3.6) and ICMP errors. */
final class Outcome {

    private static final String REFUSED = "refused";
    private static final String UNREACHABLE = "unreachable";
    private static final String NO_ANSWER = "no_answer";

    private Outcome() {}

    /** Somebody said that the attempt was in vain. */
    static boolean isRefusal(String outcome) {
        return outcome.equals(REFUSED) || outcome.equals(UNREACHABLE);
    }

    static boolean isWithoutAnswer(String outcome) {
        return outcome.equals(NO_ANSWER);
    }

    /**
     * The value of column {@code connection_outcome}; empty where the protocol knows no connection and nothing was said of
     * it.
     *
     * @param source union of {@link ControlBits} that the initiator sent
     * @param destination union of those that the responder sent
     * @param isUnreachable an ICMP error quoted a packet of the flow
     */
    static String of(boolean isTcp, int source, int destination, boolean isUnreachable) {
        boolean isAnswered = (destination & ControlBits.SYN_ACK) != 0;
        if (isUnreachable && !isAnswered) {
            return UNREACHABLE;
        }
        if (!isTcp) {
            return "";
        }
        boolean isReset = ((source | destination) & ControlBits.RST) != 0;
        if (isAnswered) {
            return isReset ? "reset" : "established";
        }
        if ((source & ControlBits.SYN_ALONE) != 0) {
            return attempted(destination);
        }
        if (isReset) {
            return "reset";
        }
        return source != 0 && destination != 0 ? "midstream" : "one_way";
    }

    /** A SYN was sent and no SYN with ACK seen: one that got lost before us shows by what followed. */
    private static String attempted(int destination) {
        if ((destination & ControlBits.RST) != 0) {
            return REFUSED;
        }
        return destination == 0 ? NO_ANSWER : "established";
    }
}
