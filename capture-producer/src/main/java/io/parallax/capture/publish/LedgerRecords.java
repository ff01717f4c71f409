package io.parallax.capture.publish;

import io.parallax.capture.account.LedgerRow;
import io.parallax.wire.CaptureLedger;
import io.parallax.wire.SingleObjectCodec;
import io.parallax.wire.Topics;
import java.time.Instant;
import java.util.List;

/** Ledger rows of one stream as records of topic capture-ledger. */
final class LedgerRecords {

    private final SingleObjectCodec<CaptureLedger> codec = SingleObjectCodec.of(CaptureLedger.getClassSchema());
    private final String sensor;
    private final String interfaceName;
    private final int lane;
    private final long bootEpochMillis;
    private final BatchSink sink;

    LedgerRecords(String sensor, String interfaceName, int lane, long bootEpochMillis, BatchSink sink) {
        this.sensor = sensor;
        this.interfaceName = interfaceName;
        this.lane = lane;
        this.bootEpochMillis = bootEpochMillis;
        this.sink = sink;
    }

    void publish(List<LedgerRow> rows) throws PublishException {
        for (LedgerRow row : rows) {
            CaptureLedger ledger = recordOf(row);
            sink.publish(
                    Topics.CAPTURE_LEDGER,
                    Topics.streamId(sensor, interfaceName, lane),
                    Topics.ledgerKey(ledger),
                    codec.encode(ledger));
        }
    }

    private CaptureLedger recordOf(LedgerRow row) {
        CaptureLedger.Builder builder = CaptureLedger.newBuilder()
                .setSensorId(sensor)
                .setInterfaceName(interfaceName)
                .setLane(lane)
                .setBootEpoch(bootEpochMillis)
                .setIntervalStart(Instant.ofEpochSecond(row.second()))
                .setIntervalSeconds(1)
                .setFrames(row.tally().frames())
                .setOctets(row.tally().octets())
                .setOutcomes(row.tally().outcomes())
                .setPublished(row.tally().published())
                .setPublishedIp(row.tally().publishedIp());
        if (!row.note().isEmpty()) {
            builder.setNote(row.note());
        }
        return builder.build();
    }
}
