package io.parallax.capture.nic;

import com.sun.jna.LastErrorException;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.lang.reflect.Field;
import org.pcap4j.core.BpfProgram.BpfCompileMode;
import org.pcap4j.core.NotOpenException;
import org.pcap4j.core.PcapHandle;
import org.pcap4j.core.PcapHandle.BlockingMode;
import org.pcap4j.core.PcapHandle.TimestampPrecision;
import org.pcap4j.core.PcapNativeException;
import org.pcap4j.core.PcapNetworkInterface.PromiscuousMode;
import org.pcap4j.core.Pcaps;
import org.pcap4j.packet.namednumber.DataLinkType;

/** Opens handles and compiles filters; turns libpcap's answers into sentences that say what to do. */
final class Libpcap {

    /** PCAP_ERROR_NO_SUCH_DEVICE, _PERM_DENIED, _IFACE_NOT_UP and _PROMISC_PERM_DENIED of pcap.h. */
    private static final int NO_SUCH_DEVICE = -5;

    /** asm-generic/socket.h. */
    private static final int SOL_SOCKET = 1;

    private static final int SO_ATTACH_FILTER = 26;

    private static final int OPTIMIZE = 1;

    /** PCAP_NETMASK_UNKNOWN: only "ip broadcast" would ask for it. */
    private static final int NETMASK_UNKNOWN = 0xffffffff;

    /** {@code struct bpf_program} of libpcap and {@code struct sock_fprog} of Linux alike: a count, padding, a pointer. */
    private static final int PROGRAM_OCTETS = 16;

    private static final int PERMISSION_DENIED = -8;
    private static final int NOT_UP = -9;
    private static final int PROMISCUOUS_DENIED = -11;

    /** setcap alone leaves a JVM that does not start: the loader then ignores the path to libjli.so in the binary. */
    private static final String NO_CAPABILITY =
            "the process lacks CAP_NET_RAW; run as root or give the JVM the capability (AmbientCapabilities=CAP_NET_RAW in a"
                    + " systemd unit; or setcap cap_net_raw+ep JAVA_HOME/bin/java, with JAVA_HOME/lib listed in"
                    + " /etc/ld.so.conf.d and ldconfig run). Privileges dropped after the start don't come back: restart";

    private Libpcap() {}

    /** A handle that never waits. */
    static PcapHandle open(String name, NicOptions options) throws NicException {
        refuseEarly(name);
        try {
            PcapHandle handle = new PcapHandle.Builder(name)
                    .snaplen(options.snapLength())
                    .bufferSize(options.bufferOctets())
                    .promiscuousMode(
                            options.promiscuous() ? PromiscuousMode.PROMISCUOUS : PromiscuousMode.NONPROMISCUOUS)
                    .immediateMode(options.immediate())
                    .timeoutMillis(Math.toIntExact(options.readTimeout().toMillis()))
                    .timestampPrecision(TimestampPrecision.NANO)
                    .build();
            try {
                handle.setBlockingMode(BlockingMode.NONBLOCKING);
                return handle;
            } catch (PcapNativeException | NotOpenException e) {
                handle.close();
                throw new NicException("interface " + name + " can't be read without waiting: " + e.getMessage(), e);
            }
        } catch (PcapNativeException e) {
            throw new NicException("interface " + name + " can't be opened: " + reason(e, name), e);
        } catch (LinkageError e) {
            throw missing(e);
        }
    }

    /** pcap4j frees nothing of a handle that can't be activated, and whoever waits for an interface tries for a long time. */
    private static void refuseEarly(String name) throws NicException {
        if (!Privileges.mayCapture()) {
            throw refusal(name, NO_CAPABILITY);
        }
        if (!Interfaces.isUp(name)) {
            throw refusal(name, down(name));
        }
    }

    private static NicException refusal(String name, String reason) {
        return new NicException("interface " + name + " can't be opened: " + reason);
    }

    private static String down(String name) {
        return "it is down; ip link set " + name + " up";
    }

    private static String unknown() {
        return "there is none of that name; there are " + present();
    }

    private static String reason(PcapNativeException e, String name) {
        int code = e.getReturnCode() == null ? 0 : e.getReturnCode();
        return switch (code) {
            case PERMISSION_DENIED, PROMISCUOUS_DENIED -> NO_CAPABILITY;
            case NO_SUCH_DEVICE -> unknown();
            case NOT_UP -> down(name);
            default -> e.getMessage() + " (libpcap's code " + code + ")";
        };
    }

    static NicException noSuchInterface(String name) {
        return refusal(name, unknown());
    }

