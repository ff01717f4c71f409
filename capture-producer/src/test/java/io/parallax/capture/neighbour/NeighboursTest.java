package io.parallax.capture.neighbour;

import static org.assertj.core.api.Assertions.assertThat;

import io.parallax.wire.PacketHeader;
import java.util.List;
import org.junit.jupiter.api.Test;

final class NeighboursTest {

    private static final long WEB = 0x0A0A_010AL;
    private static final long MAC_A = 0x0200_0000_000AL;
    private static final long MAC_B = 0x0200_0000_000BL;
    private static final int REQUEST = 1;
    private static final int REPLY = 2;

    private final Neighbours neighbours = new Neighbours();

    @Test
    void theSenderOfAnArpMessageClaimsItsAddressOnceUntilAnotherDoes() {
        arp(REQUEST, WEB, MAC_A, 1);
        arp(REPLY, WEB, MAC_A, 2);
        assertThat(neighbours.takeNews())
                .containsExactly(new Claim(PacketHeader.FAMILY_IPV4, 0, WEB, MAC_A, Claim.UNTAGGED, 1));
        arp(REPLY, WEB, MAC_A, 3);
        assertThat(neighbours.takeNews()).isEmpty();
        arp(REPLY, WEB, MAC_B, 4);
        arp(REPLY, WEB, MAC_A, 5);
        assertThat(neighbours.takeNews()).extracting(Claim::mac).containsExactly(MAC_B, MAC_A);
    }

    /** A probe (RFC 5227) asks for an address that it does not have yet: its sender address is 0. */
    @Test
    void whatIsNoAddressOrNoInterfaceClaimsNothing() {
        arp(REQUEST, 0, MAC_A, 1);
        arp(REQUEST, 0xE000_0001L, MAC_A, 1);
        arp(REQUEST, 0xFFFF_FFFFL, MAC_A, 1);
        arp(REQUEST, WEB, 0, 1);
        arp(REQUEST, WEB, 0x0100_5E00_0001L, 1);
        arp(3, WEB, MAC_A, 1);
        assertThat(neighbours.takeNews()).isEmpty();
    }

    @Test
    void neighbourDiscoveryThatNobodyForwardedClaimsItsSource() {
        neighbours.hear(icmpv6(135, 255, 0xFE80L << 48));
        neighbours.hear(icmpv6(136, 255, 0xFD00L << 48));
        neighbours.hear(icmpv6(136, 64, 0xFD01L << 48));
        neighbours.hear(icmpv6(134, 255, 0xFD02L << 48));
        neighbours.hear(icmpv6(135, 255, 0xFF02L << 48));
        assertThat(neighbours.takeNews()).extracting(Claim::high).containsExactly(0xFE80L << 48, 0xFD00L << 48);
        PacketHeader unspecified = icmpv6(135, 255, 0);
        unspecified.sourceLow = 0;
        neighbours.hear(unspecified);
        assertThat(neighbours.takeNews()).isEmpty();
    }

    @Test
    void thousandsOfAddressesAreKnownAndNoMoreThanItsRoom() {
        int news = 0;
        for (int address = 0; address < Neighbours.MOST + 10; address++) {
            arp(REPLY, WEB + address, MAC_A + address, address);
            news += address % 100 == 0 ? neighbours.takeNews().size() : 0;
        }
        news += neighbours.takeNews().size();
        assertThat(news).isEqualTo(Neighbours.MOST);
        for (int address = 0; address < Neighbours.MOST; address++) {
            arp(REPLY, WEB + address, MAC_A + address, 0);
        }
        assertThat(neighbours.takeNews()).as("all are known").isEmpty();
    }

    @Test
    void whatFindsNoRoomAmongTheNewsIsLearntLater() {
        for (int address = 0; address <= Neighbours.MOST_NEWS; address++) {
            arp(REPLY, WEB + address, MAC_A, 1);
        }
        assertThat(neighbours.takeNews()).hasSize(Neighbours.MOST_NEWS);
        arp(REPLY, WEB + Neighbours.MOST_NEWS, MAC_A, 9);
        assertThat(neighbours.takeNews()).extracting(Claim::timeNanos).isEqualTo(List.of(9L));
    }

    private void arp(int operation, long sender, long mac, long time) {
        PacketHeader header = new PacketHeader();
        header.clear();
        header.family = PacketHeader.FAMILY_ARP;
        header.protocol = operation;
        header.sourceLow = sender;
        header.sourceMac = mac;
        header.timeNanos = time;
        neighbours.hear(header);
    }

    private static PacketHeader icmpv6(int type, int hopLimit, long high) {
        PacketHeader header = new PacketHeader();
        header.clear();
        header.family = PacketHeader.FAMILY_IPV6;
        header.protocol = 58;
        header.sourcePort = type;
        header.ttl = hopLimit;
        header.sourceHigh = high;
        header.sourceLow = 1;
        header.sourceMac = MAC_A;
        return header;
    }
}
