package io.parallax.capture.nic;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** One way to read an interface, running until it is finished. */
abstract class LiveReader implements AutoCloseable {

    /** The ways. */
    enum Kind {
        NIC("Nic"),
        NIC_IMMEDIATE("Nic, immediate"),
        TCPDUMP("tcpdump"),
        PCAP4J_PACKETS("pcap4j packets");

        private final String title;

        Kind(String title) {
            this.title = title;
        }

        String title() {
            return title;
        }
    }

    record Count(long read, long dropped, long cpuNanos) {}

    private static final long PATIENCE_NANOS = 3_000_000_000L;

    static LiveReader start(Kind kind, String name) throws IOException {
        return switch (kind) {
            case NIC -> new NicReader(name, NicOptions.DEFAULT);
            case NIC_IMMEDIATE -> new NicReader(name, NicOptions.DEFAULT.withImmediate(true));
            case TCPDUMP -> new TcpdumpReader(name, NicOptions.DEFAULT);
            case PCAP4J_PACKETS -> new Pcap4jReader(name, NicOptions.DEFAULT);
        };
    }

    /** Waits until every one of the frames that arrived is read or dropped, or for three seconds, and stops. */
    abstract Count finish(long arrived) throws IOException;

    @Override
    public abstract void close() throws IOException;

    static void pause() {
        LockSupport.parkNanos(5_000_000);
    }

    /** A reader in a thread of ours, whose CPU time is known. */
    abstract static class InThread extends LiveReader {

        private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

        final AtomicLong read = new AtomicLong();
        private volatile boolean stopped;
        private volatile long cpuNanos;
        private final Thread thread = new Thread(() -> {
            try {
                while (!stopped) {
                    step();
                }
            } catch (IOException e) {
                throw new IllegalStateException(e);
            } finally {
                cpuNanos = THREADS.getCurrentThreadCpuTime();
            }
        });

        /** Last in a constructor: what the thread reads must be there. */
        void begin() {
            thread.start();
        }

        abstract void step() throws IOException;

        abstract long dropped() throws IOException;

        abstract void wake();

        @Override
        Count finish(long arrived) throws IOException {
            long start = System.nanoTime();
            while (read.get() + dropped() < arrived && System.nanoTime() - start < PATIENCE_NANOS) {
                pause();
            }
            stop();
            return new Count(read.get(), dropped(), cpuNanos);
        }

        void stop() {
            stopped = true;
            while (thread.isAlive()) {
                wake();
                pause();
            }
        }
    }
}
