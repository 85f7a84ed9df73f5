"""What people do to a kernel: cells, values, exceptions, clocks and bytes that break others. Run by environment/test.sh."""
import logging
import os
import socket
import tempfile
import time
import unittest

import zmq

from kernels import LIMIT_S, STARTS, OneKernel, Starts, collect, execute, java, reply, send


class EditedCells(OneKernel):

    def test_an_edited_method_keeps_the_variables_made_with_it(self):
        self.run_cell('''
            int source() { return 1; }
            List<Integer> make() { return new ArrayList<>(List.of(source())); }
            var made = source(); var madeList = make();
            ''')
        sums = "made + source() * 10 + madeList.get(0) * 100"
        answer = self.run_cell("int source() { return 2; }\n" + sums)
        self.assertEqual((answer.value(), answer.text("stderr")), ("121", ""))
        # With a lambda the method is more than one method of its class, and needs another class.
        answer = self.run_cell("int source() { return List.of(3).stream().mapToInt(i -> i).sum(); }\n" + sums)
        self.assertEqual((answer.value(), answer.text("stderr")), ("131", ""))

    def test_an_edited_class_keeps_its_objects(self):
        code = "class Model { double weight; double predict() { return %s * weight; } }"
        self.run_cell(code % "1" + "\nModel model = new Model();\nvar models = List.of(model); Object any = model;")
        self.run_cell("model.weight = 7;")
        answer = self.run_cell(code % "2" + "\nmodel.predict() + models.get(0).predict()")
        self.assertEqual((answer.value(), answer.text("stderr")), ("28.0", ""))

    def test_variables_that_an_edit_resets_are_named(self):
        self.run_cell("record Run(int steps) { }\nvar run = new Run(3); Run second = run; int other = 5;")
        self.assertEqual(self.run_cell("record Run(int steps) { }\nrun.steps()").text("stderr"), "")
        answer = self.run_cell("record Run(int steps, int seed) { }\nother")
        self.assertEqual(answer.value(), "5")
        self.assertRegex(answer.text("stderr"), r"^Reset, since .*: (run, second|second, run)\. Run the cells again that set them\.\n$")
        self.run_cell("int count() { return 1; }\nvar counted = count();")
        self.assertIn("counted", self.run_cell('String count() { return ""; }').text("stderr"))

    def test_types_of_one_cell_may_need_each_other(self):
        self.assertEqual(self.run_cell('''
            sealed interface Shape permits Round, Square {}
            record Round(int r) implements Shape {}
            record Square(Shape inside) implements Shape {}
            new Square(new Round(1))
            ''').value(), "Square[inside=Round[r=1]]")
        self.assertEqual(self.run_cell("class Hen { Egg lays; } class Egg { Hen of; } interface Nest extends List<Hen> { }\n"
                                       "new Hen().lays == null && new Egg().of == null").value(), "true")
        self.assertEqual(self.run_cell("Late later() { return new Late(5); }\nrecord Late(int n) { }\nlater().n()").value(), "5")

    def test_what_is_missing_at_the_end_of_the_cell_is_its_error(self):
        answer = self.run_cell("class Lonely { Absent one; }\nclass Other { }")
        self.assertEqual(answer.error()["evalue"], "cannot find class Absent")
        self.assertIn("at cell line 1: class Lonely", answer.trace())
        # A variable cannot wait for its type: its initialiser runs now or never.
        answer = self.run_cell("class First { Next next; }\nFirst first = new First();\nclass Next { First first; }")
        self.assertEqual(answer.error()["evalue"], "cannot find class Next")

    def test_a_magic_begins_a_statement_only(self):
        self.run_cell("int amount = 17; int percent = 5; int load = 4;")
        for code, value in (("int rest = amount\n%percent;\nrest", "2"), ("amount\n%percent", "2"), ("amount\n% percent", "2"),
                            ("amount +\namount\n%load;", "18"), ("Math.max(amount\n%percent, 1)", "2"),
                            ("/*\n%jars nothing\n*/\namount", "17"), ("int y = amount // not\n%percent;\ny", "2")):
            self.assertEqual(self.run_cell(code).value(), value, code)
        with tempfile.TemporaryDirectory() as folder:
            for code in (f"var open = 3\n%classpath {folder}\nopen", f"%classpath {folder}\n3", f"int z = 3; // said\n%jars {folder}\nz"):
                self.assertEqual(self.run_cell(code).value(), "3", code)
        self.assertIn("there is no magic %nope", self.run_cell('int q = 1\n%nope "a b" c').trace())

    def test_code_evaluated_by_code_of_a_cell(self):
        self.assertEqual(self.run_cell('(Integer) eval("int inner = 20; inner + 1") + 1').value(), "22")
        self.assertEqual(self.run_cell("inner").value(), "20")
        with tempfile.TemporaryDirectory() as folder:
            self.assertEqual(self.run_cell(f'lineMagic("classpath", List.of("{folder}"));\n"same"').value(), "same")

    def test_code_nested_too_deeply_is_an_error_of_its_cell_only(self):
        depth = 40_000
        answer = self.run_cell("int deepest = " + "(" * depth + "1" + ")" * depth + ";")
        self.assertEqual((answer.status, answer.error()["ename"]), ("error", "CompilationException"))
        self.assertIn("nested too deeply", answer.error()["evalue"])
        self.assertEqual(self.run_cell("1 + 1").value(), "2")


