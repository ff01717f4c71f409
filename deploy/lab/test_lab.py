"""Who sees what in the lab, told by frames that were recorded where Parallax would stand. As root: python3 -m unittest"""
import os
import socket
import time
import unittest
from collections import Counter

import lab
from labnet import fabric, namespaces, topology, traffic
from labnet.traffic import Talk
from recording import Recording, copy_of, frames_by_kernel, ipv4, ones_complement_sum, packets

ICMP, UDP, GRE = 1, 17, 47
VLAN_1, VLAN_2 = (subnet.vlan for subnet in topology.SUBNETS)
PINGS = 5
ECHOES = 2 * PINGS  # requests and replies
SETTLE_SECONDS = 20


def setUpModule():
    if os.geteuid():
        raise unittest.SkipTest("the lab needs root")
    if lab.is_up():
        raise RuntimeError("a lab is up; these tests would take it down: lab.py down")
    namespaces.check()


def ping(client, server):
    """Pings that were all answered."""
    (result,) = traffic.play((Talk(client, server, "ping", count=PINGS),), 0)
    assert (result["done"], result["error"]) == (PINGS, None), result


def send_raw(vm, octets):
    nic = topology.VMS[vm]
    with namespaces.inside(nic.namespace), socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as raw:
        raw.bind((nic.name, 0))
        raw.send(octets)


def settled(witness=lambda: None):
    """The truth, and what a witness tells, at a moment when nothing is under way: the truth before and after is the same."""
    until = time.monotonic() + SETTLE_SECONDS
    while time.monotonic() < until:
        before, told, after = fabric.ask("truth"), witness(), fabric.ask("truth")
        if before["nics"] == after["nics"]:
            return after, told
    raise AssertionError("frames kept coming")


class LabTest(unittest.TestCase):
    """A fresh lab for each test, so that every count begins at zero."""

    def setUp(self):
        self.addCleanup(lab.clear)
        lab.build()
        self.recordings = {nic.label: Recording(nic) for nic in (*topology.CAPTURE, topology.COLLECTOR)}
        for recording in self.recordings.values():
            self.addCleanup(recording.close)

    def seen(self, protocol):
        """What each capture interface saw of a protocol; those that saw nothing are left out."""
        _, found = settled(lambda: {label: packets(recording.drain(), protocol) for label, recording in self.recordings.items()})
        return {label: of_it for label, of_it in found.items() if of_it}


