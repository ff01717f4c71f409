package io.parallax.capture.nic;

import com.sun.jna.LastErrorException;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;
import java.nio.charset.StandardCharsets;

/** What we ask of the C library and Java does not offer; Linux, 64-bit. The names are the C library's. */
final class LibC {

    static final short POLLIN = 0x1;
    static final int EINTR = 4;
    static final int EFD_NONBLOCK_CLOEXEC = 0x80800;

    private static final int AF_INET = 2;
    private static final int SOCK_DGRAM_CLOEXEC = 0x80002;
    private static final int SIOCGIFFLAGS = 0x8913;
    private static final int IFREQ_OCTETS = 40;
    private static final int IFREQ_FLAGS = 16;
    /** IFNAMSIZ without the terminating 0. */
    private static final int MAX_NAME_OCTETS = 15;

    static {
        Native.register(LibC.class, "c");
    }

    private LibC() {}

    static native int poll(Pointer fds, NativeLong count, int timeoutMillis) throws LastErrorException;

    static native int eventfd(int initial, int flags) throws LastErrorException;

    static native NativeLong read(int fd, Pointer buffer, NativeLong octets) throws LastErrorException;

    static native NativeLong write(int fd, Pointer buffer, NativeLong octets) throws LastErrorException;

    static native int close(int fd) throws LastErrorException;

    static native int socket(int domain, int type, int protocol) throws LastErrorException;

    static native int setsockopt(int fd, int level, int name, Pointer value, int octets) throws LastErrorException;

    static native int ioctl(int fd, NativeLong request, Pointer argument) throws LastErrorException;

    /** 0: no such interface. */
    static native int if_nametoindex(String name);

    static native int geteuid();

    static native int setgroups(NativeLong size, Pointer list) throws LastErrorException;

    static native int setresgid(int real, int effective, int saved) throws LastErrorException;

    static native int setresuid(int real, int effective, int saved) throws LastErrorException;

    static native int prctl(int option, NativeLong a, NativeLong b, NativeLong c, NativeLong d)
            throws LastErrorException;

    static native int capset(Pointer header, Pointer sets) throws LastErrorException;

    /** {@code struct passwd}, null where there is no such user. Not thread-safe. */
    static native Pointer getpwnam(String user);

    /** The interface's IFF_ flags in this network namespace; 0 if there is none of that name. */
    static int flags(String name) {
        byte[] octets = name.getBytes(StandardCharsets.UTF_8);
        if (octets.length > MAX_NAME_OCTETS) {
            return 0;
        }
        int socket = socket(AF_INET, SOCK_DGRAM_CLOEXEC, 0);
        try (Memory request = new Memory(IFREQ_OCTETS)) {
            request.clear();
            request.write(0, octets, 0, octets.length);
            ioctl(socket, new NativeLong(SIOCGIFFLAGS), request);
            return request.getShort(IFREQ_FLAGS) & 0xffff;
        } catch (LastErrorException e) {
            return 0;
        } finally {
            close(socket);
        }
    }
}
