"""The network as data: two hosts with two virtual switches each, eight VMs in two subnets, a router, two capture VMs, a collector.

Subnet 1 lives on every vSwitch0 and subnet 2 on every vSwitch1, so each of the four ways that two VMs can stand to one another exists:
same or other host, same or other subnet. The way that a tap on a wire misses is the same host and the same subnet.
"""
from dataclasses import dataclass
from ipaddress import IPv4Interface, IPv4Network
from pathlib import Path

STATE = Path("/run/parallax-lab")
CONTROL = STATE / "control.sock"
FABRIC_PID = STATE / "fabric.pid"
FABRIC_LOG = STATE / "fabric.log"
PREFIX = "plx-"
MANAGEMENT_VLAN = 99
MANAGEMENT_MTU = 9000  # octets; a copy is longer than its frame, and VMware asks for a mirroring network on which copies still fit
LINKS = IPv4Network("10.99.0.0/24")
BROKER = "10.99.0.1"  # the machine itself, on its end of every management link


@dataclass(frozen=True)
class Subnet:
    name: str
    vlan: int
    network: IPv4Network

    @property
    def gateway(self) -> str:
        return str(self.network[1])

    def address(self, number: int) -> str:
        return str(self.network[number])

    def interface(self, address: str) -> IPv4Interface:
        return IPv4Interface(f"{address}/{self.network.prefixlen}")


@dataclass(frozen=True)
class Nic:
    """An interface of a namespace that hangs on a switch; `subnet` is None where it has no address."""

    node: str
    name: str
    mac: str
    switch: str
    vlan: int | None  # None: a trunk, all frames tagged
    subnet: Subnet | None = None
    address: str | None = None
    mtu: int = 1500  # octets

    @property
    def label(self) -> str:
        return f"{self.node}.{self.name}"

    @property
    def namespace(self) -> str:
        return PREFIX + self.node


@dataclass(frozen=True)
class ManagementLink:
    """A veth pair between the machine and a node where a capture runs, apart from all that is captured."""

    node: str
    address: str

    @property
    def near(self) -> str:
        """Its end on the machine; at most 15 octets, as the kernel has it (IFNAMSIZ)."""
        return PREFIX + self.node


SUBNETS = (
    Subnet("subnet-1", 101, IPv4Network("10.20.1.0/24")),
    Subnet("subnet-2", 102, IPv4Network("10.20.2.0/24")),
)
MANAGEMENT = Subnet("management", MANAGEMENT_VLAN, IPv4Network("10.20.99.0/24"))
HOSTS = ("host1", "host2")
PHYSICAL_SWITCH = "physical"


def virtual_switch(host: str, number: int) -> str:
    return f"{host}/vSwitch{number}"


VIRTUAL_SWITCHES = {host: tuple(virtual_switch(host, number) for number in (0, 1)) for host in HOSTS}


def _vm(number: int) -> Nic:
    host, which = HOSTS[(number - 1) // 4], (number - 1) % 4 // 2
    subnet = SUBNETS[which]
    return Nic(f"vm{number}", "eth0", f"00:50:56:20:{which + 1:02x}:{number:02x}", virtual_switch(host, which), subnet.vlan, subnet,
               subnet.address(10 + number))


VMS = {nic.node: nic for nic in map(_vm, range(1, 9))}
ROUTER = tuple(
    Nic("router", f"eth{i}", f"00:1b:21:20:{i + 1:02x}:01", PHYSICAL_SWITCH, subnet.vlan, subnet, subnet.gateway)
    for i, subnet in enumerate(SUBNETS))
CAPTURE = tuple(
    Nic(f"capvm{i + 1}", f"cap{number}", f"00:50:56:20:9{number}:{i + 1:02x}", switch, None)
    for i, host in enumerate(HOSTS) for number, switch in enumerate(VIRTUAL_SWITCHES[host]))
# It has no address: what it receives is captured, and a kernel that owned the address would answer each copy with "protocol unreachable".
COLLECTOR = Nic("collector", "mirror0", "00:50:56:20:99:09", PHYSICAL_SWITCH, MANAGEMENT_VLAN, mtu=MANAGEMENT_MTU)
COLLECTOR_ADDRESS = MANAGEMENT.address(9)
NICS = (*VMS.values(), *ROUTER, *CAPTURE, COLLECTOR)
LINKED = tuple(ManagementLink(node, str(LINKS[i])) for node, i in (("capvm1", 11), ("capvm2", 12), ("collector", 13)))
NODES = tuple(dict.fromkeys(nic.node for nic in NICS))


def host_of(nic: Nic) -> str:
    return nic.switch.split("/")[0]


def kernel_adapter(host: str) -> tuple[str, str]:
    """MAC and IP address from which a host sends its mirrored copies, on the management VLAN of its vSwitch0."""
    number = HOSTS.index(host) + 1
    return f"00:50:56:20:99:{number:02x}", MANAGEMENT.address(number)


def relation(a: Nic, b: Nic) -> str:
    """How two VMs stand to one another; "routed" on one host is the hairpin: out to the router and back."""
    place = "same host" if host_of(a) == host_of(b) else "other host"
    return f"{place}, {'switched' if a.subnet == b.subnet else 'routed'}"
