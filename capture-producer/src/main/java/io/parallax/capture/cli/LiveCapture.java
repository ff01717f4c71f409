package io.parallax.capture.cli;

import io.parallax.capture.live.CaptureOptions;
import io.parallax.capture.live.CaptureService;
import io.parallax.capture.live.OpenNic;
import io.parallax.capture.nic.Privileges;
import io.parallax.capture.publish.KafkaOptions;
import io.parallax.capture.publish.SpooledDelivery;
import io.parallax.capture.spool.SpoolOptions;
import io.parallax.capture.watch.LaneStatus;
import io.parallax.capture.watch.LedgerFile;
import io.parallax.capture.watch.StatusServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Runs the live capture of a command line until a signal ends it. */
final class LiveCapture {

    /** Beyond the drain: lanes, journal and sender each have their own limit, and the service manager has the last word. */
    private static final long END_SECONDS = 60;

    private LiveCapture() {}

    static int run(
            CaptureOptions options,
            KafkaOptions kafka,
            SpoolOptions spool,
            Path ledger,
            @Nullable InetSocketAddress statusAddress,
            PrintWriter err)
            throws IOException {
        CountDownLatch ended = new CountDownLatch(1);
        Map<String, OpenNic> opened = OpenNic.all(options);
        // From here on as the user that owns the spool: root in a hardened unit may not even write there.
        if (options.user() != null) {
            Privileges.become(options.user());
        }
        try (LedgerFile copy = new LedgerFile(ledger, LedgerFile.DEFAULT_OCTETS, LedgerFile.DEFAULT_FILES);
                SpooledDelivery delivery = SpooledDelivery.start(kafka, spool);
                CaptureService service = CaptureService.start(options, opened, delivery, copy::append);
                StatusServer status =
                        statusAddress == null ? null : StatusServer.start(statusAddress, service::status)) {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(service, ended), "stop"));
            err.println("capturing " + options.interfaces() + " as "
                    + options.lane().sensor() + "; spool " + spool.folder()
                    + (status == null ? "" : "; health at http:/" + status.address() + "/health"));
            err.flush();
            service.run();
            service.close();
            for (LaneStatus lane : service.finalStatus()) {
                err.println(lane.interfaceName() + ": interface "
                        + lane.totals().interfaceFrames() + " frames, dropped by the kernel "
                        + lane.totals().kernelDropped() + ", filtered "
                        + lane.totals().filteredByCause() + ", outcomes "
                        + lane.totals().framesByOutcome() + ", published "
                        + lane.totals().published() + ", shed "
                        + lane.totals().shedByCause());
            }
            err.flush();
            return service.hasFailed() ? 1 : 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 1;
        } finally {
            ended.countDown();
        }
    }

    /** The JVM ends when its hooks do: this one waits until what was captured is safe. */
    private static void stop(CaptureService service, CountDownLatch ended) {
        service.stop();
        try {
            boolean isEnded = ended.await(END_SECONDS, TimeUnit.SECONDS);
            if (!isEnded) {
                service.stop();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
