"""The kernel as Jupyter sees it: a real client, a real process, the registered kernelspec.

Run by environment/test.sh; KERNEL_STARTS says how many times the kernel is started for the start test.
"""
import logging
import os
import queue
import re
import statistics
import subprocess
import sys
import tempfile
import time
import unittest

from jupyter_client.manager import KernelManager, start_new_kernel

from kernels import LIMIT_S, STARTS, Answer, OneKernel, Starts, execute, java, reply

# An interrupt is answered within a second on a free machine. On a busy one more time passes, in which the kernel gets little of it: then its
# own processor time counts.
STOPS_WITHIN_S, STOPS_WITHIN_CPU_S = 2, 1


class KernelTest(OneKernel):

    def test_shows_the_last_expression(self):
        self.assertEqual(self.run_cell("int seven = 7;\nseven * 6").value(), "42")

    def test_shows_nothing_for_declarations_assignments_and_null(self):
        for code in ("int quiet = 1;", "int q2 = 0; q2 = 5", "String none = null; none", "System.out.flush()"):
            self.assertIsNone(self.run_cell(code).value(), code)

    def test_a_picture_as_last_expression_is_a_png(self):
        answer = self.run_cell("new java.awt.image.BufferedImage(4, 4, java.awt.image.BufferedImage.TYPE_INT_RGB)")
        self.assertTrue(answer.value("image/png").startswith("iVBOR"))

    def test_streams_keep_their_order_with_displays(self):
        answer = self.run_cell('''
            System.out.println("one");
            var shown = display("<b>two</b>", "text/html");
            System.err.println("three é");
            ''')
        self.assertEqual(answer.kinds(), ["stream", "display_data", "stream"])
        self.assertEqual(answer.text("stderr"), "three é\n")

    def test_a_display_is_updated_in_place(self):
        answer = self.run_cell('var id = display("before"); updateDisplay(id, "after");')
        first, second = answer.outputs
        self.assertEqual((first[0], second[0]), ("display_data", "update_display_data"))
        self.assertEqual(first[1]["transient"]["display_id"], second[1]["transient"]["display_id"])
        self.assertEqual(second[1]["data"]["text/plain"], "after")

    def test_render_names_mime_types(self):
        self.assertEqual(self.run_cell('render("<i>x</i>", "text/html")').value("text/html"), "<i>x</i>")

    def test_the_kernel_is_found_under_the_name_of_ijava(self):
        answer = self.run_cell('''
            var found = Class.forName("io.github.spencerpark.ijava.IJava").getMethod("getKernelInstance").invoke(null);
            found == getKernelInstance() && found instanceof io.github.spencerpark.jupyter.kernel.BaseKernel
            ''')
        self.assertEqual(answer.value(), "true")

    def test_an_exception_fails_with_cause_and_lines_of_the_cell(self):
        answer = self.run_cell('''
            int fine = 1;

            void fail(int depth) {
                if (depth == 0)
                    throw new IllegalStateException("outer", new java.io.IOException("inner"));
                fail(depth - 1);
            }
            fail(1);
            ''')
        self.assertEqual((answer.status, answer.reply["ename"], answer.reply["evalue"]), ("error", "IllegalStateException", "outer"))
        self.assertEqual((answer.error()["ename"], answer.error()["evalue"]), ("IllegalStateException", "outer"))
        self.assertIn("at cell line 5: throw new IllegalStateException", answer.trace())
        self.assertIn("at cell line 8: fail(1);", answer.trace())
        self.assertIn("Caused by: IOException: inner", answer.trace())

    def test_an_exception_in_a_method_of_another_cell_names_that_cell(self):
        count = self.run_cell("int twice(String s) {\n    return 2 * Integer.parseInt(s);\n}").reply["execution_count"]
        trace = self.run_cell('int unused = 0;\ntwice("x")').trace()
        self.assertIn(f"at cell [{count}] line 2: return 2 * Integer.parseInt(s);", trace)
        self.assertIn('at cell line 2: twice("x")', trace)

    def test_a_compilation_error_shows_its_line(self):
        answer = self.run_cell("int ok = 1;\n\nint wrong = nothing(ok);")
        self.assertEqual(answer.status, "error")
        self.assertIn("at cell line 3: int wrong = nothing(ok);", answer.trace())
        self.assertIn("cannot find symbol", answer.trace())

    def test_code_with_a_missing_bracket_is_an_error(self):
        self.assertEqual(self.run_cell("for (int i = 0; i < 3; i++) {").error()["ename"], "CompilationException")

    def test_an_error_is_not_an_exception_but_fails_too(self):
        self.assertEqual(self.run_cell('throw new OutOfMemoryError("pretended");').error()["ename"], "OutOfMemoryError")
        self.assertEqual(self.run_cell("1 + 1").value(), "2")

    def test_cells_queued_behind_a_failing_one_are_aborted(self):
        ids = [self.client.execute(code) for code in ('Thread.sleep(300); throw new RuntimeException("x");', "int unwanted = 1;")]
        self.assertEqual([reply(self.client, i)["status"] for i in ids], ["error", "aborted"])
        self.assertEqual(self.run_cell("1 + 1").value(), "2")

    def test_twenty_thousand_lines_arrive(self):
        answer = self.run_cell('for (int i = 0; i < 20_000; i++) System.out.println("line " + i);')
        self.assertEqual(answer.text(), "".join(f"line {i}\n" for i in range(20_000)))

    def test_five_thousand_displays_arrive(self):
        answer = self.run_cell('for (int i = 0; i < 5_000; i++) display(i);')
        self.assertEqual([c["data"]["text/plain"] for _, c in answer.outputs], [str(i) for i in range(5_000)])

    def test_text_printed_by_a_thread_after_its_cell_is_not_lost(self):
        message_id = self.client.execute('new Thread(() -> { try { Thread.sleep(500); } catch (Exception e) { } '
                                         'System.out.println("late"); }).start();')
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            message = self.client.get_iopub_msg(timeout=20)
            if message["msg_type"] == "stream":
                self.assertEqual((message["content"]["text"], message["parent_header"]["msg_id"]), ("late\n", message_id))
                return
        self.fail("the text never came")

    def test_output_of_a_thread_goes_to_the_cell_that_started_it(self):
        first = self.client.execute(java('''
            var go = new CountDownLatch(1);
            var gone = new CountDownLatch(1);
            new Thread(() -> {
                try { go.await(); } catch (InterruptedException e) { }
                System.out.println("printed by the first");
                display("shown by the first");
                gone.countDown();
            }).start();
            '''))
        second = self.client.execute(java('''
            go.countDown();
            gone.await();
            System.out.println("printed by the second");
            var pool = java.util.stream.IntStream.range(0, 4).parallel().peek(i -> System.out.println("of the second's pool")).sum();
            var last = new Thread(() -> { try { Thread.sleep(300); } catch (InterruptedException e) { } display("shown late by the second"); });
            last.start();
            '''))
        said, shown = {first: "", second: ""}, {}
        while "shown late by the second" not in shown:
            message = self.client.get_iopub_msg(timeout=LIMIT_S)
            parent, content = message["parent_header"].get("msg_id"), message["content"]
            if message["msg_type"] == "stream":
                said[parent] += content["text"]
            elif message["msg_type"] == "display_data":
                shown[content["data"]["text/plain"]] = parent
        self.assertEqual(said, {first: "printed by the first\n", second: "printed by the second\n" + 4 * "of the second's pool\n"})
        self.assertEqual(shown, {"shown by the first": first, "shown late by the second": second})

    def test_interrupt_reaches_a_waiting_cell(self):
        self.assertEqual(self.interrupted("Thread.sleep(60_000);").error()["ename"], "InterruptedException")

    def test_interrupt_reaches_a_loop_that_looks_at_the_flag(self):
        self.assertIn("clean stop", self.interrupted(
            'while (true) { if (Thread.interrupted()) throw new IllegalStateException("clean stop"); }').trace())

    def test_interrupt_stops_a_loop_that_never_looks(self):
        answer = self.interrupted("int spins = 0;\nwhile (true) {\n    spins++;\n}")
        self.assertEqual(answer.error()["ename"], "Interrupted")
        self.assertIn("cell line", answer.trace())

    def test_interrupt_stops_a_cell_that_catches_every_exception(self):
        self.interrupted("while (true) { try { Thread.sleep(10); } catch (Exception e) { } }")

    def test_a_raw_sigint_does_not_end_the_kernel(self):
        kill = 'new ProcessBuilder("kill", "-INT", "" + ProcessHandle.current().pid()).start().waitFor()'
        self.assertEqual(self.run_cell(kill).value(), "0")
        time.sleep(0.5)
        self.assertEqual(self.run_cell("1 + 1").value(), "2")

    def test_completion(self):
        self.run_cell("String completable = \"x\";")
        answer = reply(self.client, self.client.complete("int a = 1;\ncompletable.toUpp", 28))
        self.assertEqual(answer["matches"][0], "toUpperCase(")
        self.assertEqual((answer["cursor_start"], answer["cursor_end"]), (23, 28))

    def test_inspection(self):
        answer = reply(self.client, self.client.inspect("Math.hypot(", 11))
        self.assertIn("double Math.hypot(double x, double y)", answer["data"]["text/plain"])

    def test_completion_and_documentation_of_the_library(self):
        self.run_cell("import worldmodels.notebook.Notebook;\nimport worldmodels.run.*; import worldmodels.study.carracing.*;\nCarRacingExperiment experiment = null;")
        self.assertIn("visionQuality(", reply(self.client, self.client.complete("experiment.visionQ", 18))["matches"])
        for code, signature, text in (
                ("experiment.vision(", "TrainedVision CarRacingExperiment.vision(Progress progress)",
                 "V, trained on the frames of all episodes"),
                ("experiment.vision", "CarRacingExperiment.vision(", "V, trained on the frames of all episodes"),
                ("Notebook.check(true, ", "void Notebook.check(boolean holds, String claim)", "  claim: a sentence without its full stop"),
                ("CarRacingExperiment", "worldmodels.study.carracing.CarRacingExperiment", "Ha and Schmidhuber's experiment"),
                ("display(", "runtime.Display.display(Object value)", "the id that updateDisplay(String, Object) takes")):
            answer = reply(self.client, self.client.inspect(code, len(code)))
            self.assertIn(signature, answer["data"].get("text/plain", ""), code)
            self.assertIn(text, answer["data"]["text/plain"], code)
            self.assertNotRegex(answer["data"]["text/plain"], r"\{@|<p>|@param")

    def test_completeness(self):
        for code, status in (("int a = 1;", "complete"), ("for (;;) {", "incomplete"), ("int a = );", "invalid")):
            self.assertEqual(reply(self.client, self.client.is_complete(code))["status"], status, code)

    def test_history_is_answered(self):
        self.assertEqual(reply(self.client, self.client.history())["history"], [])

    def test_load_and_classpath_magics(self):
        with tempfile.TemporaryDirectory() as folder:
            with open(folder + "/one.jshell", "w") as file:
                file.write("int loaded = 5;\n")
            with open(folder + "/resource.txt", "w") as file:
                file.write("here")
            answer = self.run_cell(f'''
                int before = 1;
                %load {folder}/one.jshell
                %classpath {folder}
                Thread.currentThread().getContextClassLoader().getResource("resource.txt") != null && before + loaded == 6
                '''.replace("                ", ""))
        self.assertEqual(answer.value(), "true")

    def test_jars_magic_makes_classes_usable(self):
        jdk = os.environ["KIT_JDK"]
        with tempfile.TemporaryDirectory() as folder:
            os.makedirs(folder + "/p")
            with open(folder + "/p/Extra.java", "w") as file:
                file.write("package p; public class Extra { public static int answer() { return 42; } }")
            subprocess.run([jdk + "/bin/javac", "p/Extra.java"], cwd=folder, check=True)
            subprocess.run([jdk + "/bin/jar", "cf", "extra.jar", "p/Extra.class"], cwd=folder, check=True)
            self.assertEqual(self.run_cell(f"%jars {folder}/*.jar\np.Extra.answer()").value(), "42")

    def test_maven_magic_leaves_alone_what_is_there(self):
        start = time.monotonic()
        self.assertEqual(self.run_cell("%maven com.google.code.gson:gson:2.8.5\n1").status, "ok")
        self.assertLess(time.monotonic() - start, 2)

    def test_maven_magic_resolves_from_the_local_repository(self):
        # Maven itself needs this artifact, so that it is there on every machine that built the kernel, and no cell can see it.
        self.assertEqual(self.run_cell("%maven io.github.spencerpark:jupyter-jvm-basekernel:2.3.0 org.zeromq:jeromq:0.5.1").status, "ok")

    def test_an_unknown_magic_and_a_bad_coordinate_are_errors(self):
        self.assertIn("there is no magic %nope", self.run_cell("%nope").trace())
        self.assertIn("group:artifact:version", self.run_cell("%maven nonsense").trace())

    def test_a_later_wildcard_import_keeps_variables(self):
        self.run_cell("int kept = 5;\nvar keptList = List.of(1, 2);")
        self.run_cell("import java.nio.file.*;\nimport java.util.stream.*;\nimport java.time.*;")
        self.assertEqual(self.run_cell("kept + keptList.size()").value(), "7")

    def test_the_library_shows_through_the_kernel(self):
        answer = self.run_cell('''
            import worldmodels.notebook.Notebook;
            Notebook.attach();
            Notebook.markdown("**bold**");
            var progress = Notebook.progress();
            progress.start("counting", 10, "numbers");
            Thread.sleep(300);
            progress.at(5, "half");
            Thread.sleep(300);
            progress.done("all");
            tech.tablesaw.api.Table.create("t", tech.tablesaw.api.IntColumn.create("n", 1, 2))
            ''')
        self.assertEqual(answer.status, "ok")
        self.assertEqual(answer.outputs[0][1]["data"]["text/markdown"], "**bold**")
        self.assertIn("update_display_data", answer.kinds())
        self.assertIn("<table", answer.value("text/html"))

    def test_a_percent_line_inside_a_text_block_is_text(self):
        self.assertEqual(self.run_cell('String block = """\n%jars nothing\n""";\nblock').value(), "%jars nothing\n")

    def test_cells_run_on_one_thread(self):
        self.run_cell("Thread mine = Thread.currentThread();")
        self.assertEqual(self.run_cell("mine == Thread.currentThread()").value(), "true")

    def test_the_library_comes_first_on_the_class_path(self):
        first = self.run_cell('System.getProperty("java.class.path").split(":")[0]').value()
        self.assertTrue(first.endswith("worldmodels.jar"), first)


