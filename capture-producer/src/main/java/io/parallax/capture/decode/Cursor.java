package io.parallax.capture.decode;

import io.parallax.capture.source.Frame;
import java.nio.ByteBuffer;

/**
 * A place in a frame, and the two ends behind it.
 *
 * <p>{@code readable} is where the kept octets end that belong to every layer so far, {@code end} where the current layer
 * ends by its own length field (or the frame as it was on the wire). Reading needs both: octets missing before {@code end}
 * were cut off, octets wanted behind it cannot exist. So padding is never parsed, and truncated is never mistaken for
 * malformed.
 */
final class Cursor {

    /** Keeps {@code end} within an int wherever the frame starts; more than a frame can have, less than a jumbogram claims. */
    static final int MAX_LAYER_OCTETS = 1 << 29;

    private ByteBuffer octets = ByteBuffer.allocate(0);
    private int position;
    private int readable;
    private int end;

    private Outcome outcome = Outcome.NON_IP;

    void start(Frame frame) {
        octets = frame.octets;
        position = frame.offset;
        readable = frame.offset + frame.capturedOctets;
        end = frame.offset + Math.min(MAX_LAYER_OCTETS, Math.max(frame.capturedOctets, frame.originalOctets));
    }

    /** True if the next {@code count} octets belong to the layer and were captured. */
    boolean has(int count) {
        return count <= readable - position;
    }

    /** True if the layer is long enough for {@code count} more octets, captured or not. */
    boolean spans(int count) {
        return count <= end - position;
    }

    /** Octets from here to the end of the layer on the wire. */
    int remaining() {
        return end - position;
    }

    void advance(int count) {
        position += count;
    }

    /** The layer ends {@code count} octets from here, and no later than it did. */
    void bound(int count) {
        end = Math.min(end, position + count);
        readable = Math.min(readable, end);
    }

    /**
     * The layer ends {@code count} octets from here even where the frame is shorter: a length in a header is what was sent,
     * a shorter frame was cut somewhere on its way (mirror sessions do that). What the layer around it did not have is not
     * there to be read, though: it would be padding.
     */
    void declareEnd(int count) {
        end = position + Math.min(MAX_LAYER_OCTETS, count);
        readable = Math.min(readable, end);
    }

    Layer end(Outcome outcome) {
        this.outcome = outcome;
        return Layer.END;
    }

    /** Ends a frame whose layer lacks {@code count} octets: cut off, or else {@code malformed}. */
    Layer lacks(int count, Outcome malformed) {
        return end(spans(count) ? Outcome.TRUNCATED : malformed);
    }

    Outcome outcome() {
        return outcome;
    }

    int uint8(int offset) {
        return octets.get(position + offset) & 0xff;
    }

    int uint16(int offset) {
        return octets.getShort(position + offset) & 0xffff;
    }

    int int32(int offset) {
        return octets.getInt(position + offset);
    }

    long uint32(int offset) {
        return octets.getInt(position + offset) & 0xffff_ffffL;
    }

    /** A MAC address, read with the two octets behind it: all link headers have them. */
    long uint48(int offset) {
        return octets.getLong(position + offset) >>> Short.SIZE;
    }

    long int64(int offset) {
        return octets.getLong(position + offset);
    }
}
