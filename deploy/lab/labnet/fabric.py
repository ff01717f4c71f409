"""The process that is all switches: reads frames from the VMs' NICs, forwards them, mirrors, counts, and answers the lab's commands.

One process and one thread: no locks, and every count is exact at the moment of an answer. It is started by `lab.py up` and ends
with SIGTERM. Commands are one JSON line on a UNIX socket, and so are the answers.
"""
import json
import os
import select
import signal
import socket
import sys
import time

from . import topology
from .headers import Frame, KeyReader, mac_octets, reverse_arp
from .ledger import Moment, NicLedger, truth
from .mirroring import MirrorSender, MirrorSettings
from .namespaces import inside, open_tap
from .switches import CablePort, KernelAdapterPort, PhysicalSwitch, TapPort, VirtualSwitch

FRAMES_PER_TURN = 64  # of one port before the others have theirs
MOST_TURNS_ASKED = 100  # before a command is answered although frames keep coming: under full load some tenths of a second
ANSWER_SECONDS = 60  # the truth of some 100,000 flows takes a few
COMMAND_SECONDS = 2  # a client that says nothing must not stop the network for longer


class Fabric:
    """The switches of the topology with their cables, and the ports that lead out of the process."""

    def __init__(self):
        self.moment = Moment()
        self.started_us = time.time_ns() // 1000
        self.keys = KeyReader()
        self.physical = PhysicalSwitch(topology.PHYSICAL_SWITCH)
        self.switches = {self.physical.name: self.physical}
        self.adapters = {}
        self.taps = {}
        self.mirrors = []
        for host, names in topology.VIRTUAL_SWITCHES.items():
            for name in names:
                self.switches[name] = self._cabled(VirtualSwitch(name))
            self.adapters[host] = self._adapter(host, self.switches[names[0]])
        for nic in topology.NICS:
            self.taps[nic.label] = self._tap(nic, self.switches[nic.switch])

    def _cabled(self, switch: VirtualSwitch) -> VirtualSwitch:
        uplink = CablePort("uplink", switch, None)
        uplink.peer = CablePort(switch.name, self.physical, None)
        uplink.peer.peer = uplink
        switch.attach_cable(uplink)
        self.physical.attach_cable(uplink.peer)
        return switch

    def _adapter(self, host: str, switch: VirtualSwitch) -> KernelAdapterPort:
        mac, _ = topology.kernel_adapter(host)
        adapter = KernelAdapterPort("vmk0", switch, topology.MANAGEMENT_VLAN)
        switch.attach(adapter, mac_octets(mac))
        return adapter

    def _tap(self, nic: topology.Nic, switch) -> TapPort:
        with inside(nic.namespace):
            descriptor = open_tap(nic.name)
        own = frozenset(socket.inet_aton(router.address) for router in topology.ROUTER) if nic in topology.ROUTER else None
        port = TapPort(nic.label, switch, nic.vlan, descriptor, self.keys, NicLedger(self.moment, own))
        if nic in topology.CAPTURE:
            switch.attach_capture(port)
        else:
            switch.attach(port, mac_octets(nic.mac))
        return port

    def move(self, vm: str, host: str) -> dict:
        """Moves a VM, as vMotion does: its NIC hangs on the same vSwitch of another host from now on, and that host tells the network by a
        RARP broadcast (RFC 903) in the VM's name. Returns the time, microseconds since the epoch."""
        nic = topology.VMS[vm]
        port, mac = self.taps[nic.label], mac_octets(nic.mac)
        port.switch.detach(port, mac)
        port.switch = self.switches[topology.virtual_switch(host, int(nic.switch[-1]))]
        port.switch.attach(port, mac)
        moved_us = time.time_ns() // 1000
        port.switch.receive(port, Frame(reverse_arp(mac), nic.vlan, None))
        return {"moved_us": moved_us}

    def mirror(self, vms: list[str], encapsulation: str, truncate: int, sample: int) -> list[dict]:
        """Opens a session: one sender for each host that has one of the VMs."""
        session = max((sender.settings.session for sender in self.mirrors), default=0) + 1
        settings = MirrorSettings(session, tuple(vms), encapsulation, truncate, sample)
        opened = {}
        for vm in vms:
            nic = topology.VMS[vm]
            host = topology.host_of(nic)
            if host not in opened:
                mac, address = topology.kernel_adapter(host)
                opened[host] = MirrorSender(settings, host, mac, address, topology.COLLECTOR.mac, topology.COLLECTOR_ADDRESS,
                                            self.adapters[host])
            self.taps[nic.label].mirrors += (opened[host],)
        self.mirrors += opened.values()
        return [sender.counters() for sender in opened.values()]

    def end_mirrors(self) -> list[dict]:
        ended, self.mirrors = self.mirrors, []
        for port in self.taps.values():
            port.mirrors = ()
        return [sender.counters() for sender in ended]

    def status(self) -> dict:
        return {"up": True, "pid": os.getpid(), "started_us": self.started_us, "now_us": time.time_ns() // 1000,
                "cpu_seconds": round(time.process_time(), 3),
                "frames_sent_by_nics": sum(port.frames_in for port in self.taps.values()),
                "frames_dropped": sum(port.dropped_in + port.dropped_out for port in self.taps.values()),
                "switches": [{"switch": name, "ports": [port.counters() for port in switch.ports]}
                             for name, switch in self.switches.items()],
                "mirrors": [sender.counters() for sender in self.mirrors]}

    def truth(self) -> dict:
        return truth(self.taps, self.started_us, time.time_ns() // 1000, [sender.counters() for sender in self.mirrors])


class Server:
    """The loop: frames first, and a command when no frame waits, so that an answer holds all that was sent before the question."""

    def __init__(self, fabric: Fabric, path: str):
        self.fabric = fabric
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(path)
        self.listener.listen()
        self.commands = {"status": fabric.status, "truth": fabric.truth, "mirror": fabric.mirror, "move": fabric.move, "end_mirrors": fabric.end_mirrors}

    def serve(self) -> None:
        poll = select.epoll()
        poll.register(self.listener, select.EPOLLIN)
        ports = {port.descriptor: port for port in self.fabric.taps.values()}
        for descriptor in ports:
            poll.register(descriptor, select.EPOLLIN)
        moment, turns_asked = self.fabric.moment, 0
        while True:
            ready = [descriptor for descriptor, _ in poll.poll()]
            moment.now_us = time.time_ns() // 1000
            asked = self.listener.fileno() in ready
            turns_asked = turns_asked + 1 if asked else 0
            for descriptor in ready:
                if port := ports.get(descriptor):
                    port.drain(FRAMES_PER_TURN)
            if asked and (len(ready) == 1 or turns_asked > MOST_TURNS_ASKED):
                self._answer()
                turns_asked = 0

    def _answer(self) -> None:
        client, _ = self.listener.accept()
        with client:
            client.settimeout(COMMAND_SECONDS)
            try:
                with client.makefile("rw") as stream:
                    request = json.loads(stream.readline())
                    answer = self.commands[request.pop("command")](**request)
                    stream.write(json.dumps(answer) + "\n")
            except (OSError, ValueError, KeyError, TypeError) as e:
                print(f"a command failed: {e!r}", file=sys.stderr, flush=True)


class NotUp(Exception):
    """There are no switches to ask, or they do not answer; the message says what to do."""


def ask(command: str, **arguments):
    """Sends a command to the running switches and returns what they say."""
    try:
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(ANSWER_SECONDS)
            client.connect(str(topology.CONTROL))
            with client.makefile("rw") as stream:
                stream.write(json.dumps({"command": command, **arguments}) + "\n")
                stream.flush()
                answer = stream.readline()
    except (ConnectionRefusedError, FileNotFoundError) as e:
        raise NotUp("The lab is not up: lab.py up") from e
    except OSError as e:
        raise NotUp(f"The switches do not answer ({e}): lab.py down, then lab.py up") from e
    if not answer:
        raise NotUp(f"The switches refused \"{command}\"; why is in {topology.FABRIC_LOG}")
    return json.loads(answer)


def main() -> None:
    """Ends once the switches work: they go on in a child, which belongs to no terminal. Exit code 0 says that they do."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    server = Server(Fabric(), str(topology.CONTROL))
    if child := os.fork():
        topology.FABRIC_PID.write_text(str(child))
        os._exit(0)
    os.setsid()
    server.serve()


if __name__ == "__main__":
    main()