class WhoSeesWhat(LabTest):
    def test_a_frame_within_a_host_and_subnet_is_seen_once_and_by_that_switch_only(self):
        ping("vm1", "vm2")
        seen = self.seen(ICMP)
        self.assertEqual({"capvm1.cap0": ECHOES}, {label: len(found) for label, found in seen.items()})
        self.assertEqual({VLAN_1}, {packet.vlan for packet in seen["capvm1.cap0"]})
        self.assertEqual(ECHOES, len({packet.payload for packet in seen["capvm1.cap0"]}), "each a packet of its own")
        asked_for_all = [frame for frame in self.recordings["capvm1.cap0"].frames if frame.startswith(b"\xff" * 6)]
        (switch,) = (each for each in fabric.ask("status")["switches"] if each["switch"] == "host1/vSwitch0")
        (uplink,) = (port for port in switch["ports"] if port["port"] == "uplink")
        self.assertEqual(len(asked_for_all), uplink["frames_out"], "no wire carries more than the broadcast that asks for the address")

    def test_a_machine_that_moved_is_seen_where_it_is(self):
        ping("vm1", "vm2")
        fabric.ask("move", vm="vm1", host="host2")
        ping("vm1", "vm2")
        seen = self.seen(ICMP)
        flooded = {"capvm1.cap1": 1, "capvm2.cap1": 1}  # the physical switch has not heard from vm2 before
        self.assertEqual({"capvm1.cap0": 2 * ECHOES, "capvm2.cap0": ECHOES, **flooded}, {label: len(found) for label, found in seen.items()})

    def test_a_packet_routed_within_a_host_is_seen_on_both_switches_with_other_vlan_macs_and_ttl(self):
        ping("vm1", "vm3")
        seen = self.seen(ICMP)
        self.assertEqual({"capvm1.cap0": ECHOES, "capvm1.cap1": ECHOES}, {label: len(found) for label, found in seen.items()})
        asked = [[packet for packet in seen[label] if packet.destination == topology.VMS["vm3"].address] for label in sorted(seen)]
        for before, behind in zip(*asked, strict=True):
            self.assertEqual(before.payload, behind.payload)
            self.assertEqual((VLAN_1, VLAN_2), (before.vlan, behind.vlan))
            self.assertEqual(before.ttl - 1, behind.ttl)
            self.assertNotEqual((before.to_mac, before.from_mac), (behind.to_mac, behind.from_mac))

    def test_a_frame_between_hosts_is_seen_unchanged_at_both(self):
        ping("vm1", "vm5")
        seen = self.seen(ICMP)
        self.assertEqual({"capvm1.cap0", "capvm2.cap0"}, seen.keys())
        self.assertEqual(ECHOES, len(seen["capvm1.cap0"]))
        self.assertEqual(seen["capvm1.cap0"], seen["capvm2.cap0"])

    def test_a_packet_routed_between_hosts_is_seen_once_at_each(self):
        ping("vm1", "vm7")
        seen = self.seen(ICMP)
        self.assertEqual({"capvm1.cap0": ECHOES, "capvm2.cap1": ECHOES}, {label: len(found) for label, found in seen.items()})

    def test_a_broadcast_reaches_every_switch_once_and_the_vms_of_its_vlan(self):
        vm1 = topology.VMS["vm1"]
        frame = b"\xff" * 6 + bytes.fromhex(vm1.mac.replace(":", "")) + b"\x88\xb5" + b"broadcast".ljust(46)
        send_raw("vm1", frame)
        received = {label: nic["frames_received"] for label, nic in settled()[0]["nics"].items()}
        tagged = frame[:12] + b"\x81\x00" + VLAN_1.to_bytes(2, "big") + frame[12:]
        for nic in topology.CAPTURE:
            self.assertEqual([tagged], self.recordings[nic.label].drain(), nic.label)
        self.assertEqual({"vm2.eth0", "vm5.eth0", "vm6.eth0", "router.eth0", *(nic.label for nic in topology.CAPTURE)},
                         {label for label, frames in received.items() if frames})

    def test_unicast_to_nobody_leaves_by_the_uplink_and_reaches_no_vm_of_a_virtual_switch(self):
        send_raw("vm1", b"\x00\x50\x56\xff\xff\xff" + b"\x02\0\0\0\0\x01" + b"\x88\xb5" + bytes(46))
        received = {label for label, nic in settled()[0]["nics"].items() if nic["frames_received"]}
        self.assertEqual({"router.eth0", *(nic.label for nic in topology.CAPTURE)}, received)

    def test_a_vm_behind_an_access_port_cannot_tag(self):
        send_raw("vm1", b"\xff" * 6 + b"\x02\0\0\0\0\x01" + b"\x81\x00\x00\x66\x88\xb5" + bytes(46))
        nics = settled()[0]["nics"]
        self.assertEqual((1, 1), (nics["vm1.eth0"]["frames_sent"], nics["vm1.eth0"]["frames_dropped"]))
        self.assertEqual(0, sum(nic["frames_received"] for nic in nics.values()))


