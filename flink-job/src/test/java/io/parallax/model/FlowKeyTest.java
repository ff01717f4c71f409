package io.parallax.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.parallax.wire.PacketHeader;
import org.junit.jupiter.api.Test;

final class FlowKeyTest {

    private static final long REALM = FlowKey.realmHash("default");
    private static final int ECHO_REQUEST = 8;
    private static final int ECHO_REPLY = 0;
    private static final int UNREACHABLE = 3;

    @Test
    void bothDirectionsOfAConversationHaveOneKey() {
        FlowKey request = key(Headers.ip(Headers.TCP, 1, 50_000, 2, 443));
        FlowKey response = key(Headers.ip(Headers.TCP, 2, 443, 1, 50_000));
        assertThat(response)
                .usingRecursiveComparison()
                .ignoringFields("isReverse")
                .isEqualTo(request);
        assertThat(request.isReverse).isFalse();
        assertThat(response.isReverse).isTrue();
    }

    @Test
    void theLowerAddressIsA() {
        FlowKey key = key(Headers.ip(Headers.UDP, 9, 1, 3, 2));
        assertThat(key.aLow).isEqualTo(0x0A00_0003L);
        assertThat(key.bLow).isEqualTo(0x0A00_0009L);
        assertThat(FlowKey.aPort(key.tuple)).isEqualTo(2);
        assertThat(FlowKey.bPort(key.tuple)).isEqualTo(1);
    }

    @Test
    void betweenEqualAddressesTheLowerPortIsA() {
        FlowKey one = key(Headers.ip(Headers.UDP, 1, 9_000, 1, 53));
        FlowKey other = key(Headers.ip(Headers.UDP, 1, 53, 1, 9_000));
        assertThat(one.isReverse).isTrue();
        assertThat(other.isReverse).isFalse();
        assertThat(one.hash).isEqualTo(other.hash);
        assertThat(FlowKey.aPort(one.tuple)).isEqualTo(53);
    }

    /** fe80::1 has its highest bit set: as a signed number it would be below 2001:db8::1. */
    @Test
    void ipv6AddressesCompareAsUnsignedNumbers() {
        PacketHeader header = ipv6(0xFE80_0000_0000_0000L, 1, 0x2001_0DB8_0000_0000L, 1);
        FlowKey key = key(header);
        assertThat(key.isReverse).isTrue();
        assertThat(key.aHigh).isEqualTo(0x2001_0DB8_0000_0000L);
        assertThat(FlowKey.family(key.tuple)).isEqualTo(PacketHeader.FAMILY_IPV6);
        assertThat(key(ipv6(0x2001_0DB8_0000_0000L, 1, 0xFE80_0000_0000_0000L, 1)).isReverse)
                .isFalse();
        assertThat(key(ipv6(1, 0x8000_0000_0000_0000L, 1, 2)).isReverse).isTrue();
    }

    @Test
    void anIpv4AddressIsNotTheIpv6AddressOfTheSameBits() {
        FlowKey narrow = key(Headers.ip(Headers.UDP, 1, 5_000, 2, 5_001));
        PacketHeader wide = Headers.ip(Headers.UDP, 1, 5_000, 2, 5_001);
        wide.family = PacketHeader.FAMILY_IPV6;
        assertThat(key(wide).hash).isNotEqualTo(narrow.hash);
    }

    @Test
    void anEchoAndItsReplyMeet() {
        FlowKey request = key(Headers.ip(Headers.ICMP, 1, ECHO_REQUEST, 2, ECHO_REPLY));
        FlowKey reply = key(Headers.ip(Headers.ICMP, 2, ECHO_REPLY, 1, ECHO_REQUEST));
        assertThat(reply.hash).isEqualTo(request.hash);
    }

