package io.parallax.local.report;

import io.parallax.wire.CaptureLedger;
import io.parallax.wire.Completeness;
import io.parallax.wire.Flow;
import io.parallax.wire.MatrixCell;
import java.util.List;

/**
 * The check that nothing was lost and nothing counted twice, from the ledger of the capture to the flows and the matrix.
 *
 * <p>Four identities: every frame has one outcome; every IP header that the producers published is a packet counted once,
 * the same packet seen again elsewhere, or named as too late; the matrix holds the octets of the flows; and for every
 * interface and window what was published was received, and what was received has become something (completeness).
 *
 * @param frames that the captures held
 * @param outcomes frames over all decoding outcomes
 * @param publishedIp IP headers handed to Kafka
 * @param countedOnce packets of the flows, both directions
 * @param seenAgain sightings at other than the canonical observation point, all classes
 * @param tooLate headers that came after their window was closed for good
 * @param flowOctets octets of the flows, both directions
 * @param matrixOctets octets of the matrix by address
 * @param published headers handed to Kafka, by the ledger
 * @param received headers that the job read, by completeness
 * @param accounts windows of interfaces that completeness states
 * @param unbalanced of these, with a residual, of the job or on the way to it
 */
public record Conservation(
        long frames,
        long outcomes,
        long publishedIp,
        long countedOnce,
        long seenAgain,
        long tooLate,
        long flowOctets,
        long matrixOctets,
        long published,
        long received,
        long accounts,
        long unbalanced) {

    private static final String ADDRESS_LEVEL = "address";

    /** Adds up {@code results}; {@code tooLate} is what the job reports of it. */
    public static Conservation of(Results results, long tooLate) {
        return new Conservation(
                results.ledger().stream().mapToLong(CaptureLedger::getFrames).sum(),
                results.ledger().stream()
                        .flatMap(row -> row.getOutcomes().values().stream())
                        .mapToLong(Long::longValue)
                        .sum(),
                results.ledger().stream()
                        .mapToLong(CaptureLedger::getPublishedIp)
                        .sum(),
                results.flows().stream()
                        .mapToLong(row -> row.getPacketDeltaCount() + row.getReversePacketDeltaCount())
                        .sum(),
                results.flows().stream().mapToLong(Conservation::duplicatesOf).sum(),
                tooLate,
                results.flows().stream()
                        .mapToLong(row -> row.getOctetDeltaCount() + row.getReverseOctetDeltaCount())
                        .sum(),
                results.cells().stream()
                        .filter(cell -> cell.getLevel().equals(ADDRESS_LEVEL))
                        .mapToLong(MatrixCell::getOctetDeltaCount)
                        .sum(),
                results.ledger().stream().mapToLong(CaptureLedger::getPublished).sum(),
                results.completeness().stream()
                        .mapToLong(Completeness::getReceived)
                        .sum(),
                results.completeness().size(),
                results.completeness().stream()
                        .filter(row -> row.getResidual() != 0 || row.getTransportResidual() != 0)
                        .count());
    }

    private static long duplicatesOf(Flow row) {
        return row.getDuplicates().values().stream().mapToLong(Long::longValue).sum();
    }

    /** IP headers that are neither counted nor named; 0 where all is well, below 0 where something is counted twice. */
    public long residual() {
        return publishedIp - countedOnce - seenAgain - tooLate;
    }

    public boolean holds() {
        return frames == outcomes && residual() == 0 && flowOctets == matrixOctets && isComplete();
    }

    private boolean isComplete() {
        return published == received && unbalanced == 0;
    }

    /** The identities with their numbers, one a line. */
    public List<String> lines() {
        return List.of(
                line(frames == outcomes, "%,d frames = %,d with an outcome", frames, outcomes),
                line(
                        residual() == 0,
                        "%,d IP headers = %,d packets counted once + %,d seen again + %,d too late, residual %,d",
                        publishedIp,
                        countedOnce,
                        seenAgain,
                        tooLate,
                        residual()),
                line(flowOctets == matrixOctets, "%,d octets in flows = %,d in the matrix", flowOctets, matrixOctets),
                line(
                        isComplete(),
                        "%,d headers published = %,d received, in %,d windows of interfaces, %,d with a residual",
                        published,
                        received,
                        accounts,
                        unbalanced));
    }

    private static String line(boolean holds, String identity, Object... numbers) {
        return (holds ? "holds   " : "BROKEN  ") + Numbers.format(identity, numbers);
    }
}
