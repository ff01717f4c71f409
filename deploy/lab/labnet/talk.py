"""The programs of one VM: servers, clients, a pinger and a scanner in one process, so that traffic needs nothing installed.

Reads its plan as one JSON line, says "ready" once its servers listen, begins at the next line, writes one JSON line of results, and serves
on until its standard input ends: a server must outlive the clients of other VMs.
"""
import asyncio
import itertools
import json
import os
import socket
import struct
import sys
import time

SIZES = struct.Struct(">II")  # at the head of each request: octets of the request after it, octets of the answer
ANSWER_SECONDS = 2
SCAN_SECONDS = 0.3  # a closed port refuses at once; who says nothing for that long is not there
SCANNED_AT_ONCE = 64
REQUESTS_A_CONNECTION = 5
FLOOD_BETWEEN_LOOKS = 50  # datagrams sent before looking at the clock


async def answer_tcp(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while True:
            ask, answer = SIZES.unpack(await reader.readexactly(SIZES.size))
            await reader.readexactly(ask)
            writer.write(bytes(answer))
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()


class AnswerUdp(asyncio.DatagramProtocol):
    def connection_made(self, transport) -> None:
        self.transport = transport

    def datagram_received(self, datagram: bytes, sender) -> None:
        answer = SIZES.unpack_from(datagram)[1] if len(datagram) >= SIZES.size else 0
        if answer:
            self.transport.sendto(bytes(answer), sender)


async def ask_tcp(talk: dict, until: float) -> int:
    """Connections of a few requests each; returns the number of answers.

    From a port that is to be used again they end with a reset, or the client would have to wait for the port.
    """
    answered, local = 0, ("0.0.0.0", talk["source_port"]) if talk["source_port"] else None
    while time.monotonic() < until:
        reader, writer = await asyncio.wait_for(asyncio.open_connection(talk["to"], talk["port"], local_addr=local), ANSWER_SECONDS)
        if local:
            writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        for _ in range(REQUESTS_A_CONNECTION):
            writer.write(SIZES.pack(talk["ask"], talk["answer"]) + bytes(talk["ask"]))
            await reader.readexactly(talk["answer"])
            answered += 1
            await asyncio.sleep(talk["pause"])
            if time.monotonic() >= until:
                break
        writer.close()
        await writer.wait_closed()
    return answered


async def ask_udp(talk: dict, until: float) -> int:
    """Each question from a port of its own, as resolvers do, or all from one; returns the answers, or the datagrams where none is expected."""
    loop, answered = asyncio.get_running_loop(), 0
    request = SIZES.pack(talk["ask"], talk["answer"]) + bytes(talk["ask"])
    while time.monotonic() < until:
        with socket.socket(type=socket.SOCK_DGRAM) as to:
            to.setblocking(False)
            to.bind(("0.0.0.0", talk["source_port"]))
            to.connect((talk["to"], talk["port"]))
            to.send(request)
            if talk["answer"]:
                await asyncio.wait_for(loop.sock_recv(to, 65536), ANSWER_SECONDS)
            answered += 1
        await asyncio.sleep(talk["pause"])
    return answered


def checksum(octets: bytes) -> int:
    """RFC 1071."""
    total = sum(struct.unpack(f">{len(octets) // 2}H", octets))
    total = (total & 0xFFFF) + (total >> 16)
    return ~(total + (total >> 16)) & 0xFFFF


async def echo_reply(raw: socket.socket, identifier_and_sequence: bytes) -> None:
    """Waits for this one among all ICMP that comes to the VM; Linux gives 20 octets of IPv4 header before it."""
    while True:
        reply = await asyncio.get_running_loop().sock_recv(raw, 65536)
        if reply[20] == 0 and reply[24:28] == identifier_and_sequence:
            return


async def ping(talk: dict, until: float) -> int:
    """Echo requests (RFC 792), `count` of them where the plan says so; returns the replies."""
    replies, identifier = 0, os.getpid() & 0xFFFF
    with socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP) as raw:
        raw.setblocking(False)
        raw.connect((talk["to"], 0))
        for sequence in itertools.count(1):
            if sequence > talk["count"] if talk["count"] else time.monotonic() >= until:
                return replies
            body = struct.pack(">HH", identifier, sequence & 0xFFFF) + bytes(56)
            raw.send(struct.pack(">BBH", 8, 0, checksum(b"\x08\0\0\0" + body)) + body)
            await asyncio.wait_for(echo_reply(raw, body[:4]), ANSWER_SECONDS)
            replies += 1
            await asyncio.sleep(talk["pause"])


async def scan(talk: dict, until: float) -> int:
    """Tries each of `ports` at each address of a /24 from `to` on, `count` of them; returns the connections tried."""
    gate, prefix, first = asyncio.Semaphore(SCANNED_AT_ONCE), *talk["to"].rsplit(".", 1)

    async def tried(address: str, port: int) -> bool:
        async with gate:
            if time.monotonic() >= until:
                return False
            try:
                _, writer = await asyncio.wait_for(asyncio.open_connection(address, port), SCAN_SECONDS)
                writer.close()
            except (OSError, asyncio.TimeoutError):
                pass  # refused, unreachable, silent: what most answers of a scan are
            return True

    targets = [(f"{prefix}.{int(first) + i}", port) for i in range(talk["count"]) for port in talk["ports"]]
    return sum(await asyncio.gather(*(tried(*target) for target in targets)))


async def flood(talk: dict, until: float) -> int:
    """Small datagrams as fast as one process can, to see how much the switches carry; returns how many."""
    sent = 0
    with socket.socket(type=socket.SOCK_DGRAM) as to:
        to.connect((talk["to"], talk["port"]))
        datagram = SIZES.pack(talk["ask"], 0) + bytes(talk["ask"])
        while time.monotonic() < until:
            for _ in range(FLOOD_BETWEEN_LOOKS):
                to.send(datagram)
            sent += FLOOD_BETWEEN_LOOKS
            await asyncio.sleep(0)
    return sent


KINDS = {"tcp": ask_tcp, "udp": ask_udp, "ping": ping, "scan": scan, "flood": flood}


async def talk_once(talk: dict, until: float) -> dict:
    try:
        return {**talk, "done": await KINDS[talk["kind"]](talk, until), "error": None}
    except (OSError, asyncio.TimeoutError, asyncio.IncompleteReadError) as e:
        return {**talk, "done": 0, "error": f"{type(e).__name__} {e}".strip()}


async def main() -> None:
    loop = asyncio.get_running_loop()
    plan = json.loads(sys.stdin.readline())
    for kind, port in plan["serve"]:
        if kind == "tcp":
            await asyncio.start_server(answer_tcp, "0.0.0.0", port)
        else:
            await loop.create_datagram_endpoint(AnswerUdp, local_addr=("0.0.0.0", port))
    print("ready", flush=True)
    sys.stdin.readline()
    until = time.monotonic() + plan["seconds"]
    print(json.dumps(await asyncio.gather(*(talk_once(talk, until) for talk in plan["talk"]))), flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main())
