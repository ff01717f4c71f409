package io.parallax.capture.decode;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.parallax.capture.source.Frame;
import io.parallax.wire.PacketHeader;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AllocationTest {

    private static final int FRAMES = 1_000;
    private static final int ROUNDS = 200;

    private final HeaderDecoder decoder = new HeaderDecoder();
    private final PacketHeader header = new PacketHeader();
    private final long[] published = new long[1];
    private long repeats;
    private final FloodedFrames floods = new FloodedFrames();
    private final FragmentTable fragments = new FragmentTable(h -> published[0]++);

    @Test
    void decodingMarkingRepeatsAndJoiningFragmentsAllocateNothing() {
        TrafficMix mix = new TrafficMix(42);
        List<Frame> frames = new ArrayList<>();
        for (int i = 0; i < FRAMES; i++) {
            byte[] octets = mix.next();
            frames.add(Wire.frame(Wire.ETHERNET, octets));
            frames.add(Wire.frame(Wire.ETHERNET, octets, Math.min(octets.length, 50), octets.length));
        }
        frames.add(Wire.frame(Wire.ETHERNET, Tunnels.icmpError()));
        frames.add(Wire.frame(Wire.ETHERNET, Tunnels.icmpv6Error()));
        round(frames);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long thread = Thread.currentThread().getId();
        long own = threads.getThreadAllocatedBytes(thread);
        own = threads.getThreadAllocatedBytes(thread) - own;

        long before = threads.getThreadAllocatedBytes(thread);
        for (int i = 0; i < ROUNDS; i++) {
            round(frames);
        }
        long allocated = threads.getThreadAllocatedBytes(thread) - before - own;

        assertThat(published[0]).isPositive();
        assertThat(repeats).isPositive();
        // A per-frame allocation of the smallest object would be 16 octets times 400,000.
        assertThat(allocated).isLessThan(16L * FRAMES);
    }

    private void round(List<Frame> frames) {
        for (int i = 0; i < frames.size(); i++) {
            if (decoder.decode(frames.get(i), header).publishesHeader()) {
                repeats += floods.isRepeat(frames.get(i), header) ? 1 : 0;
                fragments.accept(header);
            }
        }
        fragments.release();
    }
}
