package io.parallax.capture.live;

import io.parallax.capture.nic.Interfaces;
import io.parallax.capture.publish.DeliveryStatus;
import io.parallax.capture.publish.SpooledDelivery;
import io.parallax.capture.select.OwnTraffic;
import io.parallax.capture.watch.CaptureStatus;
import io.parallax.capture.watch.DeliveryView;
import io.parallax.capture.watch.HealthRules;
import io.parallax.capture.watch.HealthWatch;
import io.parallax.capture.watch.LaneStatus;
import io.parallax.capture.watch.LedgerLine;
import io.parallax.capture.watch.Problem;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The producer on a capture VM: a lane for each interface, for as long as it is let run.
 *
 * <p>Its own thread does what is not urgent, once a second: it looks for interfaces that came, tells the lanes what is our
 * own traffic, and judges the health.
 */
public final class CaptureService implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(CaptureService.class);
    private static final Duration LOOK = Duration.ofSeconds(1);

    /** Shares and differences mean more over some seconds. */
    private static final int LOOKS_PER_JUDGEMENT = 5;

    private static final Duration JOIN = Duration.ofSeconds(10);

    private final CaptureOptions options;
    private final SpooledDelivery delivery;
    private final Consumer<LedgerLine> ledgerCopy;
    private final Instant started = Instant.now();
    private final HealthWatch health = new HealthWatch(HealthRules.DEFAULT);
    private final Map<String, CaptureLane> lanes = new LinkedHashMap<>();
    private final List<Thread> threads = new ArrayList<>();
    private final CountDownLatch stopping = new CountDownLatch(1);
    private OwnTraffic ownTraffic = OwnTraffic.UNKNOWN;
    private volatile CaptureStatus status;
    private volatile boolean hasFailed;
    private boolean isClosed;
    private int looks;

    private CaptureService(CaptureOptions options, SpooledDelivery delivery, Consumer<LedgerLine> ledgerCopy) {
        this.options = options;
        this.delivery = delivery;
        this.ledgerCopy = ledgerCopy;
        this.status = look(List.of());
    }

    /**
     * Starts a lane for each interface.
     *
     * @param opened the interfaces that are open already
     * @param ledgerCopy hears of every ledger row, on the lanes' threads
     */
    public static CaptureService start(
            CaptureOptions options,
            Map<String, OpenNic> opened,
            SpooledDelivery delivery,
            Consumer<LedgerLine> ledgerCopy)
            throws IOException {
        CaptureService service = new CaptureService(options, delivery, ledgerCopy);
        service.refreshOwnTraffic();
        for (Map.Entry<String, OpenNic> each : opened.entrySet()) {
            service.add(each.getKey(), each.getValue());
        }
        if (opened.isEmpty()) {
            LOG.warn("no interface matches {}; waiting for one", options.interfaces());
        }
        service.status = service.look(List.of());
        return service;
    }

    private void add(String name, @Nullable OpenNic opened) throws IOException {
        CaptureLane lane =
                new CaptureLane(name, options.lane(), delivery.handOff(), ledgerCopy, options.user() == null);
        lane.ownTraffic(ownTraffic);
        lane.begin(opened);
        lanes.put(name, lane);
        run(lane);
    }

    private void addLanes() throws IOException {
        for (String name : Interfaces.matching(options.interfaces())) {
            if (!lanes.containsKey(name)) {
                LOG.info("interface {}: appeared", name);
                add(name, null);
            }
        }
    }

    private void run(CaptureLane lane) {
        Thread thread = new Thread(lane, "capture-" + lane.name());
        thread.setUncaughtExceptionHandler((dead, why) -> {
            LOG.error("capture of {} failed, everything stops", lane.name(), why);
            hasFailed = true;
            stop();
        });
        threads.add(thread);
        thread.start();
    }

    /** Runs until {@link #stop}, on the calling thread. */
    public void run() throws InterruptedException {
        while (!stopping.await(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
            try {
                refreshOwnTraffic();
                addLanes();
            } catch (IOException e) {
                LOG.warn("the interfaces can't be looked at: {}", e.getMessage());
            }
            CaptureStatus now = look(status.problems());
            status = looks++ % LOOKS_PER_JUDGEMENT == LOOKS_PER_JUDGEMENT - 1 ? judged(now) : now;
        }
    }

    private CaptureStatus judged(CaptureStatus now) {
        List<Problem> problems = health.look(now, Instant.now());
        Set<String> known = new HashSet<>();
        status.problems().forEach(problem -> known.add(problem.name() + problem.subject()));
        for (Problem problem : problems) {
            if (!known.contains(problem.name() + problem.subject())) {
                LOG.warn("{} {}: {}; {}", problem.name(), problem.subject(), problem.what(), problem.remedy());
            }
        }
        return now.withProblems(problems);
    }

    private CaptureStatus look(List<Problem> problems) {
        DeliveryStatus now = delivery.status();
        DeliveryView view = new DeliveryView(
                now.waitingOctets(),
                now.capOctets(),
                now.recordsJournaled(),
                now.recordsAcknowledged(),
                now.oldestUnacknowledgedMillis(),
                now.connected(),
                now.lastError() == null ? "" : now.lastError(),
                now.recordsRefused());
        return new CaptureStatus(
                started,
                options.lane().sensor(),
                lanes.values().stream().map(CaptureLane::status).toList(),
                view,
                problems);
    }

    /** Brokers change, and so do our addresses. */
    private void refreshOwnTraffic() throws IOException {
        Set<InetAddress> own = new HashSet<>(Interfaces.localAddresses());
        own.addAll(options.ownAddresses());
        OwnTraffic known = new OwnTraffic(own, delivery.brokers());
        if (!known.equals(ownTraffic)) {
            LOG.info("left out as our own traffic: {}", known);
            ownTraffic = known;
            lanes.values().forEach(lane -> lane.ownTraffic(known));
        }
    }

    /** How things are, as of the last second; from any thread. */
    public CaptureStatus status() {
        return status;
    }

    /** How the lanes ended, after {@link #close}. */
    public List<LaneStatus> finalStatus() {
        return lanes.values().stream().map(CaptureLane::status).toList();
    }

    /** True if a lane ended without being asked to. */
    public boolean hasFailed() {
        return hasFailed;
    }

    /** Asks {@link #run} to return; from any thread. */
    public void stop() {
        stopping.countDown();
    }

    /** Ends the lanes, hands over what they have, and waits for Kafka as long as told; the spool keeps what is left. */
    @Override
    public void close() {
        if (isClosed) {
            return;
        }
        isClosed = true;
        stop();
        lanes.values().forEach(CaptureLane::stop);
        boolean isInterrupted = false;
        for (Thread thread : threads) {
            try {
                thread.join(JOIN.toMillis());
            } catch (InterruptedException e) {
                isInterrupted = true;
            }
        }
        if (!delivery.drain(options.drain())) {
            LOG.warn("stopped before Kafka acknowledged everything; the spool keeps the rest for the next start");
        }
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
