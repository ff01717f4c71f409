package io.parallax.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.parallax.wire.WireFormatException.Reason;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.apache.avro.SchemaNormalization;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class SingleObjectCodecTest {

    private final SingleObjectCodec<CaptureLedger> codec = SingleObjectCodec.of(CaptureLedger.getClassSchema());
    private final byte[] good = codec.encode(ledger("capture-1"));

    @Test
    void aRecordComesBackAsItWas() throws Exception {
        assertThat(codec.decode(good)).isEqualTo(ledger("capture-1"));
    }

    @Test
    void aRecordBeginsWithTheMarkerAndTheFingerprintOfItsSchema() {
        assertThat(good).startsWith(0xC3, 0x01);
        assertThat(ByteBuffer.wrap(good).order(ByteOrder.LITTLE_ENDIAN).getLong(2))
                .isEqualTo(SchemaNormalization.parsingFingerprint64(CaptureLedger.getClassSchema()));
    }

    @Test
    void nothingIsNoRecord() {
        assertThat(reasonOf(null)).isEqualTo(Reason.EMPTY);
        assertThat(reasonOf(new byte[0])).isEqualTo(Reason.EMPTY);
    }

    @Test
    void anotherMarkerIsRefused() {
        byte[] confluent = good.clone();
        confluent[0] = 0;
        assertThat(reasonOf(confluent)).isEqualTo(Reason.NO_MARKER);
        byte[] laterVersion = good.clone();
        laterVersion[1] = 2;
        assertThat(reasonOf(laterVersion)).isEqualTo(Reason.NO_MARKER);
    }

    @Test
    void anotherRecordsSchemaIsUnknownHere() {
        byte[] letter = SingleObjectCodec.<DeadLetter>of(DeadLetter.getClassSchema())
                .encode(DeadLetter.newBuilder()
                        .setSourceTopic("t")
                        .setSourcePartition(0)
                        .setSourceOffset(0)
                        .setSourceTime(Instant.EPOCH)
                        .setReason("r")
                        .setExplanation("e")
                        .setPayloadOctets(0)
                        .setPayload(ByteBuffer.allocate(0))
                        .build());
        assertThat(reasonOf(letter)).isEqualTo(Reason.UNKNOWN_SCHEMA);
    }

    @Test
    void aRecordCutOffAnywhereIsRefused() {
        for (int length = 1; length < good.length; length++) {
            Reason expected = length < 10 ? Reason.NO_MARKER : Reason.MALFORMED_BODY;
            assertThat(reasonOf(Arrays.copyOf(good, length)))
                    .as("%d octets", length)
                    .isEqualTo(expected);
        }
    }

    @Test
    void octetsBehindTheRecordAreRefused() {
        for (int extra = 1; extra < 20; extra++) {
            assertThat(reasonOf(Arrays.copyOf(good, good.length + extra))).isEqualTo(Reason.MALFORMED_BODY);
        }
    }

    @Test
    void aLengthOfGigabytesIsRefusedBeforeAnythingIsAllocated() {
        byte[] hostile = Arrays.copyOf(good, 20);
        Arrays.fill(hostile, 10, 14, (byte) 0xFE);
        hostile[14] = 0x0F;
        assertThat(reasonOf(hostile)).isEqualTo(Reason.MALFORMED_BODY);
    }

    @Test
    void whatWasRefusedLeavesNothingBehindForTheNextRecord() throws Exception {
        byte[] other = codec.encode(ledger("capture-2"));
        for (int length = 0; length < good.length; length++) {
            reasonOf(Arrays.copyOf(good, length));
            assertThat(codec.decode(other)).isEqualTo(ledger("capture-2"));
            reasonOf(Arrays.copyOf(good, good.length + 1 + length));
            assertThat(codec.decode(good)).isEqualTo(ledger("capture-1"));
        }
    }

    @Property
    void garbageIsRefusedAndNothingElseIsThrown(@ForAll @Size(max = 200) byte[] garbage) throws Exception {
        byte[] behindHeader = Arrays.copyOf(good, 10 + garbage.length);
        System.arraycopy(garbage, 0, behindHeader, 10, garbage.length);
        for (byte[] value : new byte[][] {garbage, behindHeader}) {
            try {
                CaptureLedger read = codec.decode(value);
                assertThat(codec.decode(codec.encode(read))).isEqualTo(read);
            } catch (WireFormatException expected) {
                assertThat(expected.reason()).isNotNull();
            }
        }
        assertThat(codec.decode(good)).isEqualTo(ledger("capture-1"));
    }

    private Reason reasonOf(byte @Nullable [] value) {
        WireFormatException refused = catchThrowableOfType(WireFormatException.class, () -> codec.decode(value));
        assertThat(refused).as("refusal").isNotNull();
        assertThat(refused).hasMessageMatching("(?s).+");
        return refused.reason();
    }

    private static CaptureLedger ledger(String sensor) {
        return CaptureLedger.newBuilder()
                .setSensorId(sensor)
                .setInterfaceName("eth1")
                .setBootEpoch(1_700_000_000_000L)
                .setIntervalStart(Instant.ofEpochSecond(1_700_000_000))
                .setIntervalSeconds(1)
                .setFrames(3)
                .setOctets(300)
                .setOutcomes(Map.of("decoded", 3L))
                .setPublished(3)
                .setNote("file ends inside a record")
                .build();
    }
}
