package io.parallax.capture.nic;

import io.parallax.capture.source.Frame;
import java.nio.ByteBuffer;
import java.sql.Timestamp;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.pcap4j.core.NotOpenException;
import org.pcap4j.core.PcapHandle;
import org.pcap4j.core.PcapNativeException;
import org.pcap4j.core.PcapStat;
import org.pcap4j.core.RawPacketListener;

/**
 * A live interface.
 *
 * <p>One thread reads, filters and asks for counters; any thread may {@link #interrupt}. Close it when that thread has ended.
 *
 * <p>libpcap puts VLAN tags back where the kernel took them out of the frame, so a frame is as it was on the wire.
 */
public final class Nic implements AutoCloseable {

    private static final int VLAN_TAG_OCTETS = 4;
    private static final long NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

    private final String name;
    private final int index;
    private final int readTimeoutMillis;
    private final PcapHandle handle;
    private final Doorbell doorbell;
    private final RawPacketListener listener = this::deliver;
    private final Frame frame = new Frame();
    private final WrappingCounter received = new WrappingCounter();
    private final WrappingCounter dropped = new WrappingCounter();
    private final WrappingCounter droppedByInterface = new WrappingCounter();
    private ByteBuffer octets;
    private FrameTaker taker = untaken -> {};
    private int delivered;
    private @Nullable Throwable failure;
    private long lastLookNanos = System.nanoTime();
    private boolean closed;

    private Nic(String name, int index, NicOptions options, PcapHandle handle, Doorbell doorbell) {
        this.name = name;
        this.index = index;
        this.readTimeoutMillis = Math.toIntExact(options.readTimeout().toMillis());
        this.handle = handle;
        this.doorbell = doorbell;
        this.octets = ByteBuffer.allocate(options.snapLength() + VLAN_TAG_OCTETS);
        frame.octets = octets;
        frame.linkType = handle.getDlt().value();
    }

    /**
     * Opens an interface that is up.
     *
     * @param filter a libpcap expression; empty for everything
     */
    public static Nic open(String name, NicOptions options, String filter) throws NicException {
        if (!filter.isBlank()) {
            checkFilter(filter);
        }
        int index = Interfaces.index(name).orElseThrow(() -> Libpcap.noSuchInterface(name));
        Nic nic = over(Libpcap.open(name, options), name, index, options);
        try {
            if (!filter.isBlank()) {
                nic.filter(filter);
            }
            return nic;
        } catch (NicException | RuntimeException e) {
            nic.close();
            throw e;
        }
    }

    private static Nic over(PcapHandle handle, String name, int index, NicOptions options) throws NicException {
        try {
            return new Nic(name, index, options, handle, new Doorbell(Libpcap.selectableDescriptor(handle)));
        } catch (NicException | RuntimeException e) {
            handle.close();
            throw e;
        }
    }

    /**
     * Compiles the expression for Ethernet, opens nothing.
     *
     * @throws NicException saying what is wrong and as far as where it is understood
     */
    public static void checkFilter(String expression) throws NicException {
        Libpcap.check(expression);
    }

    public String name() {
        return name;
    }

    /** LINKTYPE_ number (tcpdump.org/linktypes.html). */
    public int linkType() {
        return frame.linkType;
    }

    /**
     * Hands the next frames to {@code taker}, at most {@code maxFrames}; waits for the first at most the read timeout.
     *
     * <p>An interface that went is noticed at once where it was removed, within a second where it is down or was replaced, and
     * after the frames that came before.
     *
     * <p>What the taker throws comes out of here, and the frames behind the one it threw at stay for the next call.
     *
     * @return how many; 0 if none came in time, or somebody called {@link #interrupt}
     */
    public int read(int maxFrames, FrameTaker taker) throws NicGoneException {
        if (maxFrames < 1) {
            throw new IllegalArgumentException(
                    "at most " + maxFrames + " frames were asked for; allowed are 1 and more");
        }
        this.taker = taker;
        int frames = dispatch(maxFrames);
        if (frames > 0) {
            return frames;
        }
        if (doorbell.await(readTimeoutMillis)) {
            frames = dispatch(maxFrames);
        }
        if (frames == 0) {
            lookNowAndThen();
        }
        return frames;
    }

