"""Real kernels for tests: started from the registered kernelspec, spoken to over Jupyter's protocol."""
import datetime
import os
import textwrap
import threading
import time
import unittest

from jupyter_client.manager import KernelManager, start_new_kernel

STARTS = int(os.environ.get("KERNEL_STARTS", "10"))
LIMIT_S = 60


class Answer:
    """What came back for one cell."""

    def __init__(self):
        self.status, self.outputs, self.reply = None, [], None

    def text(self, name="stdout"):
        return "".join(c["text"] for t, c in self.outputs if t == "stream" and c["name"] == name)

    def value(self, mime="text/plain"):
        return next((c["data"].get(mime) for t, c in self.outputs if t == "execute_result"), None)

    def error(self):
        return next((c for t, c in self.outputs if t == "error"), None)

    def trace(self):
        return "\n".join(self.error()["traceback"])

    def kinds(self):
        return [t for t, _ in self.outputs]


def execute(client, code, limit=LIMIT_S, **options):
    return collect(client, client.execute(code, **options), limit)


def send(client, code, late_s):
    """As client.execute does, from a machine whose clock is that much late; returns the request's id."""
    message = client.session.msg("execute_request", {"code": code, "silent": False, "store_history": True, "user_expressions": {},
                                                     "allow_stdin": False, "stop_on_error": True})
    message["header"]["date"] -= datetime.timedelta(seconds=late_s)
    client.shell_channel.send(message)
    return message["header"]["msg_id"]


def collect(client, message_id, limit=LIMIT_S):
    answer = Answer()
    while True:
        message = client.get_iopub_msg(timeout=limit)
        if message["parent_header"].get("msg_id") != message_id:
            continue
        kind, content = message["msg_type"], message["content"]
        if kind == "status" and content["execution_state"] == "idle":
            break
        if kind not in ("status", "execute_input"):
            answer.outputs.append((kind, content))
    answer.reply = reply(client, message_id, limit)
    answer.status = answer.reply["status"]
    return answer


def reply(client, message_id, limit=LIMIT_S):
    while True:
        message = client.get_shell_msg(timeout=limit)
        if message["parent_header"].get("msg_id") == message_id:
            return message["content"]


def java(code):
    return textwrap.dedent(code).strip("\n")


class OneKernel(unittest.TestCase):
    """All tests of the class use one kernel."""

    @classmethod
    def setUpClass(cls):
        cls.manager, cls.client = start_new_kernel(kernel_name="java")

    @classmethod
    def tearDownClass(cls):
        cls.client.stop_channels()
        cls.manager.shutdown_kernel()

    def run_cell(self, code):
        return execute(self.client, java(code))

    def interrupted(self, code, after=1.0):
        timer = threading.Timer(after, self.manager.interrupt_kernel)
        timer.start()
        start = time.monotonic()
        answer = self.run_cell(code)
        timer.join()
        self.assertEqual(answer.status, "error", code)
        self.assertLess(time.monotonic() - start, after + 8)
        self.assertEqual(self.run_cell("40 + 2").value(), "42")
        return answer


class Starts(unittest.TestCase):
    """Each test starts kernels of its own."""

    def launch(self, heap=None, stderr=None, **variables):
        """A kernel that has not answered yet."""
        manager = KernelManager(kernel_name="java")
        if heap:
            manager.kernel_spec.argv = [f"-Xmx{heap}" if word.startswith("-Xmx") else word for word in manager.kernel_spec.argv]
        manager.start_kernel(env={**os.environ, **variables}, **({"stderr": stderr} if stderr else {}))
        self.addCleanup(manager.shutdown_kernel, now=True)
        return manager

    def reach(self, manager, limit=LIMIT_S):
        client = manager.client()
        client.start_channels()
        self.addCleanup(client.stop_channels)
        client.wait_for_ready(timeout=limit)
        return client

    def start(self, **options):
        manager = self.launch(**options)
        return manager, self.reach(manager)