class StartupTest(Starts):

    def test_startup_scripts_run_before_the_first_cell(self):
        with tempfile.TemporaryDirectory() as folder:
            for name in "ab":
                with open(f"{folder}/{name}.jshell", "w") as file:
                    file.write(f"int {name} = 20;\n")
            _, client = self.start(IJAVA_STARTUP_SCRIPTS_PATH=folder + "/*.jshell", IJAVA_STARTUP_SCRIPT="int c = 2;",
                                   IJAVA_CLASSPATH=folder)
            self.assertEqual(execute(client, "a + b + c").value(), "42")

    def test_a_statement_over_the_time_limit_is_stopped(self):
        _, client = self.start(IJAVA_TIMEOUT="1 SECONDS")
        self.assertEqual(execute(client, "Thread.sleep(30_000);").status, "error")
        self.assertEqual(execute(client, "1 + 1").value(), "2")

    def test_the_preset_is_passed_through(self):
        _, client = self.start(WM_PRESET="laptop")
        self.assertEqual(execute(client, 'System.getenv("WM_PRESET")').value(), "laptop")

    def test_tables_pictures_and_episodes_show_themselves_in_a_kernel_that_has_run_nothing(self):
        _, client = self.start()
        frame = "new worldmodels.report.RgbFrame(64, 64, new byte[64 * 64 * 3])"
        line = 'new worldmodels.report.Plot("t", "x", "y").line("a", new double[] {0, 1}, new double[] {0, 1})'
        for code, mime, start in (
                (line, "image/png", "iVBOR"),
                (line + ".chart()", "image/png", "iVBOR"),
                ("new org.knowm.xchart.XYChartBuilder().build()", "image/png", "iVBOR"),
                ("new java.awt.image.BufferedImage(4, 4, java.awt.image.BufferedImage.TYPE_INT_RGB)", "image/png", "iVBOR"),
                (frame, "image/png", "iVBOR"),
                ('tech.tablesaw.api.Table.create("t", tech.tablesaw.api.IntColumn.create("n", 1, 2))', "text/html", "<table"),
                ('worldmodels.report.ResultTable.ofText("t", Map.of("n", List.of("1")))', "text/html", "<table"),
                (f'new worldmodels.report.AnimatedGif(10, 1).panel("p", List.of({frame}))', "text/html", "<div data-live"),
                (f"new worldmodels.study.carracing.Drive(List.of({frame}), new float[1][32], new double[1][3], new double[] {{1.5}})", "text/html", "<div data-live"),
                ("new worldmodels.data.Episode(new byte[3 * 64 * 64 * 3], new int[] {64, 64, 3}, new float[9], new float[3], new boolean[3])",
                 "image/png", "iVBOR")):
            answer = execute(client, code)
            self.assertEqual(answer.status, "ok", code)
            self.assertTrue((answer.value(mime) or "").startswith(start), f"{code} gave {answer.outputs}")

    def test_a_full_heap_is_an_error_of_its_cell_only(self):
        """Should a thread of the messaging library itself find no memory, the kernel must end, for Jupyter to start another, and never hang."""
        outlived = 0
        for _ in range(3):
            manager, client = self.start(heap="256m")
            try:
                self.fill_twice(client)
                outlived += 1
            except queue.Empty:
                self.assertFalse(manager.is_alive(), "the kernel hangs")
            if outlived:
                return
        self.fail("no kernel outlived a full heap")

    def fill_twice(self, client):
        self.assertEqual(execute(client, "List<Object> hoard = new ArrayList<>();").status, "ok")
        for code in ("while (true) hoard.add(new long[1 << 20]);", "hoard.clear(); while (true) hoard.add(new int[100]);"):
            answer = execute(client, code, limit=90)
            self.assertEqual(answer.error()["ename"], "OutOfMemoryError", code)
            self.assertIn("the heap of 256 MB is full", answer.error()["evalue"])
            # The variable still holds the heap; freeing it is the reader's, and must be possible.
            self.assertEqual(execute(client, "hoard.clear();").status, "ok")
            self.assertEqual(execute(client, "new long[1 << 20].length").value(), "1048576")

    def test_a_full_stack_is_an_error_of_its_cell_only(self):
        _, client = self.start()
        execute(client, "int deep(int n) { return deep(n + 1) + 1; }")
        answer = execute(client, "deep(0)")
        self.assertEqual(answer.error()["ename"], "StackOverflowError")
        self.assertLess(len(answer.error()["traceback"]), 100)
        self.assertEqual(execute(client, "1 + 1").value(), "2")

    def test_the_kernel_ends_with_the_process_that_started_it(self):
        script = ("from jupyter_client.manager import start_new_kernel; import os; "
                  "m, c = start_new_kernel(kernel_name='java'); print(m.provisioner.pid, flush=True); os.kill(os.getpid(), 9)")
        pid = int(subprocess.run([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True).stdout)
        self.assertTrue(ends(pid), "the kernel outlived its parent")

    def test_shutdown_ends_a_kernel_whose_cell_is_running(self):
        manager, client = self.start()
        client.execute("while (true) { }")
        time.sleep(1.5)
        pid = manager.provisioner.pid
        start = time.monotonic()
        manager.shutdown_kernel()
        self.assertTrue(ends(pid))
        self.assertLess(time.monotonic() - start, 4)

    def test_every_start_succeeds(self):
        seconds = []
        for _ in range(STARTS):
            start = time.monotonic()
            manager, client = start_new_kernel(kernel_name="java", startup_timeout=LIMIT_S)
            try:
                self.assertEqual(execute(client, "6 * 7").value(), "42")
                seconds.append(time.monotonic() - start)
            finally:
                client.stop_channels()
                manager.shutdown_kernel()
        print(f"\n{len(seconds)} of {STARTS} kernel starts, median {statistics.median(seconds):.2f} s to the first value, "
              f"longest {max(seconds):.2f} s", flush=True)


class LibraryTest(unittest.TestCase):
    """The library's long pieces of work, stopped by the kernel's interrupt and continued. Real ones, with little to do."""

    @classmethod
    def setUpClass(cls):
        cls.work = tempfile.TemporaryDirectory()
        cls.manager = KernelManager(kernel_name="java")
        cls.manager.start_kernel(env={**os.environ, "WM_WORK": cls.work.name, "WM_PRESET": "smoke"})
        cls.client = cls.manager.client()
        cls.client.start_channels()
        cls.client.wait_for_ready(timeout=LIMIT_S)
        answer = execute(cls.client, java('''
            import worldmodels.controller.Features;
            import worldmodels.run.*; import worldmodels.study.carracing.*;
            import worldmodels.notebook.Notebook;
            Preset small = Preset.named("smoke").with("rollouts.episodes", "8").with("rollouts.steps", "60")
                    .with("rollouts.validation", "2").with("vision.batch", "16").with("vision.epochs", "1")
                    .with("memory.batch", "4").with("memory.sequence", "20").with("memory.epochs", "1");
            '''))
        assert answer.status == "ok", answer.outputs

    @classmethod
    def tearDownClass(cls):
        cls.client.stop_channels()
        cls.manager.shutdown_kernel()
        cls.work.cleanup()

    def stop(self, code, work):
        """Runs the cell until the bar of that work has moved on, interrupts, and returns how far the bar was, first and last."""
        message_id = self.client.execute(code)
        done, asked = [], None
        answer = Answer()
        while True:
            message = self.client.get_iopub_msg(timeout=LIMIT_S)
            if message["parent_header"].get("msg_id") != message_id:
                continue
            kind, content = message["msg_type"], message["content"]
            if kind == "status" and content["execution_state"] == "idle":
                break
            answer.outputs.append((kind, content))
            bar = re.match(work + r": \d+ % \(([\d,]+) of", content.get("data", {}).get("text/plain", "")) if "display" in kind else None
            if bar:
                done.append(int(bar.group(1).replace(",", "")))
                if asked is None and done[-1] > 0:
                    asked, used = time.monotonic(), processor_time(self.manager)
                    self.manager.interrupt_kernel()
        self.assertIsNotNone(asked, answer.outputs)
        seconds, used = time.monotonic() - asked, processor_time(self.manager) - used
        self.assertEqual(reply(self.client, message_id)["status"], "error")
        self.assertEqual(answer.error()["ename"], "StoppedException")
        self.assertIn("was stopped; run it again to continue", answer.error()["evalue"])
        print(f"\n{work} stopped {seconds:.2f} s after the interrupt ({used:.2f} s of processor time)", flush=True)
        self.assertTrue(seconds < STOPS_WITHIN_S or used < STOPS_WITHIN_CPU_S)
        self.assertEqual(execute(self.client, "40 + 2").value(), "42")
        return done[0], done[-1]

    def stops_and_continues(self, code, work):
        code = java(code)
        _, last = self.stop(code, work)
        first, _ = self.stop(code, work)
        self.assertGreaterEqual(first, last, "it began anew")

    def test_training_of_v(self):
        self.stops_and_continues('CarRacingExperiment.open(small.with("vision.epochs", "1000")).vision(Notebook.progress())', "ConvVAE training")

    def test_training_of_m(self):
        self.stops_and_continues('CarRacingExperiment.open(small.with("memory.epochs", "10000")).memory(Notebook.progress())',
                                 "MDN-RNN training")

    def test_evolution_of_c(self):
        self.stops_and_continues('''
            CarRacingExperiment.open(small.with("evolution.generations", "10000").with("evolution.selectionEvery", "10000")
                    .with("evolution.population", "8").with("evolution.rollouts", "1").with("evolution.steps", "30"))
                    .controller(Features.Z, Notebook.progress())''', "Evolution")

    def test_a_vision_model_of_ones_own(self):
        """Defined in a cell, registered, and from then on one that a preset can name: trained as a stage, loaded, asked for every frame's z."""
        answer = execute(self.client, java('''
            import ai.djl.ndarray.*; import ai.djl.ndarray.types.DataType; import ai.djl.nn.Activation;
            import worldmodels.nn.*; import worldmodels.vision.*;

            class TinyVae implements VisionModel {
                final Parameters parameters;
                final int latent;
                final Layers.Dense posterior, picture;
                TinyVae(NDManager parent, int latent, long seed) {
                    parameters = new Parameters(parent);
                    this.latent = latent;
                    Layers layers = new Layers(parameters, seed);
                    posterior = layers.dense("posterior", 64 * 64 * 3, 2 * latent);
                    picture = layers.dense("picture", latent, 64 * 64 * 3);
                }
                public int latentSize() { return latent; }
                public Parameters parameters() { return parameters; }
                public Normal encode(NDArray frames) {
                    NDArray x = frames.toType(DataType.FLOAT32, false).divi(255).reshape(-1, 64 * 64 * 3);
                    return Normal.softPlus(posterior.apply(x), 0.01);
                }
                public NDArray decode(NDArray z) {
                    return Activation.sigmoid(picture.apply(z)).reshape(-1, 64, 64, 3);
                }
            }
            VisionModels.register(VisionKind.of(TinyVae.class, TinyVae::new));
            '''))
        self.assertEqual(answer.status, "ok", answer.outputs)
        answer = execute(self.client, java('''
            var own = CarRacingExperiment.open(small.with("model.vision", "TINY_VAE").with("vision.latent", "3").with("vision.epochs", "3"));
            var learned = own.vision(Progress.NONE);
            var points = learned.curve().points();
            boolean learns = points.getLast().validation() < points.getFirst().validation();
            learned.model().kind() + " " + learns + " " + own.encoded(Progress.NONE).size() + " " + own.encoded(Progress.NONE).getFirst().latent()
            '''))
        self.assertEqual(answer.value(), "TinyVae true 8 3", answer.outputs)

    def test_rollouts(self):
        self.stops_and_continues('CarRacingExperiment.open(small.with("rollouts.episodes", "1000").with("rollouts.steps", "20")).episodes(Notebook.progress())', "Recording episodes")


def processor_time(manager):
    with open(f"/proc/{manager.provisioner.pid}/stat") as stat:
        user, system = stat.read().rsplit(")", 1)[1].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def ends(pid, within=15):
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        try:
            with open(f"/proc/{pid}/stat") as stat:
                if stat.read().rsplit(")", 1)[1].split()[0] == "Z":
                    return True
        except FileNotFoundError:
            return True
        time.sleep(0.1)
    return False


if __name__ == "__main__":
    logging.getLogger("traitlets").setLevel(logging.ERROR)
    unittest.main(verbosity=1, warnings="ignore")
