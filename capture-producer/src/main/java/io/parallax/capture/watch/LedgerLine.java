package io.parallax.capture.watch;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One row of the ledger as the local file has it: the fields of topic capture-ledger, whose schema explains them.
 *
 * @param bootEpochMillis start of the process, milliseconds since the epoch
 * @param second start of the interval in capture time, seconds since the epoch
 * @param seconds length of the interval
 * @param rowKind interval, recovered or gap
 * @param interfaceFrames this and the next three: null where not known
 * @param note empty for nothing
 */
public record LedgerLine(
        String sensor,
        String interfaceName,
        int lane,
        long bootEpochMillis,
        long second,
        int seconds,
        String rowKind,
        @Nullable Long interfaceFrames,
        @Nullable Long kernelDropped,
        @Nullable Long kernelWaiting,
        @Nullable Long lost,
        Map<String, Long> filteredByCause,
        long frames,
        long octets,
        Map<String, Long> outcomes,
        long published,
        long publishedIp,
        Map<String, Long> shedByCause,
        double samplingProbability,
        List<MirrorSession> mirrorSessions,
        String note) {}
