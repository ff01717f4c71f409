package io.parallax.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * CRC-32C (RFC 3720 appendix B.4) of a batch, end to end from decoder to job: Kafka's own covers only the way to the
 * broker and back, not a spool on disk or a proxy that rewrites records.
 *
 * <p>Order: sensor id, 0, interface name, 0, sampling method, 0, then as big-endian 64-bit integers lane, boot epoch, first
 * sequence, header count, first, last and low-watermark time, end of stream (0 or 1), sampling probability (IEEE 754 bits),
 * snap length, columns version, observation points, entries; then the byte columns in schema order. In columns version 1
 * the sampling method with its 0 and the mirror sequences are left out, in versions 1 and 2 the quotations: they had none.
 */
final class HeaderBatchChecksum {

    private static final int NUMBERS = 13;

    private final CRC32C crc = new CRC32C();
    private final ByteBuffer numbers = ByteBuffer.allocate(NUMBERS * Long.BYTES);

    int of(HeaderBatch batch) {
        boolean isFirstVersion = batch.getColumnsVersion() == HeaderBatchWriter.COLUMNS_WITHOUT_MIRROR_SEQUENCES;
        crc.reset();
        updateText(batch.getSensorId());
        updateText(batch.getInterfaceName());
        if (!isFirstVersion) {
            updateText(batch.getSamplingMethod());
        }
        numbers.clear();
        numbers.putLong(batch.getLane())
                .putLong(batch.getBootEpoch())
                .putLong(batch.getFirstSequence())
                .putLong(batch.getHeaderCount())
                .putLong(batch.getFirstTimeNanoseconds())
                .putLong(batch.getLastTimeNanoseconds())
                .putLong(batch.getLowWatermarkNanoseconds())
                .putLong(batch.getEndOfStream() ? 1 : 0)
                .putLong(Double.doubleToLongBits(batch.getSamplingProbability()))
                .putLong(batch.getSnapLength())
                .putLong(batch.getColumnsVersion())
                .putLong(batch.getObservationPointCount())
                .putLong(batch.getEntryCount());
        crc.update(numbers.flip());
        crc.update(batch.getObservationPoints().duplicate());
        crc.update(batch.getEntries().duplicate());
        crc.update(batch.getTimes().duplicate());
        crc.update(batch.getEntryIndexes().duplicate());
        crc.update(batch.getIpLengths().duplicate());
        crc.update(batch.getHeaderLengths().duplicate());
        crc.update(batch.getTcpControlBits().duplicate());
        crc.update(batch.getTcpSequences().duplicate());
        crc.update(batch.getTcpAcknowledgments().duplicate());
        crc.update(batch.getTcpWindows().duplicate());
        if (!isFirstVersion) {
            crc.update(batch.getMirrorSequences().duplicate());
        }
        if (batch.getColumnsVersion() > HeaderBatchWriter.COLUMNS_WITHOUT_QUOTATIONS) {
            crc.update(batch.getQuotations().duplicate());
        }
        return (int) crc.getValue();
    }

    private void updateText(String text) {
        crc.update(text.getBytes(StandardCharsets.UTF_8));
        crc.update(0);
    }
}
