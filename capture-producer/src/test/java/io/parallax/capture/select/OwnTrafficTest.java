package io.parallax.capture.select;

import static org.assertj.core.api.Assertions.assertThat;

import io.parallax.capture.nic.Nic;
import io.parallax.capture.nic.Root;
import io.parallax.wire.PacketHeader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

class OwnTrafficTest {

    private static final int US = 0x0a00_0005;
    private static final int BROKER = 0x0a00_0009;

    private final OwnTraffic own = new OwnTraffic(
            List.of(address("10.0.0.5"), address("fe80::1"), address("2001:db8::5")),
            List.of(
                    new InetSocketAddress(address("10.0.0.9"), 9092),
                    new InetSocketAddress(address("2001:db8::9"), 9093)));

    private static InetAddress address(String text) {
        try {
            return InetAddress.getByName(text);
        } catch (java.net.UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static PacketHeader tcp(long source, int sourcePort, long destination, int destinationPort) {
        PacketHeader header = new PacketHeader();
        header.family = PacketHeader.FAMILY_IPV4;
        header.protocol = 6;
        header.sourceLow = source;
        header.sourcePort = sourcePort;
        header.destinationLow = destination;
        header.destinationPort = destinationPort;
        return header;
    }

    @Test
    void whatWeSendToABrokerAndWhatItAnswersIsOurs() {
        assertThat(own.matches(tcp(US, 40_000, BROKER, 9_092))).isTrue();
        assertThat(own.matches(tcp(BROKER, 9_092, US, 40_000))).isTrue();
    }

    @Test
    void otherClientsOfTheBrokerAreTrafficLikeAnyOther() {
        assertThat(own.matches(tcp(US + 1, 40_000, BROKER, 9_092))).isFalse();
        assertThat(own.matches(tcp(BROKER, 9_092, US + 1, 40_000))).isFalse();
    }

    @Test
    void otherPortsAndProtocolsAreNotOurs() {
        assertThat(own.matches(tcp(US, 40_000, BROKER, 22))).isFalse();
        PacketHeader udp = tcp(US, 40_000, BROKER, 9_092);
        udp.protocol = 17;
        assertThat(own.matches(udp)).isFalse();
    }

    @Test
    void ipv6IsComparedInFull() {
        PacketHeader header = new PacketHeader();
        header.family = PacketHeader.FAMILY_IPV6;
        header.protocol = 6;
        header.sourceHigh = 0x2001_0db8_0000_0000L;
        header.sourceLow = 5;
        header.destinationHigh = 0x2001_0db8_0000_0000L;
        header.destinationLow = 9;
        header.destinationPort = 9_093;
        assertThat(own.matches(header)).isTrue();
        header.destinationHigh++;
        assertThat(own.matches(header)).isFalse();
    }

    @Test
    void theKernelsExpressionNamesPairsOfOneFamily() {
        assertThat(own.expression())
                .isEqualTo("(host 10.0.0.9 and tcp port 9092 and (host 10.0.0.5))"
                        + " or (host 2001:db8:0:0:0:0:0:9 and tcp port 9093 and (host 2001:db8:0:0:0:0:0:5))");
        assertThat(OwnTraffic.UNKNOWN.expression()).isEmpty();
    }

    @Test
    void libpcapUnderstandsTheWholeFilter() throws Exception {
        Root.libpcapOrSkip();
        Nic.checkFilter(KernelFilter.of("", OwnTraffic.UNKNOWN));
        Nic.checkFilter(KernelFilter.of("", own));
        Nic.checkFilter(KernelFilter.of("net 10.0.0.0/8 or vlan 7", own));
    }
}