class ValuesAndExceptions(OneKernel):

    def test_an_error_of_toString_is_its_cells(self):
        for body, name in (('throw new Error("bad");', "Error"), ('throw new IllegalStateException("worse");', "IllegalStateException"),
                           ('return toString() + "x";', "StackOverflowError"), ('throw new OutOfMemoryError("pretended");', "OutOfMemoryError")):
            answer = self.run_cell("class Shown { public String toString() { " + body + " } }\nnew Shown()")
            self.assertEqual((answer.status, answer.error()["ename"]), ("error", name))
            self.assertIn("at cell line 1: class Shown", answer.trace())
            self.assertEqual(self.run_cell("1 + 1").value(), "2")

    def test_interrupt_reaches_a_toString_without_end(self):
        self.assertIn("cell line 1", self.interrupted("class Endless { public String toString() { while (true) { } } }\nnew Endless()").trace())

    def test_a_huge_text_is_cut_with_a_note(self):
        answer = self.run_cell('"x".repeat(150_000_000)')
        self.assertLess(len(answer.value()), 1_100_000)
        self.assertTrue(answer.value().endswith("... (cut here: 150,000,000 characters in all)"), answer.value()[-100:])
        answer = self.run_cell('display("<p>".repeat(50_000_000), "text/html"); throw new RuntimeException("y".repeat(50_000_000));')
        self.assertIn("too long to be shown: 150,000,000 characters", answer.outputs[0][1]["data"]["text/html"])
        self.assertIn("cut here: 50,000,000 characters", answer.error()["evalue"])

    def test_causes_in_a_circle_are_told_once(self):
        for code, causes in (
                ('''
                class Round extends RuntimeException { public synchronized Throwable getCause() { return this; } }
                throw new Round();''', ["Caused by: the Round above"]),
                ('''
                RuntimeException one = new RuntimeException("one"); var two = new IllegalStateException("two", one); one.initCause(two);
                throw one;''', ["Caused by: IllegalStateException: two", "Caused by: the RuntimeException above"])):
            start = time.monotonic()
            answer = self.run_cell(code)
            self.assertEqual(answer.status, "error")
            self.assertLess(time.monotonic() - start, 10)
            self.assertEqual([line for line in answer.trace().splitlines() if line.startswith("Caused by")], causes)
            self.assertEqual(self.run_cell("1 + 1").value(), "2")

    def test_an_exception_that_cannot_say_what_it_is_is_told_all_the_same(self):
        for method, body, says in (
                ("String getMessage", "throw new IllegalStateException();", r"^\(.*Dumb.getMessage itself threw java.lang.IllegalStateException\)$"),
                ("String getMessage", "return getMessage();", r"^\(.*Dumb.getMessage itself threw java.lang.StackOverflowError\)$"),
                ("String getMessage", "return null;", "^$"),
                ("StackTraceElement[] getStackTrace", "throw new Error();", "^told$"),
                ("StackTraceElement[] getStackTrace", "return null;", "^told$"),
                ("synchronized Throwable getCause", "throw new RuntimeException();", "^told$")):
            answer = self.run_cell('class Dumb extends RuntimeException { Dumb() { super("told"); } '
                                   f'public {method}() {{ {body} }} }}\nthrow new Dumb();')
            self.assertEqual((answer.status, answer.error()["ename"]), ("error", "Dumb"), method)
            self.assertRegex(answer.error()["evalue"], says)
            if "getStackTrace" not in method:
                self.assertIn("at cell line 2: throw new Dumb();", answer.trace())
            self.assertEqual(self.run_cell("1 + 1").value(), "2")

    def test_interrupt_reaches_a_getMessage_without_end(self):
        code = "class Slow extends RuntimeException { public String getMessage() { while (true) { } } }\nthrow new Slow();"
        self.assertEqual(self.interrupted(code).error()["ename"], "Slow")

    def test_an_error_of_the_library_names_a_line_once(self):
        answer = self.run_cell('''
            import worldmodels.run.KitException;
            Runnable failing = () -> { throw new KitException("No such file; make one."); };
            var none = List.of(1).stream().map(i -> { List.of(2).forEach(j -> failing.run()); return i; }).toList();''')
        self.assertEqual(answer.trace().splitlines()[0], "KitException: No such file; make one.")
        lines = answer.trace().splitlines()[1:]
        self.assertEqual(lines, [f"  at cell line {n}: {text}" for n, text in (
            (2, 'Runnable failing = () -> { throw new KitException("No such file; make one."); };'),
            (3, "var none = List.of(1).stream().map(i -> { List.of(2).forEach(j -> failing.run()); return i; }).toList();"))])

    def test_text_that_went_elsewhere_is_no_result(self):
        for code in ('System.out.printf("%d%n", 5)', 'System.err.append("x")', 'new StringWriter().append("y")',
                     'new PrintWriter(System.out).format("%s", "z")'):
            self.assertIsNone(self.run_cell(code).value(), code)
        self.assertEqual(self.run_cell('new StringBuilder().append("kept")').value(), "kept")
        self.assertRegex(self.run_cell("class Plain { }\nnew Plain()").value(), "Plain@")


