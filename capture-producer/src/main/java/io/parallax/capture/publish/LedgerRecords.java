package io.parallax.capture.publish;

import io.parallax.capture.account.LedgerRow;
import io.parallax.capture.account.MirrorSessionCount;
import io.parallax.capture.account.Tally;
import io.parallax.wire.CaptureLedger;
import io.parallax.wire.SingleObjectCodec;
import io.parallax.wire.Topics;
import java.time.Instant;
import java.util.List;

/** Ledger rows of one stream as records of topic capture-ledger. */
public final class LedgerRecords {

    private final SingleObjectCodec<CaptureLedger> codec = SingleObjectCodec.of(CaptureLedger.getClassSchema());
    private final String sensor;
    private final String interfaceName;
    private final int lane;
    private final long bootEpochMillis;
    private final double samplingProbability;
    private final StreamSink sink;

    public LedgerRecords(
            String sensor,
            String interfaceName,
            int lane,
            long bootEpochMillis,
            double samplingProbability,
            StreamSink sink) {
        this.sensor = sensor;
        this.interfaceName = interfaceName;
        this.lane = lane;
        this.bootEpochMillis = bootEpochMillis;
        this.samplingProbability = samplingProbability;
        this.sink = sink;
    }

    public void publish(List<LedgerRow> rows) throws PublishException {
        for (LedgerRow row : rows) {
            CaptureLedger ledger = recordOf(row);
            sink.row(
                    row,
                    bootEpochMillis,
                    Topics.streamId(sensor, interfaceName, lane),
                    Topics.ledgerKey(ledger),
                    codec.encode(ledger));
        }
    }

    private CaptureLedger recordOf(LedgerRow row) {
        Tally tally = row.tally();
        CaptureLedger.Builder builder = CaptureLedger.newBuilder()
                .setSensorId(sensor)
                .setInterfaceName(interfaceName)
                .setLane(lane)
                .setBootEpoch(bootEpochMillis)
                .setIntervalStart(Instant.ofEpochSecond(row.second()))
                .setIntervalSeconds(row.seconds())
                .setRowKind(row.kind().label())
                .setFrames(tally.frames())
                .setOctets(tally.octets())
                .setOutcomes(tally.outcomes())
                .setPublished(tally.published())
                .setPublishedIp(tally.publishedIp())
                .setFiltered(tally.filtered())
                .setFilteredByCause(tally.filteredByCause())
                .setShed(tally.shed())
                .setShedByCause(tally.shedByCause())
                .setSamplingProbability(samplingProbability)
                .setMirrorSessions(row.mirrorSessions().stream()
                        .map(LedgerRecords::recordOf)
                        .toList());
        if (row.isFromInterface()) {
            builder.setInterfaceFrames(tally.interfaceFrames())
                    .setKernelDropped(tally.kernelDropped())
                    .setKernelWaiting(row.kernelWaiting())
                    .setLost(tally.lost());
        }
        if (!row.note().isEmpty()) {
            builder.setNote(row.note());
        }
        return builder.build();
    }

    private static io.parallax.wire.MirrorSessionCount recordOf(MirrorSessionCount count) {
        io.parallax.wire.MirrorSessionCount.Builder builder = io.parallax.wire.MirrorSessionCount.newBuilder()
                .setSourceAddress(count.sourceAddress())
                .setEncapsulation(count.encapsulation())
                .setSession(count.session())
                .setDirection(count.direction())
                .setFrames(count.frames())
                .setLostIsEstimate(count.lostIsEstimate());
        if (count.lost() != null) {
            builder.setLost(count.lost());
        }
        return builder.build();
    }
}
