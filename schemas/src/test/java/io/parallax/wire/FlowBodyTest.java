package io.parallax.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumWriter;
import org.jspecify.annotations.Nullable;

class FlowBodyTest {

    @Property(tries = 200)
    void writesWhatAvroWrites(@ForAll long seed) throws IOException {
        Flow flow = flow(new Random(seed));
        assertThat(written(out -> FlowBody.write(flow, out)))
                .isEqualTo(written(out -> new SpecificDatumWriter<>(Flow.class).write(flow, out)));
    }

    private interface Body {
        void write(BinaryEncoder out) throws IOException;
    }

    private static byte[] written(Body body) throws IOException {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        BinaryEncoder out = EncoderFactory.get().binaryEncoder(octets, null);
        body.write(out);
        out.flush();
        return octets.toByteArray();
    }

    @SuppressWarnings("NullAway") // generated setters do not say that unions with null take null
    private static Flow flow(Random random) {
        return Flow.newBuilder()
                .setFlowId(text(random))
                .setWindowStart(time(random))
                .setWindowSeconds(random.nextInt())
                .setRevision(random.nextLong())
                .setRealm(text(random))
                .setIpVersion(random.nextInt())
                .setProtocolIdentifier(random.nextInt())
                .setSourceAddress(text(random))
                .setDestinationAddress(text(random))
                .setSourceTransportPort(random.nextInt())
                .setDestinationTransportPort(random.nextInt())
                .setPortsKnown(random.nextBoolean())
                .setIcmpType(optional(random, random.nextInt()))
                .setIcmpCode(optional(random, random.nextInt()))
                .setPacketDeltaCount(random.nextLong())
                .setOctetDeltaCount(random.nextLong())
                .setReversePacketDeltaCount(random.nextLong())
                .setReverseOctetDeltaCount(random.nextLong())
                .setFlowStart(time(random))
                .setFlowEnd(time(random))
                .setFlowEndReason(optional(random, random.nextInt()))
                .setTcpControlBits(random.nextInt())
                .setReverseTcpControlBits(random.nextInt())
                .setBiflowDirection(random.nextInt())
                .setInitiatorEvidence(text(random))
                .setCommunityId(text(random))
                .setLocality(optional(random, text(random)))
                .setVantage(vantage(random))
                .setDuplicates(random.nextBoolean() ? Map.of() : Map.of(text(random), random.nextLong()))
                .setCoverage(optional(random, random.nextDouble()))
                .setMissedOctets(optional(random, random.nextLong()))
                .setSourcePrefixLength(optional(random, random.nextInt()))
                .setDestinationPrefixLength(optional(random, random.nextInt()))
                .build();
    }

    @SuppressWarnings("NullAway") // as above
    private static List<Vantage> vantage(Random random) {
        List<Vantage> points = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            points.add(Vantage.newBuilder()
                    .setReverse(random.nextBoolean())
                    .setCanonical(random.nextBoolean())
                    .setSensorId(text(random))
                    .setInterfaceName(text(random))
                    .setSourceMacAddress(text(random))
                    .setDestinationMacAddress(text(random))
                    .setVlanIds(random.ints(random.nextInt(4)).boxed().toList())
                    .setOverlayId(optional(random, random.nextInt()))
                    .setMirrorSession(optional(random, text(random)))
                    .setIpTtl(random.nextInt())
                    .setPacketDeltaCount(random.nextLong())
                    .setOctetDeltaCount(random.nextLong())
                    .build());
        }
        return points;
    }

    private static <T> @Nullable T optional(Random random, T value) {
        return random.nextBoolean() ? value : null;
    }

    private static String text(Random random) {
        return "e\u00e9" + Long.toHexString(random.nextLong());
    }

    /** Whole microseconds, before 1970 as well. */
    private static Instant time(Random random) {
        return Instant.ofEpochSecond(random.nextInt(), random.nextInt(1_000_000) * 1_000L);
    }
}
