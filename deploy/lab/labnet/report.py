"""The lab's answers as a person reads them."""
import json
from collections import Counter

from .topology import BROKER, CAPTURE, LINKED, PREFIX
from .traffic import SCENARIOS


def session() -> str:
    nodes = dict.fromkeys(nic.node for nic in CAPTURE)
    interfaces = {node: ",".join(nic.name for nic in CAPTURE if nic.node == node) for node in nodes}
    captures = "\n".join(
        f"    ip netns exec {PREFIX}{node} ./parallax capture --sensor {node} --interface {names}"
        f" --bootstrap-servers {BROKER}:9092 --spool-folder out/lab/spool-{node}"
        for node, names in interfaces.items())
    links = ", ".join(f"{link.node} {link.address}" for link in LINKED)
    return f"""
A session, as root, each line in a terminal of its own:

    ./parallax broker --listen {BROKER}:9092
{captures}
    ./parallax job --bootstrap-servers {BROKER}:9092 --window 10s --tables out/lab/tables
    deploy/lab/lab.py traffic everyday --seconds 60
    deploy/lab/lab.py truth out/lab/truth.json      # what was truly sent: compare
    deploy/lab/lab.py down

Management links (this machine is {BROKER}): {links}.
Mirroring: deploy/lab/lab.py mirror vm1 vm3 --encap erspan2, then capture mirror0 in {PREFIX}collector."""


def table(head: list[str], rows: list[list]) -> str:
    """Columns as wide as needed; numbers to the right."""
    cells = [head] + [[f"{cell:,}" if isinstance(cell, int) else str(cell) for cell in row] for row in rows]
    widths = [max(len(row[i]) for row in cells) for i in range(len(head))]
    right = [bool(rows) and all(isinstance(row[i], int) for row in rows) for i in range(len(head))]
    return "\n".join(
        "  ".join(cell.rjust(width) if to_right else cell.ljust(width) for cell, width, to_right in zip(row, widths, right)).rstrip()
        for row in cells)


def status(state: dict) -> str:
    ports = [[switch["switch"], port["port"], str(port["vlan"]), port["frames_in"], port["frames_out"],
              port["dropped_in"] + port["dropped_out"]] for switch in state["switches"] for port in switch["ports"]]
    found = table(["switch", "port", "VLAN", "frames in", "frames out", "dropped"], ports)
    return found + ("\n\n" + mirrors(state["mirrors"]) if state["mirrors"] else "")


def mirrors(counters: list[dict]) -> str:
    return table(["session", "VMs", "encapsulation", "from", "frames seen", "copies sent"],
                 [[str(each["session"]), ",".join(each["vms"]), each["encapsulation"], f"{each['host']} {each['from']}",
                   each["frames_seen"], each["copies_sent"]] for each in counters])


def scenarios() -> str:
    return table(["name", "what"], [[name, what] for name, (what, _) in SCENARIOS.items()])


def played(results: list[dict], before: dict, after: dict) -> str:
    rows = [[f"{result['client']} -> {result['server']}", f"{result['kind']} {result['port'] or ''}".strip(), result["done"],
             result["error"] or ""] for result in results]
    frames = after["frames_sent_by_nics"] - before["frames_sent_by_nics"]
    cpu_us = (after["cpu_seconds"] - before["cpu_seconds"]) * 1e6
    seconds = (after["now_us"] - before["now_us"]) / 1e6
    return (table(["who", "what", "done", "error"], rows)
            + f"\n{frames:,} frames sent by NICs, {frames / seconds:,.0f} a second; the switches took {cpu_us / max(1, frames):.1f} us of CPU for each.")


def matrix(truth: dict) -> str:
    """Octets by sender and receiver address, as `./parallax report` counts them: from the IP header on, each packet once."""
    packets, octets = Counter(), Counter()
    for flow in truth["flows"]:
        for way, one, other in (("a2b", "a", "b"), ("b2a", "b", "a")):
            pair = flow[one]["ip"], flow[other]["ip"]
            packets[pair] += flow[way]["packets"]
            octets[pair] += flow[way]["bytes"]
    rows = [[*pair, packets[pair], octets[pair]] for pair in sorted(packets) if packets[pair]]
    total = [["total", "", sum(packets.values()), sum(octets.values())]]
    return table(["from", "to", "packets", "octets"], rows + total)


def truth_text(truth: dict) -> str:
    """One flow a line, so that a person can read it and a diff shows what changed."""
    head = json.dumps({key: value for key, value in truth.items() if key != "flows"}, indent=1)
    flows = ",\n".join(json.dumps(flow, separators=(",", ":")) for flow in truth["flows"])
    return head[:-2] + ',\n "flows": [\n' + flows + "\n]}\n"
