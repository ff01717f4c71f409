package io.parallax.local.live;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A capture VM of network namespaces: {@code cap0} and {@code cap1} to capture on, {@code uplink} to reach the broker by.
 *
 * <p>What is sent into {@link #feed} arrives at the capture interface of that number. Only the uplink has an address.
 */
final class CaptureVm implements AutoCloseable {

    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final String name;
    private final int network;

    private CaptureVm(String name, int network) {
        this.name = name;
        this.network = network;
    }

    static CaptureVm create() throws IOException {
        int number = NUMBER.getAndIncrement();
        String name = "pv" + ProcessHandle.current().pid() + "x" + number;
        CaptureVm vm = new CaptureVm(name, (int) (ProcessHandle.current().pid() + number) % 250);
        try {
            Shell.run("ip netns add " + name);
            for (int i = 0; i < 2; i++) {
                vm.link(vm.feed(i), "cap" + i);
            }
            vm.link(name + "u", "uplink");
            Shell.run("ip addr add " + vm.brokerHost() + "/30 dev " + name + "u");
            Shell.run("ip netns exec " + name
                    + " sh -ec 'ip link set lo up; ip link set uplink arp on; ip addr add " + vm.address()
                    + "/30 dev uplink'");
            Shell.run("ip link set " + name + "u arp on");
            return vm;
        } catch (IOException e) {
            vm.close();
            throw e;
        }
    }

    private void link(String here, String there) throws IOException {
        Shell.run("ip link add " + here + " type veth peer name " + there + " netns " + name);
        String quiet =
                "f=/proc/sys/net/ipv6/conf/%1$s/disable_ipv6; [ ! -e $f ] || echo 1 > $f; ip link set %1$s arp off up";
        Shell.run(quiet.formatted(here));
        Shell.run("ip netns exec " + name + " sh -ec '" + quiet.formatted(there) + "'");
    }

    String namespace() {
        return name;
    }

    /** The address at which the broker has to listen. */
    String brokerHost() {
        return "10.231." + network + ".1";
    }

    /** The address of its own, on the uplink. */
    String address() {
        return "10.231." + network + ".2";
    }

    /** The interface here whose frames come out at capture interface {@code number} there. */
    String feed(int number) {
        return name + number;
    }

    /** Frames that the kernel took and the wire lost, for want of CPU: they never arrived. */
    long lostOnTheWire(int number) throws IOException {
        return Long.parseLong(Files.readString(Path.of("/sys/class/net", feed(number), "statistics/tx_dropped"))
                .strip());
    }

    @Override
    public void close() throws IOException {
        Shell.run("[ ! -e /run/netns/%1$s ] || ip netns del %1$s".formatted(name));
        for (String end : new String[] {name + "0", name + "1", name + "u"}) {
            // The namespace takes its end of the cable with it, and so this one, only sooner or later.
            Shell.run("ip link del %1$s 2>/dev/null || true".formatted(end));
        }
    }
}
