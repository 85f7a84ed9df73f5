"""The launcher as a user meets it: run.sh and execute.py with real kernels, bad input, a failing cell, Ctrl-C.

Run by environment/test.sh after setup.sh. Takes about a minute.
"""
import importlib
import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from contextlib import redirect_stderr
from pathlib import Path

HOME = Path(__file__).resolve().parents[2]
RUN = HOME / "environment" / "run.sh"
sys.path.insert(0, str(HOME / "environment"))

import execute


def notebook(*cells):
    made = [{"cell_type": "code", "execution_count": None, "id": f"cell-{i}", "metadata": {}, "outputs": [], "source": source}
            for i, source in enumerate(cells)]
    return json.dumps({"cells": made, "metadata": {"kernelspec": {"display_name": "Java", "language": "java", "name": "java"}},
                       "nbformat": 4, "nbformat_minor": 5})


class Launcher(unittest.TestCase):

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.path = Path(self.folder.name)
        (self.path / "notebooks").mkdir()
        self.environment = {**os.environ, "WM_NOTEBOOKS": str(self.path / "notebooks"), "WM_RESULTS": str(self.path / "results"),
                            "WM_WORK": str(self.path / "work")}

    def write(self, name, *cells):
        (self.path / "notebooks" / name).write_text(notebook(*cells))

    def run_sh(self, *arguments):
        return subprocess.run([str(RUN), *arguments], env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                              timeout=300)

    def test_bad_input_is_one_sentence_and_status_two(self):
        self.write("00-one.ipynb", "1 + 1")
        for arguments, word in ((["--preset", "gigantic"], "gigantic"), (["07"], "07"), (["--fast"], "--fast"), (["--only", "train"], "evaluate")):
            result = self.run_sh(*arguments)
            self.assertEqual(result.returncode, 2, result.stderr)
            self.assertIn(word, result.stderr)
            self.assertEqual(len(result.stderr.strip().splitlines()), 1, result.stderr)
        self.assertFalse((self.path / "results").exists() and list((self.path / "results").rglob("*.ipynb")))

    def test_the_notebooks_are_not_opened_with_a_preset_that_is_not_there(self):
        result = subprocess.run([HOME / "environment" / "lab.sh", "--preset", "gigantic"], env=self.environment, capture_output=True, text=True, timeout=60)
        self.assertEqual((result.returncode, result.stderr.count("\n")), (2, 1), result.stderr)
        self.assertIn("There is no preset gigantic", result.stderr)

    def test_evaluating_weights_that_are_not_there_says_so(self):
        self.write("00-one.ipynb", "1 + 1")
        result = self.run_sh("--preset", "smoke", "--only", "evaluate")
        self.assertEqual(result.returncode, 1)
        self.assertRegex(result.stderr, "No agent of these settings is kept in")
        self.assertEqual(len(result.stderr.strip().splitlines()), 1, result.stderr)

    def test_a_run_can_begin_with_the_kept_stages(self):
        self.write("00-one.ipynb", "1 + 1")
        kept = sorted(p.name for p in (HOME / "results" / "laptop" / "stages").iterdir())
        result = self.run_sh("--preset", "laptop", "--kept")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn(f"Taken from results/laptop/stages: {len(kept)} finished stages", result.stdout)
        self.assertEqual(sorted(p.name for p in (self.path / "work").iterdir()), kept)
        self.assertIn("Taken from results/laptop/stages: 0 finished stages", self.run_sh("--preset", "laptop", "--kept").stdout)

    def test_what_keeps_java_from_starting_is_told_before_any_notebook_runs(self):
        self.write("00-one.ipynb", "1 + 1")
        self.environment["JDK_JAVA_OPTIONS"] = "-XX:+NoSuchOption"
        result = self.run_sh()
        self.assertEqual(result.returncode, 1, result.stdout + result.stderr)
        self.assertIn("NoSuchOption", result.stderr)
        self.assertIn("no notebook was run", result.stderr)
        self.assertNotIn("memory", result.stderr)
        self.assertNotIn("00-one", result.stdout)

    def test_a_failing_cell_names_notebook_cell_and_cause_and_the_part_is_kept(self):
        self.write("00-good.ipynb", "System.out.println(1);")
        self.write("01-bad.ipynb", "int a = 1;", "int b = a / 0;", "int c = 3;")
        result = self.run_sh()
        self.assertEqual(result.returncode, 1)
        self.assertIn("01-bad failed in cell 2 of 3", result.stderr)
        self.assertIn("/ by zero", result.stderr)
        kept = self.path / "results" / "smoke" / "notebooks"
        self.assertTrue((kept / "00-good.ipynb").exists())
        self.assertFalse((kept / "01-bad.ipynb").exists())
        self.assertIn("ArithmeticException", (kept / "01-bad.failed.ipynb").read_text())
        self.write("01-bad.ipynb", "int a = 1;")
        self.assertEqual(self.run_sh("01").returncode, 0)
        self.assertFalse((kept / "01-bad.failed.ipynb").exists())

    def test_the_tables_of_a_run_are_compared_with_the_kept_ones_value_by_value(self):
        kept = (HOME / "results" / "smoke" / "tables" / "coverage.csv").read_text()
        policy, tiles = kept.splitlines()[1].split(",")[:2]
        self.write("00-one.ipynb", "import java.nio.file.*;",
                   'Path tables = Files.createDirectories(Path.of(System.getenv("WM_RESULTS"), "smoke", "tables"));\n'
                   f'Files.writeString(tables.resolve("coverage.csv"), {json.dumps(kept.replace(f"{policy},{tiles}", f"{policy},99 %"))});')
        result = self.run_sh()
        self.assertEqual(result.returncode, 0, result.stderr)
        told = f"row 1 ({policy}), tiles visited: kept {tiles}, made 99 %"
        self.assertIn("0 of 1 tables are identical to the kept ones in every value, 1 are not.", result.stdout)
        self.assertIn(told, result.stdout)
        self.assertIn(f"| 1 ({policy}) | tiles visited | {tiles} | 99 % |", (self.path / "results" / "smoke" / "reproduction.md").read_text())

    def test_a_report_is_one_file_without_code_that_points_nowhere(self):
        self.environment["WM_NOTEBOOKS"] = str(HOME / "notebooks")
        kept = self.path / "results" / "laptop"
        shutil.copytree(HOME / "results" / "laptop", kept, ignore=shutil.ignore_patterns("notebooks", "stages", "report"))
        result = self.run_sh("--preset", "laptop", "--report")
        self.assertEqual(result.returncode, 0, result.stderr)
        report = kept / "report" / "99-report-template.html"
        self.assertIn("99-report-template.html", result.stdout)
        page = report.read_text()
        # Nothing is fetched from anywhere; a reader may follow a reference.
        self.assertEqual(re.findall(r'src="(?!data:)[^"]*"|<link[^>]*|<a\b[^>]*href="(?!data:|#|https?://)[^"]*"',
                                    re.sub(r"<script>.*?</script>", "", page, flags=re.DOTALL)), [])
        self.assertIn("<title>A title that says what you found</title>", page)
        self.assertIn("MathJax", page)
        self.assertNotIn("import worldmodels", page)
        self.assertIn('download="world-models.tex"', page)
        if shutil.which("chromium") or shutil.which("weasyprint"):
            self.assertTrue(report.with_suffix(".pdf").read_bytes().startswith(b"%PDF"))
        else:
            self.assertIn("There is no PDF", result.stdout)
        (kept / "tables" / "world-models.md").write_text("**A better table**\n\n| row |\n| :--- |\n| 1000 |\n")
        result = self.run_sh("--preset", "laptop", "--report")
        self.assertEqual(result.returncode, 1)
        self.assertIn("world-models.md is not the file that world-models.provenance.json tells of", result.stderr)
        self.assertTrue(report.exists())

    def test_pages_of_executed_notebooks_are_made_when_asked_for_and_point_to_no_file_of_this_machine(self):
        self.write("00-good.ipynb", "System.out.println(1);")
        refused = self.run_sh("--pages")
        self.assertEqual(refused.returncode, 2)
        self.assertIn("There are no executed notebooks in", refused.stderr)
        executed = self.path / "results" / "laptop" / "notebooks"
        executed.mkdir(parents=True)
        for name in ("00-start-here", "12-planet"):
            shutil.copy(HOME / "results" / "laptop" / "notebooks" / f"{name}.ipynb", executed)
        result = self.run_sh("--preset", "laptop", "--pages", "12")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual([p.name for p in executed.glob("*.html")], ["12-planet.html"])
        page = (executed / "12-planet.html").read_text()
        for part, there in (("data:image/png;base64", True), ("highlight hl-java", True), ("file://", False)):
            self.assertEqual(part in page, there, part)

    def test_ctrl_c_stops_at_a_clean_point(self):
        self.write("00-long.ipynb", "System.out.println(1);", "while (!Thread.currentThread().isInterrupted()) { Thread.onSpinWait(); }\n"
                   "throw new IllegalStateException(\"stopped cleanly\");")
        process = subprocess.Popen([str(RUN)], env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                   start_new_session=True)
        for line in process.stdout:
            if "cell 1 of 2" in line:
                break
        time.sleep(1)
        os.killpg(process.pid, signal.SIGINT)
        out, err = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 130, out + err)
        self.assertIn("00-long was stopped in cell 2 of 2; run it again to continue.", err)


