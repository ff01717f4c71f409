package io.parallax.capture.decode;

import io.parallax.capture.source.Frame;
import io.parallax.wire.IcmpError;
import io.parallax.wire.PacketHeader;
import java.nio.ByteBuffer;

/**
 * What Jazzer calls: octets that the coverage it saw made it invent. The first octet chooses the link type, the second how much
 * the snap length cut, the frame is the rest and ends where the buffer does, so that a read outside it throws.
 */
public final class DecoderFuzzTarget {

    private static final int[] LINK_TYPES = {1, 1, 1, 1, 0, 9, 50, 101, 104, 108, 113, 276};

    private static final HeaderDecoder DECODER = new HeaderDecoder();
    private static final PacketHeader HEADER = new PacketHeader();
    private static final PacketHeader AGAIN = new PacketHeader();
    private static final FragmentTable FRAGMENTS = new FragmentTable(16, 4, 5, header -> {});

    private DecoderFuzzTarget() {}

    /** Jazzer's entry point. */
    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length < 2) {
            return;
        }
        Frame frame = new Frame();
        frame.octets = ByteBuffer.wrap(input);
        frame.offset = 2;
        frame.capturedOctets = input.length - 2;
        frame.originalOctets = frame.capturedOctets + (input[1] & 0xff);
        frame.linkType = LINK_TYPES[(input[0] & 0xff) % LINK_TYPES.length];
        Outcome outcome = DECODER.decode(frame, HEADER);
        if (DECODER.decode(frame, AGAIN) != outcome) {
            throw new IllegalStateException("two outcomes, one of them " + outcome);
        }
        if (outcome.publishesHeader()) {
            if (HEADER.isIp() == (outcome == Outcome.ARP)
                    || Integer.compareUnsigned(HEADER.octetsHeader, HEADER.octetsIp) > 0) {
                throw new IllegalStateException(outcome + " with a header that contradicts itself");
            }
            if (HEADER.quotedFamily != PacketHeader.FAMILY_NONE
                    && (HEADER.quotedFamily != HEADER.family || !IcmpError.quotes(HEADER))) {
                throw new IllegalStateException(outcome + " with a quotation in what is no ICMP error");
            }
            FRAGMENTS.accept(HEADER);
        }
    }
}
