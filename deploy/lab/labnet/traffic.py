"""What the VMs say to one another: scenarios as data, and their playing, one process for each VM that takes part."""
import contextlib
import json
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from .topology import PREFIX, VMS, relation

PROGRAM = Path(__file__).with_name("talk.py")


@dataclass(frozen=True)
class Talk:
    """One client and what it does with one server, over and over until the time is up."""

    client: str
    server: str
    kind: str  # tcp, udp, ping, scan, flood
    port: int = 0
    ask: int = 0  # octets after the first 8 of a request
    answer: int = 0  # octets; 0 over UDP: none is sent
    pause: float = 0  # seconds between requests
    count: int = 0  # ping: echo requests, 0 for as long as the time lasts; scan: addresses
    ports: tuple[int, ...] = ()  # of a scan
    to: str = ""  # address of the server; empty: the one that the topology gives it
    source_port: int = 0  # tcp, udp: the client's, for all requests; 0: each connection and each datagram has its own

    @property
    def relation(self) -> str:
        return relation(VMS[self.client], VMS[self.server])


WEB = (
    Talk("vm5", "vm1", "tcp", 80, ask=300, answer=12_000, pause=0.05),
    Talk("vm1", "vm2", "tcp", 8080, ask=500, answer=3_000, pause=0.02),
    Talk("vm2", "vm3", "tcp", 5432, ask=200, answer=1_500, pause=0.02),
    Talk("vm2", "vm7", "tcp", 2049, ask=100, answer=30_000, pause=0.1))
NAMES = tuple(Talk(f"vm{i}", "vm6", "udp", 53, ask=32, answer=120, pause=0.2) for i in (1, 2, 3, 4, 5, 7, 8))
LOGS = tuple(Talk(f"vm{i}", "vm8", "udp", 514, ask=180, pause=0.1) for i in (1, 3, 5, 7))
PINGS = tuple(Talk("vm8", f"vm{i}", "ping", pause=0.5) for i in range(1, 8))
SCENARIOS = {
    "web": ("three tiers over TCP: same host switched, same host routed (hairpin), other host switched, other host routed", WEB),
    "dns": ("questions and answers over UDP, each from a new port", NAMES),
    "syslog": ("datagrams over UDP that nobody answers", LOGS),
    "ping": ("vm8 pings everybody", PINGS),
    "everyday": ("web, dns, syslog and ping together", WEB + NAMES + LOGS + PINGS),
    "hairpin": ("vm1 and vm3, one host, routed: each packet crosses the host's wires twice", (
        Talk("vm1", "vm3", "tcp", 5432, ask=200, answer=1_500, pause=0.01),)),
    "bulk": ("one long transfer over TCP between two hosts", (
        Talk("vm4", "vm8", "tcp", 5201, ask=1_000, answer=1_000_000),)),
    "scan": ("vm2 tries ports of its own host's subnet: switched on one host, so no wire sees it, and most addresses are nobody's", (
        Talk("vm2", "vm1", "scan", ask=0, count=30, ports=(22, 80, 443, 3306, 5432, 8080)),)),
    "scan-routed": ("vm5 tries ports of the other subnet, through the router", (
        Talk("vm5", "vm3", "scan", count=8, ports=tuple(range(1, 129))),)),
    "flood": ("vm1 sends small datagrams to vm2 as fast as it can: what the switches carry, not how a network looks", (
        Talk("vm1", "vm2", "flood", 9, ask=10),)),
}


class TrafficFailed(Exception):
    """A program could not start or serve; its own words are in the message."""


def plans(talks: tuple[Talk, ...], seconds: float) -> dict[str, dict]:
    """What each VM has to do: its servers, its clients."""
    found = {}
    for talk in talks:
        for vm in (talk.client, talk.server):
            found.setdefault(vm, {"serve": set(), "talk": [], "seconds": seconds})
        if talk.kind in ("tcp", "udp", "flood"):
            found[talk.server]["serve"].add(("tcp" if talk.kind == "tcp" else "udp", talk.port))
        found[talk.client]["talk"].append({**asdict(talk), "to": talk.to or VMS[talk.server].address})
    return {vm: {**plan, "serve": sorted(plan["serve"])} for vm, plan in found.items()}


def play(talks: tuple[Talk, ...], seconds: float) -> list[dict]:
    """Plays to the end and returns one result for each talk: the talk, `done` (answers, or what was sent), and `error` or None."""
    with contextlib.ExitStack() as stack:
        programs = {vm: stack.enter_context(_Program(vm, plan)) for vm, plan in plans(talks, seconds).items()}
        for step in (_Program.begin, _Program.go):
            for program in programs.values():
                step(program)
        return [result for program in programs.values() for result in program.results()]


class _Program:
    def __init__(self, vm: str, plan: dict):
        self.vm = vm
        self.plan = plan

    def __enter__(self):
        command = ["ip", "netns", "exec", PREFIX + self.vm, sys.executable, str(PROGRAM)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self._say(json.dumps(self.plan))
        return self

    def __exit__(self, *_):
        """It ends when its input does."""
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.close()
        self.process.stdout.close()
        self.process.stderr.close()
        self.process.wait()

    def begin(self) -> None:
        if self.process.stdout.readline().strip() != "ready":
            self._fail()

    def go(self) -> None:
        self._say("go")

    def results(self) -> list[dict]:
        line = self.process.stdout.readline()
        if not line:
            self._fail()
        return json.loads(line)

    def _say(self, line: str) -> None:
        try:
            self.process.stdin.write(line + "\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            self._fail()

    def _fail(self) -> None:
        said = self.process.stderr.read().strip().splitlines()
        raise TrafficFailed(f"The programs of {self.vm} ended: {said[-1] if said else 'they said nothing'}")
