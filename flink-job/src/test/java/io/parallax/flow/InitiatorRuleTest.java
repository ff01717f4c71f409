package io.parallax.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.parallax.model.Initiator;
import io.parallax.wire.PacketHeader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class InitiatorRuleTest {

    private static final int ICMP = 1;
    private static final int ICMPV6 = 58;
    private static final int ACK = ControlBits.ACK;
    private static final int SYN = ControlBits.marked(ControlBits.SYN);
    private static final int SYN_ACK = ControlBits.marked(ControlBits.SYN | ControlBits.ACK);

    private final InitiatorRule rule = new InitiatorRule();

    @Test
    void whoSentTheSynBeganEvenIfItsPortIsTheLowerOne() {
        decide(tuple(Traffic.TCP, 80, 5000), SYN | ACK, SYN_ACK | ACK, 2, 1);
        assertIs(true, Initiator.SYN);
        decide(tuple(Traffic.TCP, 80, 5000), SYN_ACK, SYN, 1, 2);
        assertIs(false, Initiator.SYN);
    }

    @Test
    void whoWasAnsweredWithSynAndAckBegan() {
        decide(tuple(Traffic.TCP, 80, 5000), SYN_ACK, ACK, 1, 2);
        assertIs(false, Initiator.SYN_ACK);
        decide(tuple(Traffic.TCP, 80, 5000), ACK, SYN_ACK, 2, 1);
        assertIs(true, Initiator.SYN_ACK);
    }

    /** Simultaneous open, RFC 9293 figure 7: both ends send both. */
    @Test
    void synsFromBothEndsDecideNothing() {
        decide(tuple(Traffic.TCP, 5000, 80), SYN | SYN_ACK, SYN | SYN_ACK, 2, 1);
        assertIs(true, Initiator.SERVICE_PORT);
    }

    @Test
    void theEndWithTheWellKnownPortIsTheService() {
        decide(tuple(Traffic.UDP, 53, 40_000), 0, 0, 1, 2);
        assertIs(false, Initiator.SERVICE_PORT);
        decide(tuple(Traffic.TCP, 40_000, 1_023), ACK, ACK, 2, 1);
        assertIs(true, Initiator.SERVICE_PORT);
    }

    @ParameterizedTest
    @CsvSource({"1024, 5000", "53, 80", "0, 80", "80, 0", "40000, 50000"})
    void withoutOneWellKnownPortTheFirstPacketDecides(int aPort, int bPort) {
        decide(tuple(Traffic.UDP, aPort, bPort), 0, 0, 1, 2);
        assertIs(true, Initiator.FIRST_PACKET);
        decide(tuple(Traffic.UDP, aPort, bPort), 0, 0, 2, 1);
        assertIs(false, Initiator.FIRST_PACKET);
        decide(tuple(Traffic.UDP, aPort, bPort), 0, 0, Long.MAX_VALUE, 1);
        assertIs(false, Initiator.FIRST_PACKET);
    }

    @ParameterizedTest
    @CsvSource({
        "1,8,0",
        "1,10,9",
        "1,13,14",
        "1,15,16",
        "1,17,18",
        "58,128,129",
        "58,130,131",
        "58,133,134",
        "58,135,136",
        "58,139,140",
        "58,144,145"
    })
    void whoAsksBegan(int protocol, int request, int reply) {
        decide(tuple(protocol, request, reply), 0, 0, 2, 1);
        assertIs(true, Initiator.ICMP_REQUEST);
        decide(tuple(protocol, reply, request), 0, 0, 1, 2);
        assertIs(false, Initiator.ICMP_REQUEST);
    }

    /** ICMP types are no ports: type 0 against 128 is no well-known port against another. */
    @ParameterizedTest
    @CsvSource({"1", "58"})
    void typesThatDoNotAskAreDecidedByTheFirstPacket(int protocol) {
        decide(tuple(protocol, 3, 2000), 0, 0, 2, 1);
        assertIs(false, Initiator.FIRST_PACKET);
    }

    @Test
    void aRequestTypeOfIcmpIsNoneOfIcmpv6() {
        decide(tuple(ICMPV6, 8, 0), 0, 0, 2, 1);
        assertIs(false, Initiator.FIRST_PACKET);
        decide(tuple(ICMP, 128, 129), 0, 0, 2, 1);
        assertIs(false, Initiator.FIRST_PACKET);
    }

    @Test
    void theSenderOfAOneWayMessageBegan() {
        decide(tuple(ICMP, 3, 1) | ((long) PacketHeader.STATUS_ONE_WAY << 48), 0, 0, 5, Long.MAX_VALUE);
        assertIs(true, Initiator.ONE_WAY);
    }

    private void decide(long tuple, int aBits, int bBits, long aFirst, long bFirst) {
        assertThat(rule.decide(tuple, aBits, bBits, aFirst, bFirst)).isSameAs(rule);
    }

    private void assertIs(boolean isA, Initiator evidence) {
        assertThat(rule.evidence()).isEqualTo(evidence);
        assertThat(rule.isA()).isEqualTo(isA);
    }

    private static long tuple(int protocol, int aPort, int bPort) {
        return aPort | ((long) bPort << 16) | ((long) protocol << 32) | (4L << 40);
    }
}
