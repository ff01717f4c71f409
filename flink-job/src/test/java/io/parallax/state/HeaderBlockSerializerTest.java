package io.parallax.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.parallax.model.FlowKey;
import io.parallax.model.HeaderBlock;
import io.parallax.model.Headers;
import io.parallax.model.StreamName;
import io.parallax.wire.PacketHeader;
import java.io.IOException;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;

final class HeaderBlockSerializerTest {

    private static final HeaderBlockSerializer SERIALIZER = HeaderBlockSerializer.INSTANCE;

    @Test
    void aBlockKeepsEverythingOnTheWay() throws IOException {
        HeaderBlock block = block(3, 20, 100);
        assertSame(SERIALIZER.deserialize(read(written(block))), block);
        assertSame(SERIALIZER.copy(block), block);
    }

    @Test
    void aReusedBlockKeepsNothingOfWhatItHeld() throws IOException {
        HeaderBlock reused = block(9, 200, 1_000);
        reused.streams().add(new StreamName("capvm9", "eth9"));
        HeaderBlock small = block(3, 2, 2);
        assertSame(SERIALIZER.deserialize(reused, read(written(small))), small);
        assertSame(SERIALIZER.copy(small, block(9, 200, 1_000)), small);
    }

    @Test
    void evidenceStaysEvidence() throws IOException {
        HeaderBlock block = block(3, 2, 2);
        PacketHeader quoted = Headers.udp(5, 1, 1, 2, 2);
        quoted.quotedBy = 0x0303;
        block.addEvidence(1, quoted);
        HeaderBlock read = SERIALIZER.deserialize(block(9, 2, 200), read(written(block)));
        assertThat(read.packetCount()).isEqualTo(3);
        assertThat(read.evidenceCount()).isEqualTo(1);
        assertThat(read.packetShort(2, HeaderBlock.PACKET_EVIDENCE)).isEqualTo(4);
        assertThat(SERIALIZER.copy(block, read).evidenceCount()).isEqualTo(1);
        assertThat(SERIALIZER.copy(block(3, 2, 2), read).evidenceCount()).isZero();
    }

    @Test
    void anEmptyBlockIsABlock() throws IOException {
        assertSame(SERIALIZER.deserialize(read(written(block(7, 0, 0)))), block(7, 0, 0));
    }

    @Test
    void aCopySharesNothing() throws IOException {
        HeaderBlock block = block(3, 2, 2);
        HeaderBlock copy = SERIALIZER.copy(block);
        block.reset(4, 0, 0);
        PacketHeader other = Headers.udp(99, 9, 9, 8, 8);
        block.addPacket(block.addEntry(new FlowKey().of(other, 1), other, 0, 0), other);
        assertSame(copy, block(3, 2, 2));
    }

    /** The claim that shuffling blocks rests on: entries of 104 octets and packets of 32, and a few for the frame. */
    @Test
    void octetsAreTheEntriesThePacketsAndTheNames() throws IOException {
        int frame = 4 + 4 + 4 + 4 + 2 + 2;
        int names = (2 + "capvm1".length()) + (2 + "eth0".length()) + (2 + "default".length());
        assertThat(written(block(3, 20, 100))).hasSize(frame + names + 20 * 104 + 100 * 32);
    }

    @Test
    void octetsCanBeCopiedWithoutBeingUnderstoodElsewhere() throws IOException {
        byte[] octets = written(block(3, 20, 100));
        DataOutputSerializer out = new DataOutputSerializer(64);
        SERIALIZER.copy(read(octets), out);
        assertThat(out.getCopyOfBuffer()).isEqualTo(octets);
    }

    private static HeaderBlock block(int bucket, int entries, int packets) {
        HeaderBlock block = new HeaderBlock();
        block.reset(bucket, 0, 0);
        block.streams().add(new StreamName("capvm1", "eth0"));
        block.realms().add("default");
        FlowKey key = new FlowKey();
        for (int i = 0; i < entries; i++) {
            PacketHeader header = Headers.tcp(i, 1, i, 2, 443, 0x10);
            block.addEntry(key.of(header, 1), header, 0, 0);
        }
        for (int i = 0; i < packets; i++) {
            block.addPacket(i % entries, Headers.tcp(i, 1, 1, 2, 443, 0x18));
        }
        return block;
    }

    private static void assertSame(HeaderBlock one, HeaderBlock other) throws IOException {
        assertThat(written(one)).isEqualTo(written(other));
        assertThat(one.bucket()).isEqualTo(other.bucket());
        assertThat(one.streams()).isEqualTo(other.streams());
        assertThat(one.realms()).isEqualTo(other.realms());
        for (int i = 0; i < other.packetCount(); i++) {
            assertThat(one.packetTime(i)).isEqualTo(other.packetTime(i));
        }
    }

    private static byte[] written(HeaderBlock block) throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(64);
        SERIALIZER.serialize(block, out);
        return out.getCopyOfBuffer();
    }

    private static DataInputDeserializer read(byte[] octets) {
        return new DataInputDeserializer(octets);
    }
}