class Requests(OneKernel):

    def test_what_was_queued_is_aborted_whatever_a_clock_says(self):
        for late in (120, -120):
            failing, queued = (send(self.client, code, late) for code in ('Thread.sleep(300); throw new RuntimeException("x");', "1 + 1"))
            self.assertEqual(reply(self.client, failing)["status"], "error")
            self.assertEqual(reply(self.client, queued)["status"], "aborted", f"{late} s late")
            self.assertEqual(collect(self.client, send(self.client, "20 + 1", late)).value(), "21", f"{late} s late")

    def test_other_requests_that_were_queued_are_answered(self):
        failing = self.client.execute('Thread.sleep(300); throw new RuntimeException("x");')
        completion, queued, information = self.client.complete("Math.hyp", 8), self.client.execute("1 + 1"), self.client.kernel_info()
        self.assertEqual(reply(self.client, failing)["status"], "error")
        self.assertEqual(reply(self.client, completion)["matches"], ["hypot("])
        self.assertEqual(reply(self.client, queued)["status"], "aborted")
        self.assertEqual(reply(self.client, information)["language_info"]["name"], "Java")

    def test_a_failure_that_may_happen_aborts_nothing(self):
        ids = [self.client.execute(code, stop_on_error=False) for code in ('Thread.sleep(300); throw new RuntimeException("x");', "1 + 1")]
        self.assertEqual([reply(self.client, i)["status"] for i in ids], ["error", "ok"])

    def test_a_silent_request_publishes_nothing_and_is_not_counted(self):
        before = self.run_cell("int heard = 1;").reply["execution_count"]
        for code, status in (('System.out.println("loud"); display("louder"); heard = 2', "ok"), ('throw new Error("quiet");', "error"),
                             ("heard", "ok")):
            answer = execute(self.client, code, silent=True)
            self.assertEqual((answer.status, answer.outputs, answer.reply["execution_count"]), (status, [], before))
        answer = execute(self.client, "heard", store_history=False)
        self.assertEqual((answer.value(), answer.reply["execution_count"]), ("2", before))
        self.assertEqual(self.run_cell("heard").reply["execution_count"], before + 1)

    def test_expressions_asked_for_besides_are_answered(self):
        answer = execute(self.client, "int besides = 6;", user_expressions={"product": "besides * 7", "wrong": "besides / 0"})
        self.assertEqual(answer.reply["user_expressions"]["product"]["data"]["text/plain"], "42")
        self.assertEqual(answer.reply["user_expressions"]["wrong"]["ename"], "ArithmeticException")

    def ask(self, code):
        message_id = self.client.execute(code, allow_stdin=True)
        self.assertEqual(self.client.get_stdin_msg(timeout=LIMIT_S)["msg_type"], "input_request")
        return message_id

    def test_a_cell_reads_what_somebody_types(self):
        message_id = self.ask("new Scanner(System.in).nextLine().toUpperCase()")
        self.client.input("typed")
        self.assertEqual(collect(self.client, message_id).value(), "TYPED")

    def test_interrupt_reaches_a_cell_that_waits_for_somebody_to_type(self):
        message_id = self.ask("new Scanner(System.in).nextLine()")
        self.manager.interrupt_kernel()
        answer = collect(self.client, message_id)
        self.assertEqual((answer.status, answer.error()["ename"]), ("error", "Interrupted"))
        self.client.input("too late")
        self.assertEqual(self.run_cell("1 + 1").value(), "2")
        message_id = self.ask("new Scanner(System.in).nextLine()")
        self.client.input("in time")
        self.assertEqual(collect(self.client, message_id).value(), "in time")


