#!/usr/bin/env python3
"""The network that Parallax watches, on one Linux machine: two hosts with virtual switches, eight VMs, a router, two capture VMs.

Needs root, ip(8) and Python 3.10 or later; docs/65-lab.md has a session. Exit codes: 0 done; 1 not possible, not up, or traffic that failed;
2 words that it does not understand.
"""
import argparse
import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

if sys.version_info < (3, 10):
    sys.exit("Python 3.10 or later is needed (this is %d.%d)." % sys.version_info[:2])
sys.dont_write_bytecode = True  # it runs as root: compiled files would lie in the user's tree, and the user could not delete them

from labnet import fabric, namespaces, report, topology, traffic
from labnet.fabric import NotUp
from labnet.mirroring import ENCAPSULATIONS, SHORTEST_TRUNCATION_OCTETS
from labnet.namespaces import Missing

HERE = Path(__file__).resolve().parent
END_SECONDS = 5  # between asking a process to end and killing it


def is_up() -> bool:
    with contextlib.suppress(NotUp):
        return fabric.ask("status")["up"]
    return False


def up(_) -> int:
    if is_up():
        print("The lab is up already.")
    else:
        namespaces.check()
        clear()
        try:
            build()
        except BaseException:
            clear()
            raise
        print(f"The lab is up: {len(topology.VMS)} VMs on {len(topology.HOSTS)} hosts.")
    print(report.session())
    return 0


def build() -> None:
    topology.STATE.mkdir(parents=True)
    namespaces.make_namespaces()
    with open(topology.FABRIC_LOG, "w") as log:
        started = subprocess.run([sys.executable, "-B", "-m", "labnet.fabric"], cwd=HERE, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    if started.returncode:
        raise Missing("The switches did not start:\n" + topology.FABRIC_LOG.read_text())
    namespaces.configure(topology.NICS)
    namespaces.make_links()


def clear() -> list[str]:
    """Removes what is there, also what a crash left; names the namespaces that were."""
    pids = [pid for node in topology.NODES for pid in namespaces.pids_of(topology.PREFIX + node)]
    end(pids + fabric_pids())
    removed = namespaces.remove_namespaces()
    shutil.rmtree(topology.STATE, ignore_errors=True)
    return removed


def fabric_pids() -> list[int]:
    """The switches' process, if the number that was written down still is theirs."""
    with contextlib.suppress(OSError, ValueError):
        pid = int(topology.FABRIC_PID.read_text())
        if b"labnet.fabric" in Path(f"/proc/{pid}/cmdline").read_bytes():
            return [pid]
    return []


def end(pids: list[int]) -> None:
    for number in (signal.SIGTERM, signal.SIGKILL):
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)
        until = time.monotonic() + END_SECONDS
        while (pids := [pid for pid in pids if is_alive(pid)]) and time.monotonic() < until:
            time.sleep(0.01)


def is_alive(pid: int) -> bool:
    """Alive and not merely waiting for its parent to take note."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def down(options) -> int:
    if options.truth:
        write_truth(options.truth)
    removed = clear()
    print(f"Removed {len(removed)} namespaces." if removed else "There was no lab.")
    return 0


def status(options) -> int:
    if options.json and not is_up():
        print('{"up": false}')
        return 1
    state = fabric.ask("status")
    print(json.dumps(state) if options.json else report.status(state))
    return 0


def play(options) -> int:
    if options.name == "list":
        print(report.scenarios())
        return 0
    before = fabric.ask("status")
    results = traffic.play(traffic.SCENARIOS[options.name][1], options.seconds)
    after = fabric.ask("status")
    print(report.played(results, before, after))
    return 1 if any(result["error"] for result in results) else 0


def mirror(options) -> int:
    if options.off:
        counters = fabric.ask("end_mirrors")
    else:
        counters = fabric.ask("mirror", vms=list(dict.fromkeys(options.vms)), encapsulation=options.encap, truncate=options.truncate,
                              sample=options.sample)
    print(report.mirrors(counters) if counters else "No mirror session is open.")
    return 0


def write_truth(file: Path) -> dict:
    truth = fabric.ask("truth")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(report.truth_text(truth))
    return truth


def truth(options) -> int:
    print(report.matrix(write_truth(options.file)))
    return 0


def run(options) -> int:
    fabric.ask("status")
    os.execvp("ip", ["ip", "netns", "exec", topology.PREFIX + options.node, *options.command])


def at_least(least: int):
    def number(text: str) -> int:
        if int(text) < least:
            raise argparse.ArgumentTypeError(f"{text}: at least {least}")
        return int(text)
    return number


def vm(text: str) -> str:
    if text not in topology.VMS:
        raise argparse.ArgumentTypeError(f"{text}: one of {', '.join(topology.VMS)}")
    return text


def truncation(text: str) -> int:
    return int(text) and at_least(SHORTEST_TRUNCATION_OCTETS)(text)


def parser() -> argparse.ArgumentParser:
    whole = argparse.ArgumentParser(prog="lab.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = whole.add_subparsers(required=True, metavar="COMMAND")

    def command(name, action, text):
        made = commands.add_parser(name, help=text, description=text)
        made.set_defaults(action=action)
        return made

    command("up", up, "make the network; does nothing where it is there")
    command("status", status, "counters of all ports and mirror sessions").add_argument("--json", action="store_true")
    of_traffic = command("traffic", play, "let the VMs talk; `traffic list` tells what they can do")
    of_traffic.add_argument("name", nargs="?", default="everyday", choices=["list", *traffic.SCENARIOS], metavar="NAME")
    of_traffic.add_argument("--seconds", type=float, default=10)
    of_mirror = command("mirror", mirror, "open a mirror session of VMs towards the collector, or end all")
    of_mirror.add_argument("vms", nargs="*", type=vm, metavar="VM")
    of_mirror.add_argument("--encap", choices=ENCAPSULATIONS, default="gre")
    of_mirror.add_argument("--truncate", type=truncation, default=0, help="octets of a frame that are copied; 0: all")
    of_mirror.add_argument("--sample", type=at_least(1), default=1, help="copy one frame of so many")
    of_mirror.add_argument("--off", action="store_true", help="end all sessions")
    of_truth = command("truth", truth, "write what was truly sent, as JSON, and print it as a matrix")
    of_truth.add_argument("file", type=Path)
    of_run = command("run", run, "run a command in the namespace of a capture VM, or of another node")
    of_run.add_argument("--in", dest="node", choices=topology.NODES, default="capvm1")
    of_run.add_argument("command", nargs=argparse.REMAINDER)
    of_down = command("down", down, "remove everything, also after a crash")
    of_down.add_argument("--truth", type=Path, metavar="FILE", help="first write what was truly sent")
    return whole


def main() -> int:
    whole = parser()
    options = whole.parse_args()
    if options.action is mirror and bool(options.vms) == options.off:
        whole.error("mirror needs VMs, or --off")
    if options.action is run and not options.command:
        whole.error("run needs a command")
    listing = options.action is play and options.name == "list"
    try:
        if os.geteuid() and not listing:
            raise Missing("Not root. The lab makes network namespaces and interfaces; run it with sudo.")
        return options.action(options)
    except (Missing, NotUp, traffic.TrafficFailed, OSError) as e:
        print(e, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
