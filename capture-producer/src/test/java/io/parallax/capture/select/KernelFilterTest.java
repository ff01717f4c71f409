package io.parallax.capture.select;

import static org.assertj.core.api.Assertions.assertThat;

import io.parallax.capture.nic.FrameSender;
import io.parallax.capture.nic.Nic;
import io.parallax.capture.nic.NicOptions;
import io.parallax.capture.nic.Root;
import io.parallax.capture.nic.VethPair;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class KernelFilterTest {

    private static final int SHORTEST = 42;
    private static final int[] PROTOCOLS = {6, 17, 47};
    private static final int TAGS = 2;
    private static final int SHORTEST_TAGGED = 46;
    private static final int LONGEST = 120;

    /** What the frame says of itself, cut off at every length. */
    private static List<byte[]> cutOffAnywhere() {
        List<byte[]> frames = new ArrayList<>();
        for (boolean isTagged : new boolean[] {false, true}) {
            for (int protocol : PROTOCOLS) {
                ByteBuffer frame = ByteBuffer.allocate(LONGEST).position(12);
                if (isTagged) {
                    frame.putInt(0x8100_0064);
                }
                frame.putShort((short) 0x0800).put((byte) 0x45);
                frame.put(frame.position() + 8, (byte) protocol);
                // Shorter ones are refused where the filter looks for a port behind the tag; Ethernet has none below
                // 64.
                for (int length = isTagged ? SHORTEST_TAGGED : SHORTEST; length <= LONGEST; length++) {
                    frames.add(Arrays.copyOf(frame.array(), length));
                }
            }
        }
        return frames;
    }

    @Test
    void framesOfAnyLengthThatEthernetHasGetToTheDecoder() throws Exception {
        Root.orSkip();
        OwnTraffic own = new OwnTraffic(
                List.of(InetAddress.getByName("10.0.0.5")),
                List.of(new InetSocketAddress(InetAddress.getByName("10.0.0.9"), 9_092)));
        List<byte[]> frames = cutOffAnywhere();
        List<Integer> lengthsRead = new ArrayList<>();
        try (VethPair pair = VethPair.create();
                Nic nic = Nic.open(pair.name(), NicOptions.DEFAULT, KernelFilter.of("", own));
                FrameSender sender = pair.sender()) {
            sender.send(frames, frames.size(), 10_000);
            int last = frames.get(frames.size() - 1).length;
            Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> {
                nic.read(frames.size(), frame -> lengthsRead.add(frame.originalOctets));
                return Collections.frequency(lengthsRead, last) == TAGS * PROTOCOLS.length;
            });
        }

        assertThat(lengthsRead)
                .containsExactlyElementsOf(
                        frames.stream().map(frame -> frame.length).toList());
    }
}