class MirrorSessions(LabTest):
    def copies(self):
        outer = self.seen(GRE)["collector.mirror0"]
        for frame in self.recordings["collector.mirror0"].frames:
            self.assertEqual(0xFFFF, ones_complement_sum(frame[14:34]), "outer IPv4 checksum")
        return [copy_of(packet) for packet in outer]

    def echoes(self, label):
        return [frame[:12] + frame[16:] for frame in self.recordings[label].drain() if (found := ipv4(frame)) and found.protocol == ICMP]

    def test_gre_tells_by_its_key_whether_the_vm_sent_or_was_sent(self):
        fabric.ask("mirror", vms=["vm2"], encapsulation="gre", truncate=0, sample=1)
        ping("vm1", "vm2")
        copies = [copy for copy in self.copies() if (found := ipv4(copy.frame)) and found.protocol == ICMP]
        self.assertEqual(self.echoes("capvm1.cap0"), [copy.frame for copy in copies], "whole, in order, untagged")
        for copy in copies:
            to_vm2 = ipv4(copy.frame).destination == topology.VMS["vm2"].address
            self.assertEqual(0 if to_vm2 else 0x02000000, copy.key)

    def test_a_packet_between_two_mirrored_vms_is_copied_at_each(self):
        fabric.ask("mirror", vms=["vm1", "vm5"], encapsulation="gre", truncate=0, sample=1)
        ping("vm1", "vm5")
        copies = [copy for copy in self.copies() if (found := ipv4(copy.frame)) and found.protocol == ICMP]
        self.assertEqual({2}, set(Counter(copy.frame for copy in copies).values()))
        self.assertEqual({topology.kernel_adapter(host)[1]: ECHOES for host in topology.HOSTS}, Counter(copy.sender for copy in copies))

    def test_erspan_numbers_its_copies_without_a_gap(self):
        for encapsulation in ("erspan2", "erspan3"):
            with self.subTest(encapsulation):
                (sender,) = fabric.ask("mirror", vms=["vm3"], encapsulation=encapsulation, truncate=0, sample=1)
                ping("vm4", "vm3")
                copies = [copy for copy in self.copies() if copy.session == sender["session"]]
                (sender,) = (each for each in fabric.ask("status")["mirrors"] if each["session"] == sender["session"])
                self.assertGreaterEqual(len(copies), ECHOES)
                self.assertEqual(list(range(sender["next_sequence"])), [copy.sequence for copy in copies])
                self.assertEqual({(encapsulation, VLAN_2, False)}, {(copy.kind, copy.vlan, copy.cut) for copy in copies})
                if encapsulation == "erspan3":
                    to_vm3 = bytes.fromhex(topology.VMS["vm3"].mac.replace(":", ""))
                    self.assertEqual([copy.frame[6:12] != to_vm3 for copy in copies], [copy.delivered for copy in copies])

    def test_copies_can_be_cut_and_sampled_and_still_count_by_one(self):
        fabric.ask("mirror", vms=["vm3"], encapsulation="erspan2", truncate=60, sample=4)
        ping("vm4", "vm3")
        copies = self.copies()
        (sender,) = fabric.ask("end_mirrors")
        self.assertEqual(-(-sender["frames_seen"] // 4), len(copies))
        self.assertEqual(list(range(len(copies))), [copy.sequence for copy in copies])
        self.assertLessEqual({(True, 60)}, {(copy.cut, len(copy.frame)) for copy in copies})
        ping("vm4", "vm3")
        self.assertEqual(len(copies), len(self.copies()), "an ended session copies nothing")

    def test_a_capture_vm_sees_copies_that_cross_its_switch_on_the_management_vlan(self):
        fabric.ask("mirror", vms=["vm3"], encapsulation="gre", truncate=0, sample=1)
        ping("vm4", "vm3")
        seen = self.seen(GRE)
        self.assertEqual({topology.MANAGEMENT_VLAN}, {packet.vlan for packet in seen["capvm1.cap0"]})
        self.assertEqual([packet.payload for packet in seen["collector.mirror0"]], [packet.payload for packet in seen["capvm1.cap0"]])


class Truth(LabTest):
    def test_every_frame_that_a_kernel_sent_is_in_the_truth(self):
        results = traffic.play(traffic.SCENARIOS["everyday"][1] + traffic.SCENARIOS["scan-routed"][1], 2)
        self.assertEqual([], [result for result in results if result["error"] or not result["done"]])
        senders = (*topology.VMS.values(), *topology.ROUTER)
        truth, by_kernel = settled(lambda: {nic.label: frames_by_kernel(nic) for nic in senders})
        nics = truth["nics"]
        self.assertEqual(by_kernel, {nic.label: (nics[nic.label]["frames_sent"], 0) for nic in senders})
        self.assertGreater(sum(nic["frames_sent"] for nic in nics.values()), 2_000)

    def test_packets_octets_and_sightings_of_each_flow_are_those_that_were_recorded(self):
        at_nics = {nic.label: Recording(nic) for nic in topology.VMS.values()}
        self.assertEqual([], [each for each in traffic.play(traffic.SCENARIOS["everyday"][1], 2) if each["error"]])
        truth, _ = settled(lambda: [recording.drain() for recording in (*at_nics.values(), *self.recordings.values())])
        sent, seen = {}, {}
        for label, recording in (*at_nics.items(), *self.recordings.items()):
            own = topology.VMS[label.split(".")[0]].address if label in at_nics else None
            for packet in filter(None, map(ipv4, recording.frames)):
                if own is None:
                    seen.setdefault(packet.flow, Counter())[label] += 1
                elif packet.source == own:
                    count = sent.setdefault(packet.flow, [0, 0])
                    count[0] += 1
                    count[1] += packet.octets
            recording.close()
        told = {}
        for flow in truth["flows"]:
            for way, a, b in (("a2b", "a", "b"), ("b2a", "b", "a")):
                told[flow["proto"], flow[a]["ip"], flow[a]["port"], flow[b]["ip"], flow[b]["port"]] = flow[way]
        told = {key: way for key, way in told.items() if way["packets"]}
        self.assertEqual(sent, {key: [way["packets"], way["bytes"]] for key, way in told.items()})
        self.assertEqual(seen, {key: way["sightings"] for key, way in told.items()})
        self.assertEqual({True}, {way["packets"] == way["delivered"] for way in told.values()})
        self.assertEqual({"same host, switched", "same host, routed", "other host, switched", "other host, routed"},
                         {flow["relation"] for flow in truth["flows"]})

    def test_later_fragments_count_to_the_flow_of_the_first(self):
        (result,) = traffic.play((Talk("vm1", "vm2", "udp", 9, ask=4_000, pause=0.01),), 0.001)
        self.assertEqual(1, result["done"])
        (flow,) = settled()[0]["flows"]
        # 8 octets of UDP and 4,008 behind it, at most 1,480 a fragment: three, each with 20 octets of IPv4 header
        self.assertEqual((3, 4_016 + 3 * 20), (flow["a2b"]["packets"], flow["a2b"]["bytes"]))
        self.assertEqual(("a", UDP, 9), (flow["initiator"], flow["proto"], flow["b"]["port"]))

    def test_what_the_router_says_in_its_own_name_counts_and_what_it_passes_on_does_not(self):
        traffic.play((Talk("vm1", "vm3", "ping", count=1),), 0)
        with namespaces.inside("plx-vm1"), socket.socket(type=socket.SOCK_DGRAM) as to:
            to.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, 1)
            to.sendto(b"x", (topology.VMS["vm3"].address, 9))
        by_router = [flow for flow in settled()[0]["flows"] if topology.ROUTER[0].address in (flow["a"]["ip"], flow["b"]["ip"])]
        self.assertEqual([(ICMP, 1, ["router.eth0"])], [(flow["proto"], flow["a2b"]["packets"], list(flow["a2b"]["sent_by"])) for flow in by_router])


if __name__ == "__main__":
    unittest.main()
