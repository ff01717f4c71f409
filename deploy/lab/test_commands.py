"""`lab.py` as a person and a build call it: exit codes, JSON, and what is left behind. As root: python3 -m unittest"""
import contextlib
import ctypes
import io
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

import lab
from labnet import fabric, namespaces, topology
from test_lab import setUpModule  # noqa: F401  the same conditions

LAB = [sys.executable, str(Path(__file__).with_name("lab.py"))]
PR_CAPBSET_DROP, CAP_NET_ADMIN = 24, 12
NOBODY = 65534


def lab_py(*words, **options):
    return subprocess.run([*LAB, *words], capture_output=True, text=True, **options)


class Commands(unittest.TestCase):
    def setUp(self):
        self.addCleanup(lab.clear)

    def test_up_may_be_called_twice_and_down_leaves_nothing(self):
        began = time.monotonic()
        self.assertEqual(0, lab_py("up").returncode)
        self.assertLess(time.monotonic() - began, 10)
        pid = json.loads(lab_py("status", "--json").stdout)["pid"]
        self.assertIn("up already", lab_py("up").stdout)
        self.assertEqual(pid, json.loads(lab_py("status", "--json").stdout)["pid"])
        self.assertEqual(0, lab_py("down").returncode)
        self.assertFalse(lab.is_alive(pid))
        self.assert_nothing_is_left()
        self.assertEqual(0, lab_py("down").returncode)

    def test_after_a_crash_down_and_up_both_clear(self):
        lab.build()
        os.kill(fabric.ask("status")["pid"], signal.SIGKILL)
        self.assertEqual(0, lab_py("up").returncode)
        sleeper = subprocess.Popen(["ip", "netns", "exec", "plx-vm1", "sleep", "60"])
        os.kill(fabric.ask("status")["pid"], signal.SIGKILL)
        self.assertEqual((1, '{"up": false}\n'), ((answer := lab_py("status", "--json")).returncode, answer.stdout))
        self.assertEqual(0, lab_py("down").returncode)
        self.assertNotEqual(0, sleeper.wait(), "what ran in the lab's namespaces ends with it")
        self.assert_nothing_is_left()

    def assert_nothing_is_left(self):
        self.assertEqual([], [node for node in topology.NODES if (namespaces.NETNS / (topology.PREFIX + node)).exists()])
        self.assertFalse(topology.STATE.exists())
        self.assertNotIn(topology.PREFIX, subprocess.run(["ip", "link"], capture_output=True, text=True).stdout)

    def test_a_session_of_commands(self):
        with tempfile.TemporaryDirectory() as folder:
            self.assertEqual(0, lab_py("up").returncode)
            self.assertEqual(0, lab_py("mirror", "vm1", "vm5", "--encap", "erspan3", "--truncate", "128").returncode)
            self.assertEqual(0, lab_py("traffic", "web", "--seconds", "1").returncode)
            state = json.loads(lab_py("status", "--json").stdout)
            self.assertEqual(["host1", "host2"], [sender["host"] for sender in state["mirrors"]])
            self.assertEqual(5, len(state["switches"]))
            self.assertEqual(0, lab_py("mirror", "--off").returncode)
            self.assertIn("total", lab_py("truth", f"{folder}/new/now.json").stdout)
            self.assertEqual(0, lab_py("down", "--truth", f"{folder}/then.json").returncode)
            now, then = (json.loads(Path(folder, name).read_text()) for name in ("new/now.json", "then.json"))
            self.assertEqual(now["flows"], then["flows"])

    def test_run_is_inside_a_capture_vm_whence_a_broker_on_the_machine_is_reached(self):
        lab.build()
        self.assertEqual({"lo", "cap0", "cap1", "mgmt0"}, {link["ifname"] for link in json.loads(lab_py("run", "ip", "-j", "link").stdout)})
        with socket.create_server((topology.BROKER, 0)) as broker:
            for link in topology.LINKED:
                with namespaces.inside(topology.PREFIX + link.node), socket.create_connection(broker.getsockname(), 5) as client:
                    self.assertEqual(link.address, client.getsockname()[0])
        self.assertEqual(7, lab_py("run", "--in", "vm1", "sh", "-c", "exit 7").returncode)

    def test_traffic_that_is_not_answered_fails(self):
        lab.build()
        lab_py("run", "--in", "vm1", "ip", "link", "set", "eth0", "down")
        answer = lab_py("traffic", "web", "--seconds", "1")
        self.assertEqual(1, answer.returncode)
        self.assertIn("vm5 -> vm1", next(line for line in answer.stdout.splitlines() if "Error" in line))

    def test_what_is_missing_is_said(self):
        for words in (["status"], ["traffic", "web"], ["truth", "/dev/null"], ["mirror", "vm1"], ["run", "true"]):
            answer = lab_py(*words)
            self.assertEqual((1, True), (answer.returncode, answer.stderr.startswith("The lab is not up")), words)
        self.assertEqual(0, lab_py("traffic", "list").returncode)
        self.assertEqual(2, lab_py("mirror").returncode)
        self.assertEqual(2, lab_py("mirror", "vm9").returncode)
        self.assertEqual(2, lab_py("mirror", "vm1", "--truncate", "59").returncode)
        no_ip = lab_py("up", env={"PATH": "/nowhere"})
        self.assertEqual((1, True), (no_ip.returncode, "iproute2" in no_ip.stderr))
        contained = lab_py("up", preexec_fn=lambda: ctypes.CDLL(None).prctl(PR_CAPBSET_DROP, CAP_NET_ADMIN, 0, 0, 0))
        self.assertEqual((1, True), (contained.returncode, "CAP_NET_ADMIN" in contained.stderr))
        self.assertEqual((1, "Not root"), self.as_nobody("up"))

    def as_nobody(self, *words):
        """Exit code and beginning of what is said; in a fork, for Python itself may lie where nobody may read."""
        reader, writer = os.pipe()
        if not os.fork():
            os.setuid(NOBODY)
            sys.argv = ["lab.py", *words]
            said = io.StringIO()
            with contextlib.redirect_stderr(said):
                code = lab.main()
            os.write(writer, said.getvalue()[:8].encode())
            os._exit(code)
        return os.waitstatus_to_exitcode(os.wait()[1]), os.read(reader, 100).decode()


if __name__ == "__main__":
    unittest.main()
