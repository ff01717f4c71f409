package io.parallax.capture.decode;

import io.parallax.capture.source.CaptureFile;
import io.parallax.capture.source.FileFrameSource;
import io.parallax.capture.source.Frame;
import io.parallax.wire.PacketHeader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Damages frames of captures and decodes them, as fast as one core does it.
 *
 * <pre>
 *  DecoderFuzz FRAMES SEED CAPTURE...
 * </pre>
 *
 * <p>Each frame is taken from the captures at random, some of its first octets are replaced, inserted from another frame or
 * cut off, and its buffer ends where the frame does: a read outside it would throw. Prints the outcomes; any exception ends it
 * with the octets of the frame. The same seed gives the same frames.
 */
@SuppressWarnings("EnumOrdinal") // as an index within one process
public final class DecoderFuzz {

    private static final int MAX_FRAMES_PER_FILE = 2_000;
    private static final int MAX_OCTETS = 256;

    /** Values that lengths, versions, types and protocol numbers turn on. */
    private static final int[] TELLING = {
        0x00, 0xff, 0x7f, 0x80, 0x45, 0x46, 0x4f, 0x60, 0x08, 0x86, 0xdd, 0x81, 0x88, 0xbe, 0x22, 0xeb, 0x65, 0x58,
        0x47, 0x64, 4, 6, 17, 41, 47, 43, 44, 51, 60, 137, 0x12, 0xb5, 0x17, 0xc1, 0x21, 0x18, 0x20, 0x30, 0xb0, 1, 2
    };

    private final List<byte[]> frames = new ArrayList<>();
    private final List<Integer> linkTypes = new ArrayList<>();
    private final HeaderDecoder decoder = new HeaderDecoder();
    private final PacketHeader header = new PacketHeader();
    private final ByteBuffer octets = ByteBuffer.allocateDirect(MAX_OCTETS);
    private final byte[] scratch = new byte[MAX_OCTETS];
    private final Frame frame = new Frame();
    private final SplittableRandom random;

    DecoderFuzz(long seed) {
        this.random = new SplittableRandom(seed);
        frame.octets = octets;
    }

    public static void main(String[] arguments) throws IOException {
        DecoderFuzz fuzz = new DecoderFuzz(Long.parseLong(arguments[1]));
        for (String capture : Arrays.asList(arguments).subList(2, arguments.length)) {
            fuzz.take(Path.of(capture));
        }
        Map<Outcome, Long> outcomes = fuzz.run(Long.parseLong(arguments[0]));
        System.out.println(fuzz.frames.size() + " frames damaged, outcomes " + outcomes);
    }

    void take(Path capture) throws IOException {
        try (FileFrameSource source = FileFrameSource.open(CaptureFile.named(capture))) {
            Frame next = new Frame();
            for (int i = 0; i < MAX_FRAMES_PER_FILE && source.next(next); i++) {
                byte[] start = new byte[Math.min(MAX_OCTETS, next.capturedOctets)];
                next.octets.get(next.offset, start);
                take(next.linkType, start);
            }
        }
    }

    void take(int linkType, byte[] start) {
        if (start.length > 0) {
            frames.add(Arrays.copyOf(start, Math.min(MAX_OCTETS, start.length)));
            linkTypes.add(linkType);
        }
    }

    /** Decodes {@code count} damaged frames: how often each outcome was. */
    Map<Outcome, Long> run(long count) {
        Outcome[] all = Outcome.values();
        long[] tally = new long[all.length];
        for (long i = 0; i < count; i++) {
            damage();
            tally[decode().ordinal()]++;
        }
        Map<Outcome, Long> outcomes = new EnumMap<>(Outcome.class);
        for (int i = 0; i < all.length; i++) {
            outcomes.put(all[i], tally[i]);
        }
        return outcomes;
    }

    private Outcome decode() {
        try {
            Outcome outcome = decoder.decode(frame, header);
            if (outcome.publishesHeader() && !isConsistent(outcome)) {
                throw new IllegalStateException(outcome + " with a header that contradicts itself");
            }
            return outcome;
        } catch (RuntimeException e) {
            throw new IllegalStateException(
                    "link type " + frame.linkType + ", original length " + frame.originalOctets + ", octets "
                            + Arrays.toString(Arrays.copyOf(scratch, frame.capturedOctets)),
                    e);
        }
    }

    private boolean isConsistent(Outcome outcome) {
        boolean isUnknown = header.has(PacketHeader.STATUS_PORTS_UNKNOWN);
        return header.isIp() == (outcome != Outcome.ARP)
                && Integer.compareUnsigned(header.octetsHeader, header.octetsIp) <= 0
                && !(isUnknown && (header.sourcePort | header.destinationPort) != 0)
                && header.has(PacketHeader.STATUS_LATER_FRAGMENT) == (outcome == Outcome.DECODED_LATER_FRAGMENT)
                && (header.mirrorKind != PacketHeader.MIRROR_NONE) == (header.mirrorDepth > 0)
                && header.vlanCount <= PacketHeader.MAX_VLANS;
    }

    private void damage() {
        int chosen = random.nextInt(frames.size());
        byte[] whole = frames.get(chosen);
        System.arraycopy(whole, 0, scratch, 0, whole.length);
        int length = whole.length;
        for (int changes = random.nextInt(8); changes > 0; changes--) {
            int place = random.nextInt(Math.min(length, 128));
            scratch[place] = (byte) (random.nextBoolean() ? random.nextInt() : TELLING[random.nextInt(TELLING.length)]);
        }
        int kind = random.nextInt(8);
        if (kind == 0) {
            length = random.nextInt(length + 1);
        } else if (kind == 1) {
            length = splice(length);
        }
        octets.limit(length).put(0, scratch, 0, length);
        frame.capturedOctets = length;
        frame.originalOctets = kind < 6 ? length : length + random.nextInt(2_000);
        frame.linkType = linkTypes.get(chosen);
    }

    /** Puts the start of another frame somewhere into this one: tunnels within tunnels. */
    private int splice(int length) {
        byte[] other = frames.get(random.nextInt(frames.size()));
        int place = random.nextInt(Math.min(length, 100));
        int taken = Math.min(other.length, MAX_OCTETS - place);
        System.arraycopy(other, 0, scratch, place, taken);
        return Math.max(length, place + taken);
    }
}