class Load(Starts):

    def test_two_hundred_thousand_lines_arrive(self):
        _, client = self.start()
        answer = execute(client, 'for (int i = 0; i < 200_000; i++) System.out.println("line " + i);')
        self.assertEqual(answer.text(), "".join(f"line {i}\n" for i in range(200_000)))
        self.assertEqual(execute(client, 'System.out.println("xé".repeat(5_000_000));').text(), "xé" * 5_000_000 + "\n")

    @unittest.skipIf(STARTS < 10, "takes a minute")
    def test_twenty_kernels_start_at_once(self):
        kernels = [self.launch(heap="128m") for _ in range(20)]
        self.assertEqual([execute(self.reach(kernel, 600), "6 * 7", 600).value() for kernel in kernels], 20 * ["42"])

    @unittest.skipIf(STARTS < 10, "takes minutes")
    def test_a_thousand_cells_leave_nothing_behind(self):
        _, client = self.start(heap="256m")
        execute(client, java('''
            long used() { System.gc(); return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory(); }
            double[] data = new double[1000];
            '''))
        used, seconds = [], []
        for part in range(10):
            start = time.monotonic()
            for i in range(100):
                # Nobody holds the last value, which would fill the heap by the third hundred.
                more = f"double sum{part} = {i};\nfor (double d : data) sum{part} += d;\n" if i % 5 == 0 else ""
                answer = execute(client, more + "new double[100_000]")
                self.assertEqual(answer.status, "ok", answer.outputs)
            seconds.append((time.monotonic() - start) / 100)
            used.append(int(execute(client, "used()").value()))
        print(f"\n1,000 cells: heap {used[0] / 1e6:.1f} MB after 100, {used[-1] / 1e6:.1f} MB after 1,000; "
              f"{1000 * seconds[0]:.0f} ms a cell in the first hundred, {1000 * seconds[-1]:.0f} ms in the last", flush=True)
        self.assertLess(used[-1] - used[1], 30e6)
        self.assertLess(seconds[-1], 3 * seconds[1])