    private int dispatch(int maxFrames) throws NicGoneException {
        delivered = 0;
        failure = null;
        try {
            handle.dispatch(maxFrames, listener);
        } catch (PcapNativeException e) {
            look();
            throw new NicGoneException("interface " + name + " can't be read any more: " + e.getMessage(), e);
        } catch (NotOpenException e) {
            throw new IllegalStateException("interface " + name + " is closed", e);
        } catch (InterruptedException e) {
            // pcap4j's name for the end of a dispatch that breakLoop asked for; no thread was interrupted.
        }
        rethrow();
        return delivered;
    }

    private void rethrow() {
        if (failure instanceof RuntimeException unchecked) {
            throw unchecked;
        }
        if (failure instanceof Error error) {
            throw error;
        }
    }

    /** pcap4j logs and forgets what is thrown in here, so it must not get out. */
    private void deliver(byte[] captured) {
        try {
            show(captured);
            delivered++;
            taker.take(frame);
        } catch (Throwable e) {
            failure = e;
            stop();
        }
    }

    private void stop() {
        try {
            handle.breakLoop();
        } catch (NotOpenException e) {
            throw new IllegalStateException("interface " + name + " was closed while it was read", e);
        }
    }

    private void show(byte[] captured) {
        if (captured.length > octets.capacity()) {
            octets = ByteBuffer.allocate(captured.length);
            frame.octets = octets;
        }
        System.arraycopy(captured, 0, octets.array(), 0, captured.length);
        frame.capturedOctets = captured.length;
        frame.originalOctets = handle.getOriginalLength();
        Timestamp time = handle.getTimestamp();
        frame.timeNanos = Math.floorDiv(time.getTime(), 1_000L) * NANOS_PER_SECOND + time.getNanos();
    }

    /**
     * Replaces the kernel's filter. No frame is lost over it; those that wait in the kernel's buffer are read though the new
     * one may refuse them.
     */
    public void filter(String expression) throws NicException {
        Libpcap.attach(handle, expression);
    }

    /**
     * What the kernel counted since this was opened. Call it every few seconds at least: libpcap's counters have 32 bits.
     *
     * @throws NicGoneException if the interface is no longer the one that was opened; looked at once a second at most
     */
    public KernelCounters counters() throws NicGoneException {
        KernelCounters counters = count();
        lookNowAndThen();
        return counters;
    }

    /** What the kernel counted, even of an interface that is gone: what was captured before still wants to be accounted for. */
    public KernelCounters lastCounters() {
        try {
            return count();
        } catch (NicGoneException e) {
            throw new IllegalStateException(e);
        }
    }

    private KernelCounters count() throws NicGoneException {
        try {
            PcapStat stat = handle.getStats();
            return new KernelCounters(
                    received.extend(stat.getNumPacketsReceived()),
                    dropped.extend(stat.getNumPacketsDropped()),
                    droppedByInterface.extend(stat.getNumPacketsDroppedByIf()));
        } catch (PcapNativeException e) {
            throw new NicGoneException("interface " + name + " no longer counts: " + e.getMessage(), e);
        } catch (NotOpenException e) {
            throw new IllegalStateException("interface " + name + " is closed", e);
        }
    }

    /**
     * libpcap tells of a removed interface, but not of one that is down (it may come up again), nor of one that was replaced
     * before it looked.
     */
    private void lookNowAndThen() throws NicGoneException {
        long nanos = System.nanoTime();
        if (nanos - lastLookNanos >= NANOS_PER_SECOND) {
            lastLookNanos = nanos;
            look();
        }
    }

    private void look() throws NicGoneException {
        int now = Interfaces.index(name).orElse(0);
        if (now == 0) {
            throw new NicGoneException("interface " + name + " vanished: it was removed or renamed");
        }
        if (now != index) {
            throw new NicGoneException("interface " + name + " was replaced: another of that name has index " + now
                    + ", the one that was opened had " + index);
        }
        if (!Interfaces.isUp(name)) {
            throw new NicGoneException("interface " + name + " went down; ip link set " + name + " up");
        }
    }

    /** Makes the read that is under way, or the next one, return without waiting. From any thread, also after the close. */
    public void interrupt() {
        doorbell.ring();
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            handle.close();
            doorbell.close();
        }
    }
}