    private static String present() {
        try {
            return String.join(", ", Interfaces.counters().keySet());
        } catch (IOException e) {
            return "some that can't be listed (" + e.getMessage() + ")";
        }
    }

    static NicException missing(LinkageError e) {
        return new NicException(
                "live capture needs libpcap and it can't be loaded; apt-get install libpcap0.8 (Debian, Ubuntu), dnf install"
                        + " libpcap (Fedora, RHEL): " + e,
                e);
    }

    /** Compiles the expression for Ethernet. */
    static void check(String expression) throws NicException {
        try {
            PcapHandle dead = Pcaps.openDead(DataLinkType.EN10MB, NicOptions.MAX_SNAP_LENGTH);
            try {
                compile(dead, expression);
            } catch (PcapNativeException e) {
                throw badFilter(expression, e, understood(dead, expression));
            } finally {
                dead.close();
            }
        } catch (PcapNativeException | NotOpenException e) {
            throw new NicException("no filter can be compiled: " + e.getMessage(), e);
        } catch (LinkageError e) {
            throw missing(e);
        }
    }

    private static void compile(PcapHandle handle, String expression) throws PcapNativeException, NotOpenException {
        handle.compileFilter(expression, BpfCompileMode.OPTIMIZE, PcapHandle.PCAP_NETMASK_UNKNOWN)
                .free();
    }

    /** libpcap says what is wrong but not where: the longest run of words from the start that it takes shows it. */
    private static String understood(PcapHandle handle, String expression) throws NotOpenException {
        for (int end = expression.lastIndexOf(' '); end > 0; end = expression.lastIndexOf(' ', end - 1)) {
            try {
                compile(handle, expression.substring(0, end));
                return expression.substring(0, end).strip();
            } catch (PcapNativeException e) {
                // A shorter one may do.
            }
        }
        return "";
    }

    private static NicException badFilter(String expression, PcapNativeException e, String understood) {
        String reason = String.valueOf(e.getMessage()).replace("Error occurred in pcap_compile: ", "");
        String place = understood.isEmpty()
                ? "nothing of it is understood"
                : "understood as far as '" + understood + "', not from '"
                        + expression.substring(understood.length()).strip() + "'";
        return new NicException(
                "filter '" + expression + "' is none: " + reason + "; " + place + " (syntax: man 7 pcap-filter)", e);
    }

    /**
     * What poll(2) may wait on.
     *
     * @throws NicException if this is not the pcap4j that we know
     */
    static int selectableDescriptor(PcapHandle handle) throws NicException {
        return Direct.pcap_get_selectable_fd(pointer(handle));
    }

    /** pcap4j has the pointer that libpcap wants and shows it to nobody. */
    private static Pointer pointer(PcapHandle handle) throws NicException {
        try {
            Field field = PcapHandle.class.getDeclaredField("handle");
            field.setAccessible(true);
            return (Pointer) field.get(handle);
        } catch (ReflectiveOperationException | RuntimeException e) {
            throw new NicException("pcap4j is not the version this was built for: " + e, e);
        }
    }

    /**
     * Puts a filter in the place of the one before, in one step of the kernel.
     *
     * <p>libpcap's own way first refuses everything, empties the socket and then sets the new one: at 20,000 frames a second
     * that lost 20 of them. Compiled against the handle, the program is the same.
     */
    static void attach(PcapHandle handle, String expression) throws NicException {
        Pointer pcap = pointer(handle);
        try (Memory program = new Memory(PROGRAM_OCTETS)) {
            program.clear();
            if (Direct.pcap_compile(pcap, program, expression, OPTIMIZE, NETMASK_UNKNOWN) != 0) {
                check(expression);
                throw new NicException("filter '" + expression + "' can't be compiled for this interface");
            }
            try {
                LibC.setsockopt(Direct.pcap_fileno(pcap), SOL_SOCKET, SO_ATTACH_FILTER, program, PROGRAM_OCTETS);
            } catch (LastErrorException e) {
                throw new NicException("filter '" + expression + "' is refused by the kernel: " + e.getMessage(), e);
            } finally {
                Direct.pcap_freecode(program);
            }
        }
    }

    /** The functions that pcap4j has no way to, or one that loses frames. */
    private static final class Direct {
        static {
            Native.register(Direct.class, System.getProperty("org.pcap4j.core.pcapLibName", "pcap"));
        }

        static native int pcap_get_selectable_fd(Pointer handle);

        static native int pcap_fileno(Pointer handle);

        static native int pcap_compile(Pointer handle, Pointer program, String expression, int optimize, int netmask);

        static native void pcap_freecode(Pointer program);
    }
}