class Junk(Starts):

    def test_what_is_no_message_of_jupyters_is_dropped_and_said_once(self):
        with tempfile.TemporaryFile("w+") as stderr:
            manager, client = self.start(stderr=stderr)
            execute(client, "int before = 6;")
            wrong = client.session.clone()
            wrong.key = b"another key"
            for _ in range(2):
                for port in (manager.shell_port, manager.control_port, manager.stdin_port):
                    for frames in bad_messages(client.session, wrong):
                        send_frames(manager, port, zmq.DEALER, frames)
                send_frames(manager, manager.hb_port, zmq.REQ, [os.urandom(4096), b"", os.urandom(9)])
                for port in manager.ports:
                    for junk in (os.urandom(4096), b"GET / HTTP/1.1\r\n\r\n", b"\xff" + bytes(8) + b"\x7f" + bytes(4000), b"", *bad_lengths()):
                        send_bytes(manager, port, junk)
                self.assertEqual(execute(client, "before * 7").value(), "42")
            manager.interrupt_kernel()
            client.hb_channel.unpause()
            time.sleep(3)
            self.assertTrue(client.hb_channel.is_beating())
            stderr.seek(0)
            said = [line for line in stderr.read().splitlines() if "dropped a message" in line]
        for reason in ("its signature is wrong", "frames are missing", "it is not one of Jupyter's", "it has no content",
                       "its JSON is not that of a message", "the kernel has no answer to such a request", "its execute_request cannot be handled"):
            self.assertEqual(sum(reason in line for line in said), 1, (reason, said))


def bad_messages(session, wrong):
    """Frames that no client of Jupyter's sends."""
    request = session.msg("execute_request", {"code": "1", "silent": False})
    good = session.serialize(request)
    header = good[2]
    yield wrong.serialize(request)
    yield good[:-1]
    yield good[:2]
    yield [os.urandom(4096)]
    yield [b""]
    yield [b"<IDS|MSG>"]
    yield [os.urandom(16) for _ in range(300)]
    for parts in ([b"{", b"{}", b"{}", b"{}"], [b"{}", b"{}", b"{}", b"{}"], [b"null", b"{}", b"{}", b"{}"], [header, b"[" * 9999, b"{}", b"{}"],
                  [header, b"{}", b"{}", b"null"], [header, b"{}", b"{}", b"[1]"], [header, b"{}", b"{}", b'{"code": {}}'],
                  [header, b"{}", b"{}", b"{}"], [header, b"{}", b"{}", os.urandom(50)]):
        yield [b"<IDS|MSG>", session.sign(parts), *parts]
    yield session.serialize(session.msg("no_such_request", {}))


def bad_lengths():
    """A greeting of ZMTP 2.0, then a frame that announces more than there can be."""
    for length in (2**31 - 1, 2**63 - 1, 2**63 + 2**31 - 1, 2**64 - 2**31):
        yield b"\xff" + bytes(8) + b"\x7f\x01\x05\x02" + length.to_bytes(8, "big") + bytes(40)


def send_frames(manager, port, kind, frames):
    with zmq.Context() as context, context.socket(kind) as sender:
        sender.linger = 1000
        sender.connect(f"tcp://{manager.ip}:{port}")
        sender.send_multipart(frames)


def send_bytes(manager, port, junk):
    try:
        with socket.create_connection((manager.ip, port), 5) as connection:
            connection.sendall(junk)
            time.sleep(0.05)
    except OSError:
        pass  # The kernel hung up first.


if __name__ == "__main__":
    logging.getLogger("traitlets").setLevel(logging.ERROR)
    unittest.main(verbosity=1, warnings="ignore")
