package io.parallax.capture.live;

import io.parallax.capture.account.Books;
import io.parallax.capture.account.LedgerRow;
import io.parallax.capture.nic.Interfaces;
import io.parallax.capture.publish.LedgerRecords;
import io.parallax.capture.publish.PublishException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** States in the ledger what a process that died left open, before the next one begins. */
final class Settling {

    private static final Logger LOG = LoggerFactory.getLogger(Settling.class);

    /** Changes with every boot of the machine, when all interface counters begin at 0. */
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

    private Settling() {}

    static void settle(
            Books books, LaneOptions options, String name, long interfaceFrames, long nowSecond, LaneSink sink)
            throws PublishException {
        Books.Settlement settlement = books.settle(
                        identity(name), interfaceFrames, options.stream().bootEpochMillis(), nowSecond)
                .orElse(null);
        if (settlement == null || settlement.rows().isEmpty()) {
            return;
        }
        for (LedgerRow row : settlement.rows()) {
            LOG.info("interface {}: left by the process before: {}, {}", name, row.tally(), row.note());
        }
        new LedgerRecords(
                        options.sensor(),
                        name,
                        CaptureLane.SINGLE_LANE,
                        settlement.bootEpoch(),
                        options.stream().sampling().probability(),
                        sink)
                .publish(settlement.rows());
    }

    /** Tells one life of an interface's counters from another: boot, and the number the kernel gave the interface. */
    static long identity(String name) {
        CRC32C boot = new CRC32C();
        try {
            boot.update(Files.readString(BOOT_ID).getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            LOG.warn("{} can't be read: a restart of the machine looks like one of this process", BOOT_ID);
        }
        return boot.getValue() << Integer.SIZE | Interfaces.index(name).orElse(0);
    }
}
