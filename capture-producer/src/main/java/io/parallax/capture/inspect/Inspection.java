package io.parallax.capture.inspect;

import io.parallax.capture.account.Ledger;
import io.parallax.capture.account.Tally;
import io.parallax.capture.decode.DecodeOptions;
import io.parallax.capture.decode.FragmentTable;
import io.parallax.capture.decode.HeaderDecoder;
import io.parallax.capture.decode.Outcome;
import io.parallax.capture.source.Frame;
import io.parallax.capture.source.FrameSource;
import io.parallax.wire.PacketHeader;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the decoder makes of one capture file, all its interfaces together.
 *
 * <p>The file is judged as a whole: fragments find their first one however far apart in time, since no window closes.
 */
public final class Inspection {

    /** Datagrams remembered, 16 MiB: a file is not watched for days, so a large table is affordable. */
    private static final int DATAGRAMS = 1 << 18;

    private static final int HELD = 1 << 14;

    private final Ledger ledger = new Ledger();
    private final Map<FlowKey, FlowCount> flows = new LinkedHashMap<>();
    private final FragmentTable fragments = new FragmentTable(DATAGRAMS, HELD, Long.MAX_VALUE, this::count);

    private Inspection() {}

    /** Reads {@code source} to its end. */
    public static Inspection of(FrameSource source) throws IOException {
        Inspection inspection = new Inspection();
        inspection.read(source);
        return inspection;
    }

    private void read(FrameSource source) throws IOException {
        HeaderDecoder decoder = new HeaderDecoder(DecodeOptions.DEFAULTS, fragments::learn);
        Frame frame = new Frame();
        PacketHeader header = new PacketHeader();
        while (source.next(frame)) {
            Outcome outcome = decoder.decode(frame, header);
            ledger.frame(frame.timeNanos, outcome, frame.originalOctets);
            if (outcome.publishesHeader()) {
                fragments.accept(header);
            }
        }
        fragments.release();
    }

    private void count(PacketHeader header) {
        ledger.published(header);
        if (header.isIp()) {
            flows.computeIfAbsent(FlowKey.of(header), key -> new FlowCount()).add(header);
        }
    }

    public Tally tally() {
        return ledger.total();
    }

    Map<FlowKey, FlowCount> flows() {
        return flows;
    }
}
