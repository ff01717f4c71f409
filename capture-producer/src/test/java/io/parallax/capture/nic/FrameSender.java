package io.parallax.capture.nic;

import com.sun.jna.LastErrorException;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.LockSupport;

/**
 * Puts frames on an interface, many in one call of the kernel (sendmmsg(2) on an AF_PACKET socket), and counts those that the
 * kernel took.
 *
 * <p>libpcap's inject takes one frame a call and is too slow to make a capture lose any.
 */
public final class FrameSender implements AutoCloseable {

    private static final int AF_PACKET = 17;
    private static final int SOCK_RAW_CLOEXEC = 0x80003;
    private static final int CLONE_NEWNET = 0x40000000;
    private static final int ENOBUFS = 105;
    private static final int SOCKADDR_LL_OCTETS = 20;
    private static final int SOCKADDR_LL_IFINDEX = 4;
    private static final int MMSGHDR_OCTETS = 64;
    private static final int MSGHDR_IOV = 16;
    private static final int MSGHDR_IOVLEN = 24;
    private static final int IOVEC_OCTETS = 16;
    private static final int BATCH = 64;

    static {
        Native.register(FrameSender.class, "c");
    }

    private final int socket;
    private boolean closed;

    private FrameSender(int socket) {
        this.socket = socket;
    }

    private static native int bind(int socket, Pointer address, int octets) throws LastErrorException;

    private static native int sendmmsg(int socket, Pointer messages, int count, int flags) throws LastErrorException;

    private static native int setns(int namespace, int type) throws LastErrorException;

    private static native int open(String path, int flags) throws LastErrorException;

    /** @param namespace of the interface, as ip-netns(8) knows it; empty: here */
    public static FrameSender open(String interfaceName, String namespace) throws IOException {
        try {
            return namespace.isEmpty() ? here(interfaceName) : there(interfaceName, namespace);
        } catch (LastErrorException | CompletionException e) {
            throw new IOException("can't send into " + interfaceName + ": " + e.getMessage(), e);
        }
    }

    private static FrameSender here(String interfaceName) {
        // Protocol 0: receives nothing.
        int socket = LibC.socket(AF_PACKET, SOCK_RAW_CLOEXEC, 0);
        try (Memory address = new Memory(SOCKADDR_LL_OCTETS)) {
            address.clear();
            address.setShort(0, (short) AF_PACKET);
            address.setInt(SOCKADDR_LL_IFINDEX, LibC.if_nametoindex(interfaceName));
            bind(socket, address, SOCKADDR_LL_OCTETS);
        }
        return new FrameSender(socket);
    }

    /** A socket stays in the namespace of the thread that made it, so a thread goes there, makes it and ends. */
    private static FrameSender there(String interfaceName, String namespace) {
        CompletableFuture<FrameSender> sender = new CompletableFuture<>();
        Thread visitor = new Thread(() -> {
            try {
                int descriptor = open("/run/netns/" + namespace, 0);
                setns(descriptor, CLONE_NEWNET);
                LibC.close(descriptor);
                sender.complete(here(interfaceName));
            } catch (RuntimeException | Error e) {
                sender.completeExceptionally(e);
            }
        });
        visitor.start();
        return sender.join();
    }

    /** Sends the frame once; true if the kernel took it. */
    public boolean send(byte[] frame) {
        return send(List.of(frame), 1, 0) == 1;
    }

    /**
     * Sends {@code count} frames, the given ones in turn, and returns how many the kernel took.
     *
     * @param perSecond the rate; 0 for as fast as it goes
     */
    public long send(List<byte[]> frames, long count, long perSecond) {
        int batch = perSecond == 0 ? BATCH : (int) Math.max(1, Math.min(BATCH, perSecond / 1_000));
        // Whole rounds of the frames, so that every batch goes on where the one before ended.
        int messages = Math.max(1, (batch + frames.size() - 1) / frames.size()) * frames.size();
        long size = frames.stream().mapToLong(frame -> frame.length).sum();
        try (Memory octets = new Memory(size);
                Memory vectors = new Memory((long) IOVEC_OCTETS * frames.size());
                Memory headers = new Memory((long) MMSGHDR_OCTETS * messages)) {
            lay(frames, octets, vectors);
            headers.clear();
            for (int i = 0; i < messages; i++) {
                headers.setPointer(
                        (long) i * MMSGHDR_OCTETS + MSGHDR_IOV,
                        vectors.share((long) IOVEC_OCTETS * (i % frames.size())));
                headers.setLong((long) i * MMSGHDR_OCTETS + MSGHDR_IOVLEN, 1);
            }
            return push(headers, messages, batch, count, perSecond);
        }
    }

    private static void lay(List<byte[]> frames, Memory octets, Memory vectors) {
        long at = 0;
        for (int i = 0; i < frames.size(); i++) {
            byte[] frame = frames.get(i);
            octets.write(at, frame, 0, frame.length);
            vectors.setPointer((long) IOVEC_OCTETS * i, octets.share(at));
            vectors.setNativeLong((long) IOVEC_OCTETS * i + 8, new NativeLong(frame.length));
            at += frame.length;
        }
    }

    private long push(Memory headers, int messages, int batch, long count, long perSecond) {
        long start = System.nanoTime();
        long taken = 0;
        int next = 0;
        for (long left = count; left > 0; ) {
            if (perSecond > 0) {
                LockSupport.parkNanos(start + (count - left) * 1_000_000_000L / perSecond - System.nanoTime());
            }
            int ask = (int) Math.min(left, Math.min(batch, messages - next));
            int sent = attempt(headers.share((long) next * MMSGHDR_OCTETS), ask);
            taken += sent;
            // One refused is passed over: it is not counted, and the next has a new chance.
            int past = Math.max(1, sent);
            next = (next + past) % messages;
            left -= past;
        }
        return taken;
    }

    private int attempt(Pointer messages, int count) {
        try {
            return sendmmsg(socket, messages, count, 0);
        } catch (LastErrorException e) {
            if (e.getErrorCode() == ENOBUFS) {
                return 0;
            }
            throw e;
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            LibC.close(socket);
        }
    }
}
