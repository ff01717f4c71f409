package io.parallax.capture.nic;

import com.sun.jna.LastErrorException;
import com.sun.jna.Memory;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What this process may do, and giving it up.
 *
 * <p>CAP_NET_RAW is needed to open an interface, not to read it. Two ways to start, which differ in what can be given up later:
 *
 * <ul>
 *   <li>As root, then {@link #become}: the C library changes the user of all threads at once, and a thread that stops being
 *       root loses every capability. This is the one that holds, and that is proven by a test.
 *   <li>As another user with the capability (setcap, or ambient from systemd): {@link #dropCapabilities} drops it in the
 *       calling thread and those it starts later. capset(2) knows no other threads, and the JVM has a dozen before main.
 * </ul>
 */
public final class Privileges {

    private static final Path SELF = Path.of("/proc/thread-self/status");
    private static final Path TASKS = Path.of("/proc/self/task");
    private static final int CAP_NET_RAW = 13;
    private static final int PR_SET_NO_NEW_PRIVS = 38;
    private static final int PR_CAP_AMBIENT = 47;
    private static final int PR_CAP_AMBIENT_CLEAR_ALL = 4;
    private static final int CAPABILITY_VERSION_3 = 0x20080522;
    private static final NativeLong ZERO = new NativeLong(0);
    private static final NativeLong ONE = new NativeLong(1);
    /** Offsets in {@code struct passwd} behind the pointers to name and password. */
    private static final int PASSWD_UID = 16;

    private static final int PASSWD_GID = 20;

    private Privileges() {}

    /** True if this thread has CAP_NET_RAW, which opening an interface takes. */
    public static boolean mayCapture() {
        try {
            return (effective(SELF) >> CAP_NET_RAW & 1) != 0;
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Stops being root, for good and in all threads: no groups but the user's own, no capabilities. Open what needs them first.
     *
     * <p>Threads started from now on by this one can't gain privileges by executing a set-user-id program either
     * (no_new_privs; a systemd unit sets it for all with {@code NoNewPrivileges=yes}).
     *
     * @throws IOException if there is no such user, it is root, we are not root, or a thread still has a capability afterwards
     */
    public static void become(String user) throws IOException {
        Pointer entry = LibC.getpwnam(user);
        if (entry == null) {
            throw new IOException("can't become user " + user + ": there is none; useradd --system " + user);
        }
        int uid = entry.getInt(PASSWD_UID);
        int gid = entry.getInt(PASSWD_GID);
        if (uid == 0) {
            throw new IOException("can't become user " + user + ": it is root, which gives nothing up");
        }
        if (LibC.geteuid() != 0) {
            throw new IOException("can't become user " + user + ": only root can, and we are user " + LibC.geteuid());
        }
        try (Memory none = new Memory(Integer.BYTES)) {
            LibC.setgroups(ZERO, none);
            LibC.setresgid(gid, gid, gid);
            LibC.setresuid(uid, uid, uid);
            LibC.prctl(PR_SET_NO_NEW_PRIVS, ONE, ZERO, ZERO, ZERO);
        } catch (LastErrorException e) {
            throw new IOException("can't become user " + user + ": " + e.getMessage(), e);
        }
        List<String> privileged = privilegedThreads();
        if (!privileged.isEmpty()) {
            throw new IOException("became user " + user + " and these threads still have capabilities: " + privileged);
        }
    }

    /**
     * Drops every capability of the calling thread and of those it starts later, and lets them gain none.
     *
     * @return the other threads that still have some; what they hold can't be taken from them (see above)
     */
    public static List<String> dropCapabilities() throws IOException {
        try (Memory header = new Memory(8);
                Memory sets = new Memory(24)) {
            LibC.prctl(PR_SET_NO_NEW_PRIVS, ONE, ZERO, ZERO, ZERO);
            LibC.prctl(PR_CAP_AMBIENT, new NativeLong(PR_CAP_AMBIENT_CLEAR_ALL), ZERO, ZERO, ZERO);
            header.setInt(0, CAPABILITY_VERSION_3);
            header.setInt(4, 0);
            sets.clear();
            LibC.capset(header, sets);
        } catch (LastErrorException e) {
            throw new IOException("can't drop capabilities: " + e.getMessage(), e);
        }
        return privilegedThreads();
    }

    /** Names of this process's threads, as the kernel has them, that hold any effective capability. */
    public static List<String> privilegedThreads() throws IOException {
        List<Path> threads;
        try (Stream<Path> tasks = Files.list(TASKS)) {
            threads = tasks.toList();
        }
        List<String> privileged = new ArrayList<>();
        for (Path thread : threads) {
            try {
                if (effective(thread.resolve("status")) != 0) {
                    privileged.add(Files.readString(thread.resolve("comm")).strip());
                }
            } catch (NoSuchFileException e) {
                // It ended meanwhile.
            }
        }
        return privileged;
    }

    private static long effective(Path status) throws IOException {
        for (String line : Files.readAllLines(status)) {
            if (line.startsWith("CapEff:")) {
                return Long.parseUnsignedLong(line.substring("CapEff:".length()).strip(), 16);
            }
        }
        throw new IOException(status + " has no line CapEff");
    }
}