class Machine(unittest.TestCase):
    """What a preset needs is said before anything starts. The machine's figures are put in place of this one's."""

    def refusal(self, disk=100e9, memory=16e9, cores=4):
        os.environ["WM_PRESET"] = "laptop"
        self.addCleanup(os.environ.pop, "WM_PRESET", None)
        importlib.reload(execute)
        with tempfile.TemporaryDirectory() as folder:
            execute.RESULTS = execute.WORK = Path(folder)
            execute.shutil.disk_usage, usage = lambda _: type("Usage", (), {"free": disk}), execute.shutil.disk_usage
            execute.os.sched_getaffinity, affinity = lambda _: set(range(cores)), execute.os.sched_getaffinity
            execute.memory_bytes = lambda: memory
            said = io.StringIO()
            try:
                with redirect_stderr(said):
                    execute.check_machine(quiet=False)
                return None, said.getvalue()
            except execute.Refused as refused:
                return str(refused), said.getvalue()
            finally:
                execute.shutil.disk_usage = usage
                execute.os.sched_getaffinity = affinity

    def test_enough_is_silent(self):
        self.assertEqual(self.refusal(), (None, ""))

    def test_too_little_disk_and_memory_are_refused_with_what_is_needed(self):
        for given in ({"disk": 2.1e9}, {"memory": 4.3e9}):
            refused, _ = self.refusal(**given)
            self.assertIn("the preset laptop needs 2 cores, 5 GB of memory and 3 GB of free disk", refused)

    def test_every_preset_says_what_it_needs_in_its_file(self):
        for file in (HOME / "environment" / "presets").glob("*.properties"):
            os.environ["WM_PRESET"] = file.stem
            self.addCleanup(os.environ.pop, "WM_PRESET", None)
            cores, memory, disk = importlib.reload(execute).needs()
            self.assertTrue(1 <= cores <= 2 and 3 <= memory <= 12 and 2 <= disk <= 60, file.name)

    def test_one_core_is_told_how_long_it_will_take(self):
        refused, said = self.refusal(cores=1)
        self.assertIsNone(refused)
        self.assertIn("needs 2 cores", said)
        self.assertIn("2 times as long", said)


if __name__ == "__main__":
    unittest.main(verbosity=2)
