package io.parallax.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.parallax.wire.PacketHeader;
import org.junit.jupiter.api.Test;

final class HeaderBlockTest {

    private static final long REALM = FlowKey.realmHash("default");

    @Test
    void everyFieldOfAnEntryStandsWhereTheDrawingSays() {
        PacketHeader point = Headers.ip(Headers.TCP, 2, 443, 1, 50_000);
        point.vlanCount = 2;
        point.vlanStack = (100L << 16) | 200;
        point.ttl = 255;
        point.overlayId = 0x00FF_FFFF;
        point.mirrorSession = 0x8200_0000;
        point.mirrorKind = PacketHeader.MIRROR_ERSPAN_3;
        point.mirrorDirection = PacketHeader.DIRECTION_DELIVERED;
        point.mirrorSourceHigh = 7;
        point.mirrorSourceLow = 8;
        FlowKey key = new FlowKey().of(point, REALM);
        HeaderBlock block = new HeaderBlock();
        block.reset(5, 0, 0);
        int entry = block.addEntry(key, point, 3, 4);

        assertThat(block.bucket()).isEqualTo(5);
        assertThat(block.entryLong(entry, HeaderBlock.ENTRY_HASH)).isEqualTo(key.hash);
        assertThat(block.entryLong(entry, HeaderBlock.ENTRY_A_LOW)).isEqualTo(0x0A00_0001L);
        assertThat(block.entryLong(entry, HeaderBlock.ENTRY_B_LOW)).isEqualTo(0x0A00_0002L);
        assertThat(block.entryLong(entry, HeaderBlock.ENTRY_TUPLE)).isEqualTo(key.tuple);
        assertThat(block.entryLong(entry, HeaderBlock.ENTRY_SOURCE_MAC)).isEqualTo(0x1402_0200_0000_0002L);
        assertThat(HeaderBlock.mirrorKind(0x1402_0200_0000_0002L)).isEqualTo(PacketHeader.MIRROR_ERSPAN_3);
        assertThat(HeaderBlock.mirrorDirection(0x1402_0200_0000_0002L)).isEqualTo(PacketHeader.DIRECTION_DELIVERED);
        assertThat(block.entryLong(entry, HeaderBlock.ENTRY_DESTINATION_MAC)).isEqualTo(0x01FF_0200_0000_0001L);
        assertThat(block.entryLong(entry, HeaderBlock.ENTRY_VLANS)).isEqualTo((100L << 16) | 200);
        assertThat(block.entryLong(entry, HeaderBlock.ENTRY_OVERLAY)).isEqualTo(0x00FF_FFFF_8200_0000L);
        assertThat(block.entryLong(entry, HeaderBlock.ENTRY_MIRROR_HIGH)).isEqualTo(7);
        assertThat(block.entryLong(entry, HeaderBlock.ENTRY_MIRROR_LOW)).isEqualTo(8);
        assertThat(block.entryInt(entry, HeaderBlock.ENTRY_STREAM)).isEqualTo(3);
        assertThat(block.entryInt(entry, HeaderBlock.ENTRY_REALM)).isEqualTo(4);
    }

    @Test
    void everyFieldOfAPacketStandsWhereTheDrawingSays() {
        PacketHeader header = Headers.tcp(1.5, 1, 1, 2, 2, 0x1FF);
        header.octetsIp = 0x0001_0014;
        header.octetsHeader = 0xFFF0;
        header.tcpSequence = 0xFFFF_FFFF;
        header.tcpAcknowledgment = 0x8000_0001;
        header.tcpWindow = 0xFFFF;
        HeaderBlock block = new HeaderBlock();
        block.reset(0, 0, 0);
        block.addPacket(17, header);

        assertThat(block.packetTime(0)).isEqualTo(1_500_000_000L);
        assertThat(block.packetInt(0, HeaderBlock.PACKET_ENTRY)).isEqualTo(17);
        assertThat(block.packetInt(0, HeaderBlock.PACKET_OCTETS_IP)).isEqualTo(0x0001_0014);
        assertThat(block.packetInt(0, HeaderBlock.PACKET_SEQUENCE)).isEqualTo(-1);
        assertThat(block.packetInt(0, HeaderBlock.PACKET_ACKNOWLEDGMENT)).isEqualTo(0x8000_0001);
        assertThat(block.packetShort(0, HeaderBlock.PACKET_WINDOW)).isEqualTo(0xFFFF);
        assertThat(block.packetShort(0, HeaderBlock.PACKET_OCTETS_HEADER)).isEqualTo(0xFFF0);
        assertThat(block.packetShort(0, HeaderBlock.PACKET_CONTROL_BITS)).isEqualTo(0x1FF);
        assertThat(block.packetShort(0, HeaderBlock.PACKET_EVIDENCE)).isZero();

        header.quotedBy = PacketHeader.QUOTED_BY_ICMPV6 | 0x0300;
        block.addEvidence(18, header);
        assertThat(block.packetOctets()[32 + 30]).isEqualTo((byte) IcmpEvidence.TTL_EXCEEDED.code());
        assertThat(block.packetInt(1, HeaderBlock.PACKET_ENTRY)).isEqualTo(18);
        assertThat(block.packetShort(1, HeaderBlock.PACKET_CONTROL_BITS)).isEqualTo(0x1FF);
        assertThat(block.packetCount()).isEqualTo(2);
        assertThat(block.evidenceCount()).isEqualTo(1);
    }

    @Test
    void growsWithWhatIsAddedAndKeepsIt() {
        HeaderBlock block = new HeaderBlock();
        block.reset(0, 0, 0);
        FlowKey key = new FlowKey();
        for (int i = 0; i < 1_000; i++) {
            PacketHeader header = Headers.tcp(i, 1, i, 2, 443, 0);
            int entry = block.addEntry(key.of(header, REALM), header, 0, 0);
            block.addPacket(entry, header);
        }
        assertThat(block.entryCount()).isEqualTo(1_000);
        assertThat(block.packetCount()).isEqualTo(1_000);
        for (int i = 0; i < 1_000; i++) {
            assertThat(FlowKey.aPort(block.entryLong(i, HeaderBlock.ENTRY_TUPLE)))
                    .isEqualTo(i);
            assertThat(block.packetTime(i)).isEqualTo(Headers.nanos(i));
        }
    }

    @Test
    void isEmptyAfterAReset() {
        HeaderBlock block = new HeaderBlock();
        block.reset(0, 0, 0);
        PacketHeader header = Headers.tcp(0, 1, 1, 2, 2, 0);
        block.streams().add(new StreamName("capvm1", "eth0"));
        block.realms().add("default");
        block.addPacket(block.addEntry(new FlowKey().of(header, REALM), header, 0, 0), header);
        block.addEvidence(0, header);
        block.reset(9, 0, 0);
        assertThat(block.bucket()).isEqualTo(9);
        assertThat(block.entryCount()).isZero();
        assertThat(block.packetCount()).isZero();
        assertThat(block.evidenceCount()).isZero();
        assertThat(block.streams()).isEmpty();
        assertThat(block.realms()).isEmpty();
    }
}
