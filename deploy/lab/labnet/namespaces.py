"""Network namespaces, TAP devices and management links: all that the kernel has to do for the lab.

Only ip(8) and the standard library: setns(2), which Python has from 3.12 on only, goes to the C library.
"""
import contextlib
import ctypes
import errno
import fcntl
import os
import shutil
import struct
import subprocess
from pathlib import Path

from .topology import BROKER, LINKED, NODES, PREFIX, ManagementLink, Nic

NETNS = Path("/run/netns")
CLONE_NEWNET = 0x40000000
TUNSETIFF = 0x400454CA
TAP_WITHOUT_INFORMATION = 0x0002 | 0x1000  # IFF_TAP | IFF_NO_PI
QUEUE_FRAMES = 10_000  # what a VM's kernel may hand over before its switch reads it; 1,000, the default, overflow in a burst
PROBE = f"{PREFIX}probe"

_libc = ctypes.CDLL(None, use_errno=True)


class Missing(Exception):
    """What this machine or this user lacks, in words that say what to do."""


def ip(*words: str, batch: list[str] | None = None) -> None:
    """Runs ip(8); with `batch`, one run for all lines. What it complains about becomes the message."""
    command = ["ip", *words, *(["-batch", "-"] if batch else [])]
    done = subprocess.run(command, input="\n".join(batch or []), capture_output=True, text=True)
    if done.returncode:
        raise Missing(f"{' '.join(command)}: {done.stderr.strip() or done.stdout.strip()}")


@contextlib.contextmanager
def inside(namespace: str):
    """The calling thread's network namespace is another one meanwhile; sockets and devices opened there stay there."""
    with open("/proc/self/ns/net") as home, open(NETNS / namespace) as there:
        _setns(there.fileno())
        try:
            yield
        finally:
            _setns(home.fileno())


def _setns(descriptor: int) -> None:
    if _libc.setns(descriptor, CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), f"setns: {os.strerror(ctypes.get_errno())}")


def open_tap(name: str) -> int:
    """A TAP device in the current namespace; it lives as long as its descriptor, so a crash leaves none behind."""
    descriptor = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        fcntl.ioctl(descriptor, TUNSETIFF, struct.pack("16sH22x", name.encode(), TAP_WITHOUT_INFORMATION))
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


def check() -> None:
    """Tries each thing that the lab needs of a machine where the caller is root, and says which one fails."""
    if not shutil.which("ip"):
        raise Missing("There is no ip(8) on the path. Install iproute2 (Debian: apt-get install iproute2).")
    if not Path("/proc/self/ns/net").exists():
        raise Missing("This kernel has no network namespaces (CONFIG_NET_NS).")
    try:
        os.close(open_tap(PROBE))
    except OSError as e:
        raise Missing(_tap_remedy(e)) from e
    for what, make, remove in (
            ("network namespace", ("netns", "add", PROBE), ("netns", "del", PROBE)),
            ("veth pair", ("link", "add", PROBE, "type", "veth", "peer", "name", PROBE + "2"), ("link", "del", PROBE))):
        try:
            ip(*make)
        except Missing as e:
            raise Missing(f"No {what} can be made here: {e}\nThe kernel needs CONFIG_NET_NS and CONFIG_VETH; a container needs "
                          "CAP_NET_ADMIN and CAP_SYS_ADMIN (docker run --privileged).") from e
        ip(*remove)


def _tap_remedy(e: OSError) -> str:
    if e.errno in (errno.ENOENT, errno.ENODEV, errno.ENXIO):
        return "This kernel has no TAP devices at /dev/net/tun (CONFIG_TUN). Try: modprobe tun"
    if e.errno in (errno.EPERM, errno.EACCES):
        return "Root, but not allowed to make a TAP device: CAP_NET_ADMIN is missing (a container? docker run --privileged)."
    return f"No TAP device can be made: {e}"


def make_namespaces() -> None:
    ip(batch=[f"netns add {PREFIX}{node}" for node in NODES])
    for node in NODES:
        with inside(PREFIX + node):
            settings = {"ipv6/conf/all/disable_ipv6": 1, "ipv6/conf/default/disable_ipv6": 1}
            if node == "router":
                # It answers for two subnets by one cable: without redirects, which would move a flow off the path that is shown.
                settings |= {"ipv4/ip_forward": 1, "ipv4/conf/all/send_redirects": 0, "ipv4/conf/default/send_redirects": 0,
                             "ipv4/conf/all/rp_filter": 0, "ipv4/conf/default/rp_filter": 0}
            for name, value in settings.items():
                with contextlib.suppress(FileNotFoundError):  # a kernel without IPv6
                    Path("/proc/sys/net", name).write_text(str(value))


def configure(nics: list[Nic]) -> None:
    """Gives NICs, whose TAP devices the fabric has opened, their addresses and routes."""
    for node in NODES:
        lines = ["link set lo up"]
        for nic in nics:
            if nic.node != node:
                continue
            lines.append(f"link set {nic.name} address {nic.mac} mtu {nic.mtu} txqueuelen {QUEUE_FRAMES}")
            if nic.address:
                lines += [f"addr add {nic.subnet.interface(nic.address)} dev {nic.name}", f"link set {nic.name} up"]
                if node != "router":
                    lines.append(f"route add default via {nic.subnet.gateway}")
            else:
                lines.append(f"link set {nic.name} arp off up")  # it only listens
        ip("-n", PREFIX + node, batch=lines)


def make_links(links: tuple[ManagementLink, ...] = LINKED) -> None:
    """One address on the machine's end of all links: so a broker listens once, and no bridge is needed."""
    for link in links:
        ip("link", "add", link.near, "type", "veth", "peer", "name", "mgmt0", "netns", PREFIX + link.node)
        ip(batch=[f"addr add {BROKER} peer {link.address}/32 dev {link.near}", f"link set {link.near} up"])
        ip("-n", PREFIX + link.node, batch=[f"addr add {link.address} peer {BROKER}/32 dev mgmt0", "link set mgmt0 up"])


def pids_of(namespace: str) -> list[int]:
    found = subprocess.run(["ip", "netns", "pids", namespace], capture_output=True, text=True)
    return [int(word) for word in found.stdout.split()]


def remove_namespaces() -> list[str]:
    """Deletes the lab's namespaces and links, as far as they are there; names the namespaces that were.

    A link would go with its namespace, but some time after ip(8) has returned, and be in the way of the next `up`.
    """
    there = [PREFIX + node for node in NODES if (NETNS / (PREFIX + node)).exists()]
    near = [link.near for link in LINKED if Path("/sys/class/net", link.near).exists()]
    for name in near:
        ip("link", "del", name)
    for name in there:
        ip("netns", "del", name)
    return there