    @Test
    void oneWayMessagesOfBothEndsDoNotMeet() {
        PacketHeader there = Headers.ip(Headers.ICMP, 1, UNREACHABLE, 2, 1);
        there.status = PacketHeader.STATUS_ONE_WAY;
        PacketHeader back = Headers.ip(Headers.ICMP, 2, UNREACHABLE, 1, 1);
        back.status = PacketHeader.STATUS_ONE_WAY;
        assertThat(key(back).isReverse).isFalse();
        assertThat(key(back).aLow).isEqualTo(0x0A00_0002L);
        assertThat(key(back).hash).isNotEqualTo(key(there).hash);
        assertThat(FlowKey.isOneWay(key(back).tuple)).isTrue();
    }

    @Test
    void portsThatAreNotKnownAreNotPort0() {
        PacketHeader zero = Headers.ip(Headers.UDP, 1, 0, 2, 0);
        PacketHeader unknown = Headers.ip(Headers.UDP, 1, 0, 2, 0);
        unknown.status = PacketHeader.STATUS_PORTS_UNKNOWN;
        assertThat(key(unknown).hash).isNotEqualTo(key(zero).hash);
        assertThat(FlowKey.isPortsKnown(key(zero).tuple)).isTrue();
        assertThat(FlowKey.isPortsKnown(key(unknown).tuple)).isFalse();
    }

    @Test
    void aTruncatedOrFirstFragmentBelongsToItsFlow() {
        PacketHeader whole = Headers.ip(Headers.UDP, 1, 5_000, 2, 53);
        PacketHeader fragment = Headers.ip(Headers.UDP, 1, 5_000, 2, 53);
        fragment.status = PacketHeader.STATUS_FRAGMENT | PacketHeader.STATUS_TRUNCATED;
        assertThat(key(fragment).hash).isEqualTo(key(whole).hash);
        assertThat(key(fragment).tuple).isEqualTo(key(whole).tuple);
    }

    @Test
    void whereItWasSeenIsNoPartOfTheKey() {
        PacketHeader routed = Headers.ip(Headers.TCP, 1, 50_000, 2, 443);
        routed.vlanCount = 1;
        routed.vlanStack = 20;
        routed.sourceMac = 0x0200_0000_00FEL;
        routed.ttl = 63;
        routed.overlayId = 5_000;
        assertThat(key(routed).hash).isEqualTo(key(Headers.ip(Headers.TCP, 1, 50_000, 2, 443)).hash);
    }

    @Test
    void equalAddressesOfTwoRealmsAreTwoFlows() {
        PacketHeader header = Headers.ip(Headers.TCP, 1, 50_000, 2, 443);
        assertThat(new FlowKey().of(header, FlowKey.realmHash("blue")).hash)
                .isNotEqualTo(new FlowKey().of(header, FlowKey.realmHash("red")).hash);
    }

    /** State and flow ids rest on these numbers, which were computed apart: another hash needs a migration of both. */
    @Test
    void theHashIsTheSameInEveryVersion() {
        assertThat(Long.toHexString(FlowKey.realmHash("default"))).isEqualTo("72040b770819ee5a");
        assertThat(Long.toHexString(FlowKey.realmHash(""))).isEqualTo("0");
        assertThat(Long.toHexString(key(Headers.ip(Headers.TCP, 1, 50_000, 2, 443)).hash))
                .isEqualTo("e7104786958d93e4");
        assertThat(Long.toHexString(key(ipv6(0x2001_0DB8_0000_0000L, 1, 0xFE80_0000_0000_0000L, 1)).hash))
                .isEqualTo("6c5cac57506747f4");
    }

    private static PacketHeader ipv6(long sourceHigh, long sourceLow, long destinationHigh, long destinationLow) {
        PacketHeader header = Headers.ip(Headers.UDP, 0, 5_000, 0, 5_001);
        header.family = PacketHeader.FAMILY_IPV6;
        header.sourceHigh = sourceHigh;
        header.sourceLow = sourceLow;
        header.destinationHigh = destinationHigh;
        header.destinationLow = destinationLow;
        return header;
    }

    private static FlowKey key(PacketHeader header) {
        return new FlowKey().of(header, REALM);
    }
}
