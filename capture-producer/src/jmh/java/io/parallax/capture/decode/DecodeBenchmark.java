package io.parallax.capture.decode;

import io.parallax.capture.source.Frame;
import io.parallax.wire.PacketHeader;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;
import org.pcap4j.packet.EthernetPacket;
import org.pcap4j.packet.IllegalRawDataException;

/**
 * Nanoseconds and octets allocated per frame, ours against pcap4j's packet classes, over the same frames.
 *
 * <p>Guards the decision to decode by ourselves: pcap4j is there for live capture, and its packet classes would have spared
 * us this package. They stay out as long as they cost many times the 40 ns and 0 octets that a frame may take here, and
 * throw on hostile input.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class DecodeBenchmark {

    /** More than caches of a branch predictor remember, few enough to stay in the second-level cache's reach. */
    private static final int FRAMES = 4_096;

    private final HeaderDecoder decoder = new HeaderDecoder();
    private final PacketHeader header = new PacketHeader();
    private final FragmentTable fragments = new FragmentTable(complete -> {});
    private final FloodedFrames floods = new FloodedFrames();
    private final Frame frame = new Frame();
    private final byte[][] octets = new byte[FRAMES][];
    private final int[] offsets = new int[FRAMES];

    /** Lays the frames out one behind the other, off the heap, as a mapped capture file has them. */
    @Setup
    public void layOut() {
        TrafficMix mix = new TrafficMix(42);
        int size = 0;
        for (int i = 0; i < FRAMES; i++) {
            octets[i] = mix.next();
            size += 16 + octets[i].length;
        }
        ByteBuffer file = ByteBuffer.allocateDirect(size);
        for (int i = 0; i < FRAMES; i++) {
            file.position(file.position() + 16);
            offsets[i] = file.position();
            file.put(octets[i]);
        }
        frame.octets = file;
        frame.linkType = 1;
    }

    private void show(int index) {
        frame.offset = offsets[index];
        frame.capturedOctets = octets[index].length;
        frame.originalOctets = octets[index].length;
    }

    @Benchmark
    @OperationsPerInvocation(FRAMES)
    public void headerDecoder(Blackhole blackhole) {
        for (int i = 0; i < FRAMES; i++) {
            show(i);
            blackhole.consume(decoder.decode(frame, header));
        }
    }

    @Benchmark
    @OperationsPerInvocation(FRAMES)
    public void headerDecoderAndFragmentTable(Blackhole blackhole) {
        for (int i = 0; i < FRAMES; i++) {
            show(i);
            if (decoder.decode(frame, header).publishesHeader()) {
                fragments.accept(header);
            }
            blackhole.consume(header);
        }
    }

    /** A microsecond from frame to frame: a round of them is over before it could repeat itself. */
    @Benchmark
    @OperationsPerInvocation(FRAMES)
    public void headerDecoderAndFloodedFrames(Blackhole blackhole) {
        for (int i = 0; i < FRAMES; i++) {
            show(i);
            frame.timeNanos += 1_000;
            if (decoder.decode(frame, header).publishesHeader()) {
                blackhole.consume(floods.isRepeat(frame, header));
            }
        }
    }

    @Benchmark
    @OperationsPerInvocation(FRAMES)
    public void pcap4j(Blackhole blackhole) throws IllegalRawDataException {
        for (byte[] frameOctets : octets) {
            blackhole.consume(EthernetPacket.newPacket(frameOctets, 0, frameOctets.length));
        }
    }
}
