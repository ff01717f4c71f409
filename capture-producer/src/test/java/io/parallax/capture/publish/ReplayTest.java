package io.parallax.capture.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parallax.capture.account.Tally;
import io.parallax.capture.decode.DecodeOptions;
import io.parallax.capture.decode.HeaderDecoder;
import io.parallax.capture.decode.TrafficMix;
import io.parallax.capture.select.Sampling;
import io.parallax.capture.source.CaptureFile;
import io.parallax.capture.source.FileFrameSource;
import io.parallax.capture.source.Frame;
import io.parallax.capture.source.Octets;
import io.parallax.capture.source.OpenCaptures;
import io.parallax.capture.source.PcapWriter;
import io.parallax.capture.source.PcapngWriter;
import io.parallax.wire.CaptureLedger;
import io.parallax.wire.HeaderBatch;
import io.parallax.wire.HeaderBatchReader;
import io.parallax.wire.PacketHeader;
import io.parallax.wire.SingleObjectCodec;
import io.parallax.wire.Topics;
import io.parallax.wire.WireFormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplayTest {

    private static final long START = 1_700_000_000_000_000_000L;
    private static final long MILLI = 1_000_000L;

    @TempDir
    Path folder;

    private final MemorySink sink = new MemorySink();
    private final SteppingPacer pacer = new SteppingPacer();
    private final AtomicLong framesRead = new AtomicLong();

    private CaptureFile capture(String name, long seed, int frames, long stepNanos) throws IOException {
        PcapWriter writer = PcapWriter.ofEthernet();
        TrafficMix mix = new TrafficMix(seed);
        for (int i = 0; i < frames; i++) {
            writer.frame(START + i * stepNanos, mix.next());
        }
        return CaptureFile.named(Files.write(folder.resolve(name), writer.toBytes()));
    }

    private static ReplayOptions options(int threads, double speed) {
        return new ReplayOptions(77, threads, speed, 1_000, 512 * 1024, Duration.ofMillis(200));
    }

    private List<StreamTotal> replay(ReplayOptions options, CaptureFile... files) throws IOException {
        try (OpenCaptures open = OpenCaptures.of(List.of(files))) {
            return new Replay(options, pacer, sink, framesRead::addAndGet).run(open.sources());
        }
    }

    /** What a reader of the topic sees of one stream, every claim of every batch checked. */
    private Seen seen(String streamId) throws WireFormatException {
        Seen seen = new Seen();
        HeaderBatchReader reader = new HeaderBatchReader();
        PacketHeader header = new PacketHeader();
        for (MemorySink.Entry entry : sink.entries) {
            if (entry.topic().equals(Topics.PACKET_HEADERS) && entry.streamId().equals(streamId)) {
                HeaderBatch batch = reader.open(entry.value());
                seen.add(batch);
                while (reader.next(header)) {
                    seen.add(header);
                }
            }
        }
        return seen;
    }

    private static final class Seen {
        final List<HeaderBatch> batches = new ArrayList<>();
        long headers;
        long octetsIp;
        long repeated;
        long lowWatermark = Long.MIN_VALUE;

        void add(HeaderBatch batch) {
            assertThat(batch.getFirstSequence()).isEqualTo(headers);
            assertThat(batch.getBootEpoch()).isEqualTo(77);
            assertThat(batch.getLowWatermarkNanoseconds()).isGreaterThanOrEqualTo(lowWatermark);
            assertThat(batches).noneMatch(HeaderBatch::getEndOfStream);
            if (!batches.isEmpty()) {
                lowWatermark = batches.get(batches.size() - 1).getLowWatermarkNanoseconds();
            }
            batches.add(batch);
        }

        void add(PacketHeader header) {
            assertThat(header.timeNanos).isGreaterThanOrEqualTo(lowWatermark);
            headers++;
            octetsIp += Integer.toUnsignedLong(header.octetsIp);
            repeated += header.has(PacketHeader.STATUS_REPEATED) ? 1 : 0;
        }
    }

    /** IP octets of a file by the decoder alone. */
    private static long octetsIp(CaptureFile file) throws IOException {
        HeaderDecoder decoder = new HeaderDecoder();
        PacketHeader header = new PacketHeader();
        Frame frame = new Frame();
        long octets = 0;
        try (FileFrameSource source = FileFrameSource.open(file)) {
            while (source.next(frame)) {
                octets += decoder.decode(frame, header).publishesHeader() ? header.octetsIp : 0;
            }
        }
        return octets;
    }

    private Map<String, Long> ledgerFrames() throws WireFormatException {
        SingleObjectCodec<CaptureLedger> codec = SingleObjectCodec.of(CaptureLedger.getClassSchema());
        Map<String, Long> frames = new HashMap<>();
        for (MemorySink.Entry entry : sink.entries) {
            if (entry.topic().equals(Topics.CAPTURE_LEDGER)) {
                CaptureLedger row = codec.decode(entry.value());
                assertThat(row.getOutcomes().values().stream()
                                .mapToLong(Long::longValue)
                                .sum())
                        .isEqualTo(row.getFrames());
                assertThat(entry.key()).isEqualTo(Topics.ledgerKey(row));
                frames.merge(entry.streamId(), row.getFrames(), Long::sum);
            }
        }
        return frames;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 8})
    void whatGoesInComesOut(int threads) throws IOException, WireFormatException {
        CaptureFile a = capture("a.eth0.pcap", 1, 10_000, MILLI);
        CaptureFile b = capture("b.eth0.pcap", 2, 5_000, MILLI);

        List<StreamTotal> totals = replay(options(threads, ReplayOptions.UNPACED), a, b);

        assertThat(seen("a/eth0/0").octetsIp).isEqualTo(octetsIp(a));
        assertThat(seen("b/eth0/0").octetsIp).isEqualTo(octetsIp(b));

        assertThat(totals).extracting(StreamTotal::streamId).containsExactly("a/eth0/0", "b/eth0/0");
        for (StreamTotal total : totals) {
            Seen seen = seen(total.streamId());
            assertThat(total.tally().balances()).isTrue();
            assertThat(seen.headers).isEqualTo(total.tally().published());
            assertThat(seen.batches.get(seen.batches.size() - 1).getEndOfStream())
                    .isTrue();
            assertThat(ledgerFrames())
                    .containsEntry(total.streamId(), total.tally().frames());
        }
        assertThat(framesRead.get()).isEqualTo(15_000);
        assertThat(pacer.pauses).isEmpty();
    }

    /** Two uplinks of one promiscuous switch; another interface, on another switch, sees the frame for its own first time. */
    @Test
    void theCopyOfAFloodedFrameIsPublishedAndSaysWhatItIs() throws IOException, WireFormatException {
        byte[] datagram = new Octets()
                .hex("02000000000b 02000000000a 0800")
                .hex("4500001c 0007 0000 4011 0000 0a000001 0a000002")
                .hex("1000 0035 0008 0000")
                .toBytes();
        byte[] twice = PcapWriter.ofEthernet()
                .frame(START, datagram)
                .frame(START + MILLI / 50, datagram)
                .frame(START + 5 * MILLI, datagram)
                .toBytes();
        CaptureFile a = CaptureFile.named(Files.write(folder.resolve("a.eth0.pcap"), twice));
        CaptureFile b = CaptureFile.named(Files.write(folder.resolve("a.eth1.pcap"), twice));

        List<StreamTotal> totals = replay(options(1, ReplayOptions.UNPACED), a, b);

        assertThat(totals).allSatisfy(total -> {
            Seen seen = seen(total.streamId());
            assertThat(seen.headers).isEqualTo(3).isEqualTo(total.tally().published());
            assertThat(seen.repeated).isEqualTo(1);
        });
    }

    @Test
    void everyStreamIsAnnouncedAndDeliveredBeforeAnyData() throws IOException, WireFormatException {
        byte[] frame = new TrafficMix(1).next();
        Path two = Files.write(
                folder.resolve("c.if.pcapng"),
                new PcapngWriter()
                        .section(true)
                        .describe(1, "eth0")
                        .describe(1, "eth1")
                        .enhanced(1, 5, frame, frame.length)
                        .enhanced(0, 7, frame, frame.length)
                        .toBytes());

        replay(options(1, ReplayOptions.UNPACED), capture("a.eth0.pcap", 1, 10, MILLI), CaptureFile.named(two));

        assertThat(sink.flushedAt.get(0)).isEqualTo(3);
        assertThat(sink.entries.subList(0, 3))
                .extracting(MemorySink.Entry::streamId)
                .containsExactly("a/eth0/0", "c/if.eth0/0", "c/if.eth1/0");
        HeaderBatch announcement =
                new HeaderBatchReader().open(sink.entries.get(0).value());
        assertThat(announcement.getHeaderCount()).isZero();
        assertThat(announcement.getLowWatermarkNanoseconds()).isEqualTo(START);
        assertThat(sink.flushedAt.get(1)).isEqualTo(sink.entries.size());
    }

    @Test
    void filesOnOneThreadGoOnInStep() throws IOException, WireFormatException {
        replay(
                options(1, ReplayOptions.UNPACED),
                capture("a.eth0.pcap", 1, 20_000, MILLI),
                capture("b.eth0.pcap", 2, 20_000, MILLI));

        long apart = 0;
        Map<String, Long> reached = new HashMap<>();
        for (MemorySink.Entry entry : sink.entries) {
            if (entry.topic().equals(Topics.PACKET_HEADERS)) {
                HeaderBatch batch = new HeaderBatchReader().open(entry.value());
                reached.put(entry.streamId(), batch.getLastTimeNanoseconds());
                long a = reached.getOrDefault("a/eth0/0", START);
                long b = reached.getOrDefault("b/eth0/0", START);
                apart = Math.max(apart, Math.abs(a - b));
            }
        }
        assertThat(apart)
                .as("two batches of a thousand headers, a millisecond each")
                .isLessThan(2_000 * MILLI);
    }

    @Test
    void aSampledReplaySaysSoInEveryBatchAndInTheBooks() throws IOException, WireFormatException {
        ReplayOptions tenth = new ReplayOptions(
                77,
                1,
                ReplayOptions.UNPACED,
                1_000,
                512 * 1024,
                Duration.ofMillis(200),
                DecodeOptions.DEFAULTS,
                Sampling.count(10));

        Tally tally =
                replay(tenth, capture("a.eth0.pcap", 1, 10_000, MILLI)).get(0).tally();

        assertThat(tally.frames()).isEqualTo(1_000);
        assertThat(tally.filteredByCause()).containsExactlyEntriesOf(Map.of("not_sampled", 9_000L));
        assertThat(seen("a/eth0/0").batches)
                .allMatch(batch -> batch.getSamplingProbability() == 0.1)
                .allMatch(batch -> batch.getSamplingMethod().equals("count"));
    }

    @Test
    void severalFilesOfOneInterfaceKeepTheirOwnSequence() throws IOException, WireFormatException {
        capture("a.eth0.pcap", 1, 100, MILLI);
        CaptureFile early = CaptureFile.parse("vm:eth0=" + folder.resolve("a.eth0.pcap"));

        List<StreamTotal> totals = replay(options(1, ReplayOptions.UNPACED), early, early);

        assertThat(totals).extracting(StreamTotal::streamId).containsExactly("vm/eth0/0", "vm/eth0/1");
        assertThat(seen("vm/eth0/1").headers).isEqualTo(totals.get(1).tally().published());
    }

    @Test
    void aRecordedPaceIsKeptForAllStreamsTogether() throws IOException, WireFormatException {
        long started = pacer.nanoTime();

        replay(options(2, 10), capture("a.eth0.pcap", 1, 2, 1_000 * MILLI), capture("b.eth0.pcap", 2, 1, MILLI));

        assertThat(pacer.nanoTime() - started).isEqualTo(100 * MILLI);
    }

    @Test
    void atARecordedPaceNoHeaderLingersAndAnIdleStreamTellsThatItLives() throws IOException, WireFormatException {
        replay(options(1, 1), capture("a.eth0.pcap", 1, 3, 1_000 * MILLI));

        List<HeaderBatch> batches = seen("a/eth0/0").batches;
        assertThat(batches).hasSize(1 + 10 + 1);
        assertThat(batches.get(1).getHeaderCount()).isEqualTo(1);
        assertThat(batches.get(2).getHeaderCount()).isZero();
        assertThat(pacer.pauses).allMatch(pause -> pause <= 200 * MILLI);
    }

    @Test
    void aCaptureThatIsCutOffSaysSoInTheLedger() throws IOException, WireFormatException {
        CaptureFile file = capture("a.eth0.pcap", 1, 10, MILLI);
        byte[] whole = Files.readAllBytes(file.path());
        Files.write(file.path(), Arrays.copyOf(whole, whole.length - 1));

        List<StreamTotal> totals = replay(options(1, ReplayOptions.UNPACED), file);

        assertThat(totals.get(0).unreadOctets()).isPositive();
        CaptureLedger last = SingleObjectCodec.<CaptureLedger>of(CaptureLedger.getClassSchema())
                .decode(sink.entries.get(sink.entries.size() - 1).value());
        assertThat(last.getNote()).contains("ends inside a record");
    }

    @Test
    void aSinkThatFailsFailsTheReplay() throws IOException, WireFormatException {
        CaptureFile a = capture("a.eth0.pcap", 1, 10_000, MILLI);
        CaptureFile b = capture("b.eth0.pcap", 1, 10_000, MILLI);
        BatchSink failing = new BatchSink() {
            private int left = 5;

            @Override
            public synchronized void publish(String topic, String streamId, String key, byte[] value)
                    throws PublishException {
                if (left-- == 0) {
                    throw new PublishException("broker.example:9092 did not take a record", new IOException());
                }
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        try (OpenCaptures open = OpenCaptures.of(List.of(a, b))) {
            Replay replay = new Replay(options(2, ReplayOptions.UNPACED), pacer, failing, more -> {});
            assertThatThrownBy(() -> replay.run(open.sources())).isInstanceOf(PublishException.class);
        }
    }

    @Test
    void optionsThatCannotBeAreNamed() {
        assertThatThrownBy(() -> options(0, 1)).hasMessage("threads is 0, allowed is 1 or more");
        assertThatThrownBy(() -> options(1, -1)).hasMessageContaining("speed is -1.0");
        assertThatThrownBy(() -> options(1, Double.NaN)).hasMessageContaining("speed is NaN");
    }
}
