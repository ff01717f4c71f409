package io.parallax.capture.publish;

import io.parallax.capture.spool.Spool;
import io.parallax.capture.spool.SpoolListener;
import io.parallax.capture.spool.SpoolOptions;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says what a person can act on: one line when something begins and one when it ends, none per record or attempt. */
final class DeliveryLog implements SpoolListener {

    private static final Logger LOG = LoggerFactory.getLogger(SpooledDelivery.class);

    private final KafkaOptions kafka;
    private final SpoolOptions options;

    DeliveryLog(KafkaOptions kafka, SpoolOptions options) {
        this.kafka = kafka;
        this.options = options;
    }

    void kafkaAway(long sinceMillis, Spool spool, String why) {
        LOG.warn(
                "Kafka at {} does not answer since {}; spooling to disk, {} of {} octets used ({})",
                kafka.bootstrapServers(),
                Instant.ofEpochMilli(sinceMillis),
                spool.counts().octets(),
                options.capOctets(),
                why);
    }

    void kafkaBack(long awayMillis, Spool spool) {
        LOG.info(
                "Kafka at {} answers after {} ms; {} octets wait on disk and go out now",
                kafka.bootstrapServers(),
                awayMillis,
                spool.counts().waitingOctets());
    }

    /** At the first, second, fourth, eighth ... */
    void recordRefused(long count, int octets, Exception why) {
        if (Long.bitCount(count) == 1) {
            LOG.error(
                    "Kafka at {} refuses a record of {} octets for good ({}), {} so far; the first ones are kept in {}."
                            + " Compare max.message.bytes of the topic; the job sees a gap",
                    kafka.bootstrapServers(),
                    octets,
                    why.getMessage(),
                    count,
                    options.folder().resolve("refused"));
        }
    }

    void notJournaled(long octets) {
        LOG.error(
                "{} octets of records that were taken are lost: the disk of spool folder {} refused them to the end",
                octets,
                options.folder());
    }

    void died(Thread thread, Throwable failure) {
        LOG.error("thread {} ended; records are refused from now on, restart the capture", thread.getName(), failure);
    }

    @Override
    public void truncated(String file, long octets, String why) {
        LOG.warn(
                "spool file {} had {} octets at its end that are no whole record and were cut off: {}",
                options.folder().resolve(file),
                octets,
                why);
    }

    @Override
    public void skipped(String file, long octets, String why) {
        LOG.error(
                "{} octets of spool file {} are lost: {}. The job sees a gap; check the disk",
                octets,
                options.folder().resolve(file),
                why);
    }

    @Override
    public void diskFailed(String why) {
        LOG.error(
                "the disk of spool folder {} fails: {}. Records wait in memory, further ones are refused and counted;"
                        + " make room or replace it",
                options.folder(),
                why);
    }

    @Override
    public void diskWorks() {
        LOG.info("the disk of spool folder {} works again", options.folder());
    }
}
