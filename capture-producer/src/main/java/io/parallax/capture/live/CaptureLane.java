package io.parallax.capture.live;

import io.parallax.capture.account.Books;
import io.parallax.capture.account.Filtered;
import io.parallax.capture.account.InterfaceReadings;
import io.parallax.capture.account.Ledger;
import io.parallax.capture.nic.Interfaces;
import io.parallax.capture.nic.KernelCounters;
import io.parallax.capture.nic.Nic;
import io.parallax.capture.nic.NicException;
import io.parallax.capture.nic.NicGoneException;
import io.parallax.capture.publish.PublishException;
import io.parallax.capture.publish.StreamPublisher;
import io.parallax.capture.select.KernelFilter;
import io.parallax.capture.select.OwnTraffic;
import io.parallax.capture.source.Frame;
import io.parallax.capture.spool.HandOff;
import io.parallax.capture.watch.LaneState;
import io.parallax.capture.watch.LaneStatus;
import io.parallax.capture.watch.LedgerLine;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One interface, captured by one thread: read, decode, batch, hand over, account.
 *
 * <p>The thread waits for nothing but frames. An interface that goes is an event in the log, the ledger and the health
 * page; its lane tries every second to open it again, and its stream and sequence go on.
 */
final class CaptureLane implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(CaptureLane.class);

    /** Frames between looks at the clock: 4,096 at a million a second are 4 ms. */
    private static final int MAX_FRAMES = 4_096;

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    /** One thread captures an interface, so it has one lane. */
    static final int SINGLE_LANE = 0;

    private final String name;
    private final LaneOptions options;
    private final Books books;
    private final LaneSink sink;
    private final StreamPublisher publisher;
    private final InterfaceReadings readings = new InterfaceReadings();
    private final LaneClock clock = new LaneClock();
    private final LaneCounts counts;
    private final boolean mayReopen;

    private volatile boolean isStopping;
    private volatile OwnTraffic wantedOwnTraffic = OwnTraffic.UNKNOWN;
    private volatile LaneStatus status;

    private OwnTraffic installedOwnTraffic = OwnTraffic.UNKNOWN;
    private volatile @Nullable Nic nic;
    private LaneState state = LaneState.REFUSED;
    private String detail;
    private long framesRead;
    private long lastPublishNanos;
    private long lastPollNanos;
    private long lastOpenNanos;

    CaptureLane(String name, LaneOptions options, HandOff handOff, Consumer<LedgerLine> ledgerCopy, boolean mayReopen)
            throws IOException {
        this.name = name;
        this.options = options;
        this.mayReopen = mayReopen;
        this.detail = mayReopen ? "not opened yet" : "it came after privileges were given up; restart to capture it";
        this.books = Books.open(options.booksFolder().resolve(name + ".books"));
        this.sink = new LaneSink(
                handOff, options.sensor(), name, options.stream().sampling().probability(), books, ledgerCopy);
        this.publisher = new StreamPublisher(options.sensor(), name, SINGLE_LANE, options.stream(), sink);
        this.counts = new LaneCounts(name, options.stream().sampling(), publisher.total(), sink);
        this.status = counts.status(state, detail);
    }

    /**
     * Begins the stream: says what was lost since the last process, and announces it.
     *
     * @param opened the interface where it is open already; null where that is still to come
     */
    void begin(@Nullable OpenNic opened) throws PublishException {
        long now = WallClock.nanos();
        long frames = opened == null ? OpenNic.framesOf(name) : opened.framesBefore();
        Settling.settle(books, options, name, frames, now / SECOND, sink);
        if (opened != null) {
            use(opened);
        }
        clock.begin(opened == null ? now : opened.openedNanos());
        publisher.publishBatch(clock.lowWatermarkNanos());
        lastPublishNanos = System.nanoTime();
        lastPollNanos = lastPublishNanos;
        status = counts.status(state, detail);
    }

    @Override
    public void run() {
        try {
            while (!isStopping) {
                if (nic == null) {
                    waitForInterface();
                } else {
                    readFrames();
                }
                tick();
            }
            end();
        } catch (PublishException e) {
            throw new IllegalStateException("a lane's sink does not throw", e);
        } finally {
            close();
        }
    }

    private void waitForInterface() {
        LockSupport.parkNanos(this, options.linger().toNanos());
        if (mayReopen && !isStopping && System.nanoTime() - lastOpenNanos >= SECOND && isPresent()) {
            tryOpen();
        }
    }

    private boolean isPresent() {
        return Interfaces.index(name).isPresent() && Interfaces.isUp(name);
    }

    private void tryOpen() {
        lastOpenNanos = System.nanoTime();
        try {
            installedOwnTraffic = wantedOwnTraffic;
            OpenNic opened = OpenNic.open(name, options, installedOwnTraffic);
            publisher.ownTraffic(installedOwnTraffic);
            books.rebase(
                    Settling.identity(name),
                    opened.framesBefore(),
                    publisher.total().interfaceFrames());
            use(opened);
        } catch (NicException e) {
            become(LaneState.REFUSED, String.valueOf(e.getMessage()));
        }
    }

    private void use(OpenNic opened) {
        readings.start(opened.framesBefore() + opened.missed());
        publisher.ledger().missed(WallClock.nanos(), opened.missed());
        framesRead = 0;
        nic = opened.nic();
        become(LaneState.OPEN, "");
        LOG.info("interface {}: captured", name);
    }

    private void become(LaneState next, String why) {
        if (state != next && next != LaneState.OPEN && !isStopping) {
            LOG.warn("interface {}: {}", name, why);
        }
        state = next;
        detail = why;
    }

    private void readFrames() {
        Nic open = nic;
        if (open == null) {
            return;
        }
        clock.beforeRead(WallClock.nanos());
        try {
            int read = open.read(MAX_FRAMES, this::take);
            clock.afterRead(read == MAX_FRAMES);
            if (!wantedOwnTraffic.equals(installedOwnTraffic)) {
                installFilter(open);
            }
        } catch (NicGoneException e) {
            leave(open, e);
        }
    }

    private void take(Frame frame) {
        framesRead++;
        frame.timeNanos = clock.take(frame.timeNanos);
        if (publisher.accept(frame)) {
            publish();
        }
    }

    private void installFilter(Nic open) {
        installedOwnTraffic = wantedOwnTraffic;
        publisher.ownTraffic(installedOwnTraffic);
        try {
            open.filter(KernelFilter.of(options.filter(), installedOwnTraffic));
            LOG.debug("interface {}: our own traffic is that of {}", name, installedOwnTraffic);
        } catch (NicException e) {
            // Decoding knows it all the same; the watchdog tells what that costs.
            LOG.warn("interface {}: our own traffic can't be filtered in the kernel: {}", name, e.getMessage());
        }
    }

    private void leave(Nic gone, NicGoneException why) {
        giveUp(gone);
        gone.close();
        nic = null;
        publisher.ledger().note(String.valueOf(why.getMessage()));
        become(LaneState.GONE, String.valueOf(why.getMessage()));
    }

    /** What is due by the clock: the batch, the counters, the ledger. */
    private void tick() {
        long now = System.nanoTime();
        if (now - lastPollNanos >= SECOND) {
            lastPollNanos = now;
            poll();
        }
        if (now - lastPublishNanos >= options.linger().toNanos()) {
            publisher.expire(WallClock.nanos());
            publish();
        }
        publisher.backlog(sink.fill(), sink.isStuck());
    }

    private void publish() {
        if (!sink.retry()) {
            publisher.backlog(sink.fill(), true);
            return;
        }
        lastPublishNanos = System.nanoTime();
        try {
            publisher.publishBatch(clock.lowWatermarkNanos());
        } catch (PublishException e) {
            throw new IllegalStateException("a lane's sink does not throw", e);
        }
    }

    private void poll() {
        Nic open = nic;
        if (open != null) {
            try {
                long frames = OpenNic.framesOf(name);
                book(frames, open.counters());
            } catch (NicGoneException e) {
                leave(open, e);
            }
        } else {
            clock.begin(WallClock.nanos());
        }
        long setBack = clock.takeSetBack();
        if (setBack > 0) {
            publisher.ledger().note(setBack + " frames bore a time more than 5 s ahead of the clock and were set back");
        }
        status = counts.status(state, detail);
    }

    /**
     * Books what has passed since the last time; returns how many frames wait in the kernel.
     *
     * @param frames the interface's own count, read before {@code kernel}
     */
    private long book(long frames, KernelCounters kernel) {
        long now = WallClock.nanos();
        InterfaceReadings.Difference difference =
                readings.read(frames, kernel.received(), kernel.dropped(), framesRead);
        Ledger ledger = publisher.ledger();
        ledger.interfaceSaid(now, difference.interfaceFrames(), difference.kernelDropped(), difference.waiting());
        ledger.filtered(now, Filtered.KERNEL_FILTER, difference.neverOffered());
        counts.kernelSaid(kernel, clock.lastFrameNanos());
        return difference.waiting();
    }

    /** What still waits in the kernel goes with the handle. */
    private void giveUp(Nic closing) {
        long frames = OpenNic.framesOf(name);
        publisher.ledger().lost(WallClock.nanos(), book(frames, closing.lastCounters()));
    }

    private void end() throws PublishException {
        Nic open = nic;
        if (open != null) {
            readWhatWaits(open);
            giveUp(open);
        }
        publisher.backlog(sink.fill(), sink.isStuck());
        publisher.end(0);
        long deadline = System.nanoTime() + 5 * SECOND;
        while (!sink.retry() && System.nanoTime() < deadline) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
        become(LaneState.GONE, "stopped");
        status = counts.status(state, detail);
    }

    /** What the kernel holds when we are asked to stop was captured, and so it is published. */
    private void readWhatWaits(Nic open) {
        long deadline = System.nanoTime() + SECOND;
        try {
            while (open.read(MAX_FRAMES, this::take) > 0 && System.nanoTime() < deadline) {
                LOG.debug("interface {}: more waits", name);
            }
        } catch (NicGoneException e) {
            LOG.warn("interface {}: {}", name, e.getMessage());
        }
    }

    /** Our own traffic from the next read on; from any thread. */
    void ownTraffic(OwnTraffic known) {
        wantedOwnTraffic = known;
    }

    LaneStatus status() {
        return status;
    }

    String name() {
        return name;
    }

    /** Ends the thread soon, with what was captured handed over; from any thread. */
    void stop() {
        isStopping = true;
        Nic open = nic;
        if (open != null) {
            open.interrupt();
        }
    }

    private void close() {
        Nic open = nic;
        if (open != null) {
            open.close();
            nic = null;
        }
    }
}
