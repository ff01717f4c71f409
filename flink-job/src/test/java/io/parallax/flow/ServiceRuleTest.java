package io.parallax.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.parallax.model.FlowRow;
import io.parallax.model.Initiator;
import io.parallax.model.Locality;
import io.parallax.model.ServiceEvidence;
import io.parallax.wire.PacketHeader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What docs/58-dependencies.md calls a use of a service. */
final class ServiceRuleTest {

    @ParameterizedTest
    @CsvSource({
        // handshake and payload, whoever speaks first, whoever ends it
        "ShADadFf,   SERVED",
        "ShAdAFf,    SERVED",
        "ShADaR,     SERVED",
        "ShADadr,    SERVED",
        "ShAD,       SERVED",
        // the data came with the last packet of the handshake
        "ShDa,       SERVED",
        // SYN or its answer was not seen
        "SADad,      SERVED",
        "hADad,      SERVED",
        // half-open scan; a SYN flood, whose sender never goes on
        "ShR,        PROBED",
        "Sh,         PROBED",
        // connect scan, closed by either, and one that says goodbye
        "ShAR,       PROBED",
        "ShAFaf,     PROBED",
        "ShAfAF,     PROBED",
        // a server that accepts and thinks better of it
        "ShAr,       RESET",
        // open and silent so far
        "ShA,        NONE",
        "Sr,         REFUSED",
        "S,          UNANSWERED",
        "ST,         UNANSWERED",
        // no beginning was seen
        "DdAa,       SERVED",
        "Aa,         NONE",
        "R,          NONE",
        "r,          NONE",
        "A,          NONE"
    })
    void aConnectionShows(String history, ServiceEvidence evidence) {
        assertThat(ServiceRule.of(connection(history))).isEqualTo(evidence);
    }

    @Test
    void anIcmpErrorRefusesAConnection() {
        FlowRow row = connection("S");
        row.outcome = "unreachable";
        assertThat(ServiceRule.of(row)).isEqualTo(ServiceEvidence.REFUSED);
    }

    @Test
    void aConnectionWithoutHistoryIsToldByItsBitsAndOctets() {
        FlowRow row = connection("");
        row.tcpControlBits = ControlBits.SYN | ControlBits.ACK | ControlBits.FIN;
        row.reverseTcpControlBits = ControlBits.SYN | ControlBits.ACK;
        row.reverseTransportOctets = 1;
        assertThat(ServiceRule.of(row)).isEqualTo(ServiceEvidence.SERVED);
        row.reverseTcpControlBits = ControlBits.RST | ControlBits.ACK;
        assertThat(ServiceRule.of(row)).isEqualTo(ServiceEvidence.REFUSED);
    }

    /** A guess at the server by who was seen first would turn half of the long connections around. */
    @Test
    void aConnectionWhoseServerIsAGuessShowsNothing() {
        FlowRow row = connection("DdAa");
        row.initiator = Initiator.FIRST_PACKET;
        assertThat(ServiceRule.of(row)).isEqualTo(ServiceEvidence.NONE);
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1, '',          SERVED",
        "5, 1, unreachable, SERVED",
        "1, 0, '',          UNANSWERED",
        "9, 0, '',          UNANSWERED",
        "1, 0, unreachable, REFUSED",
        "0, 1, '',          NONE"
    })
    void datagramsShow(long there, long back, String outcome, ServiceEvidence evidence) {
        assertThat(ServiceRule.of(datagrams(there, back, outcome))).isEqualTo(evidence);
    }

    @Test
    void anAnswerInALaterWindowThanTheQuestionIsAUse() {
        FlowRow row = datagrams(0, 1, "");
        row.flowStart = row.windowStart - 1;
        assertThat(ServiceRule.of(row)).isEqualTo(ServiceEvidence.SERVED);
    }

    @Test
    void whatHasNoPortIsNoService() {
        FlowRow ping = datagrams(3, 3, "");
        ping.protocol = 1;
        assertThat(ServiceRule.of(ping)).isEqualTo(ServiceEvidence.NONE);
        FlowRow tunnel = datagrams(3, 3, "");
        tunnel.protocol = 47;
        tunnel.destinationPort = 0;
        assertThat(ServiceRule.of(tunnel)).isEqualTo(ServiceEvidence.NONE);
        FlowRow fragments = datagrams(3, 3, "");
        fragments.isPortsKnown = false;
        assertThat(ServiceRule.of(fragments)).isEqualTo(ServiceEvidence.NONE);
    }

    @Test
    void whatIsSentToManyIsNoService() {
        FlowRow multicast = datagrams(3, 3, "");
        multicast.destinationLow = 0xE000_00FBL;
        assertThat(ServiceRule.of(multicast)).isEqualTo(ServiceEvidence.NONE);
        FlowRow sixth = datagrams(3, 3, "");
        sixth.family = PacketHeader.FAMILY_IPV6;
        sixth.destinationHigh = 0xFF02L << 48;
        assertThat(ServiceRule.of(sixth)).isEqualTo(ServiceEvidence.NONE);
        FlowRow broadcast = datagrams(3, 3, "");
        broadcast.locality = Locality.BROADCAST_MULTICAST;
        assertThat(ServiceRule.of(broadcast)).isEqualTo(ServiceEvidence.NONE);
    }

    @Test
    void networksBetweenWhichFlowsWereFoldedUseNoService() {
        FlowRow row = connection("ShADad");
        row.prefixLength = 24;
        assertThat(ServiceRule.of(row)).isEqualTo(ServiceEvidence.NONE);
    }

    private static FlowRow connection(String history) {
        FlowRow row = row(6);
        row.initiator = Initiator.SYN;
        row.tcpHistory = history;
        row.packets = 3;
        return row;
    }

    private static FlowRow datagrams(long there, long back, String outcome) {
        FlowRow row = row(17);
        row.packets = there;
        row.reversePackets = back;
        row.outcome = outcome;
        return row;
    }

    private static FlowRow row(int protocol) {
        FlowRow row = new FlowRow();
        row.family = PacketHeader.FAMILY_IPV4;
        row.protocol = protocol;
        row.windowStart = 60;
        row.flowStart = 61;
        row.sourceLow = 0x0A0A_010BL;
        row.destinationLow = 0x0A0A_020DL;
        row.sourcePort = 50_000;
        row.destinationPort = 5_432;
        row.isPortsKnown = true;
        return row;
    }
}
