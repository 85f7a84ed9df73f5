"""The kit where people put it: folders of any name, no HOME, other locales, read-only places. Run by environment/test.sh after setup.sh."""
import json
import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from test_launcher import HOME, notebook

NOBODY = 65534
# What of the checkout a built copy needs.
PARTS = ("pom.xml", "references.bib", "environment", "lib/pom.xml", "lib/src/main", "notebooks", "work/kernel")
LEARNS = '''
import worldmodels.run.*; import worldmodels.study.carracing.*; import worldmodels.notebook.Notebook;
Preset small = Preset.named("smoke").with("rollouts.episodes", "4").with("rollouts.steps", "30").with("rollouts.validation", "1")
        .with("vision.batch", "8").with("vision.epochs", "1").with("memory.batch", "2").with("memory.sequence", "10").with("memory.epochs", "1");
CarRacingExperiment.open(small).memory(Notebook.progress());'''
WRITES = '''
import worldmodels.run.*; import worldmodels.report.*;
ResultsFolder.of(Preset.named("smoke")).figure("lines", new Plot("t", "x", "y").line("a", new double[] {0, 1234.5}, new double[] {0, 0.25}),
        worldmodels.notebook.Notebook.provenance(Preset.named("smoke")));'''


def link(source, target):
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


class Places(unittest.TestCase):

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = Path(folder.name)
        self.path.chmod(0o755)
        self.environment = dict(os.environ, WM_HEAP="1g")

    def checkout(self, name):
        """A built copy in a folder of that name."""
        kit = self.path / name / "kit"
        for part in PARTS:
            source, target = HOME / part, kit / part
            if source.is_dir():
                shutil.copytree(source, target, copy_function=link, ignore=shutil.ignore_patterns("node_modules", "target", "__pycache__"))
            else:
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(source, target)
        return kit

    def notebooks(self, *cells):
        folder = self.path / "notebooks"
        folder.mkdir(exist_ok=True)
        (folder / "00-one.ipynb").write_text(notebook(*cells))
        self.environment.update(WM_NOTEBOOKS=str(folder), WM_RESULTS=str(self.path / "results"))

    def run_sh(self, kit, *arguments, script="run.sh", **options):
        return subprocess.run([kit / "environment" / script, *arguments], env=self.environment, capture_output=True, encoding="utf-8",
                              timeout=300, **options)

    def is_one_sentence(self, result, *words):
        self.assertNotEqual(result.returncode, 0, result.stdout)
        self.assertEqual(len(result.stderr.strip().splitlines()), 1, result.stderr)
        self.assertNotIn("Traceback", result.stderr)
        for word in words:
            self.assertIn(word, result.stderr)

    def test_a_folder_of_any_name_without_home_or_locale(self):
        kit = self.checkout("we[i]rd  'q' \"d\" *é€ +%41 #1 & $x;` ~!-")
        self.notebooks(LEARNS, "System.out.println(System.getProperty(\"user.dir\"));")
        self.environment = {k: v for k, v in self.environment.items() if k.startswith(("PATH", "WM_NOTE", "WM_RES", "WM_HEAP"))} | {"LC_ALL": "C"}
        result = self.run_sh(kit)
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        self.assertTrue(list((kit / "work").glob("memory-*/stage.json")))

    def test_a_folder_that_java_cannot_name_is_refused(self):
        for name in ("a:b", "a=b", "a!"):
            self.is_one_sentence(self.run_sh(self.checkout(name), script="setup.sh"), name, "rename the folder")

    def test_files_are_the_same_whatever_the_digits_of_the_language(self):
        self.notebooks(LEARNS, WRITES)
        names, pictures = {}, set()
        for language in ("en", "fa", "hi -Duser.country=IN -Duser.extensions=u-nu-deva", "de -Duser.country=DE"):
            work = self.path / f"work-{language[:2]}"
            self.environment.update(JDK_JAVA_OPTIONS=f"-Duser.language={language}", WM_WORK=str(work))
            result = self.run_sh(HOME)
            self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
            names[language] = sorted(str(file.relative_to(work)) for file in work.rglob("*"))
            for file in [*work.rglob("*.json"), *work.rglob("*.csv"), *(self.path / "results").rglob("*.json")]:
                self.assertTrue(file.read_text(encoding="utf-8").isascii(), file)
                if file.suffix == ".json":
                    json.loads(file.read_text())
            self.assertEqual(names[language], names["en"], language)
            pictures.add((self.path / "results" / "smoke" / "figures" / "lines.png").read_bytes())
        self.assertEqual(len(pictures), 1, "the axes' numbers")

    def without_rights(self, kit):
        """As somebody who may write nothing there."""
        if os.getuid() == 0:
            return {"user": NOBODY, "group": NOBODY, "extra_groups": []}
        subprocess.run(["chmod", "-R", "a-w", kit], check=True)
        self.addCleanup(subprocess.run, ["chmod", "-R", "u+w", kit], check=True)
        return {}

    def test_a_built_checkout_that_cannot_be_written_elsewhere_says_so(self):
        kit = self.checkout("elsewhere")
        self.notebooks("1 + 1")
        self.is_one_sentence(self.run_sh(kit, script="setup.sh", **self.without_rights(kit)), "kernel.json", "make", "writable")

    def test_results_that_cannot_be_written_are_told_before_anything_runs(self):
        self.notebooks("1 + 1")
        for folder in ("", "smoke", "smoke/notebooks"):
            (self.path / "results" / folder).mkdir(parents=True, exist_ok=True)
            self.environment["WM_WORK"] = str(self.path / "work")
            (self.path / "work").mkdir(exist_ok=True)
            (self.path / "work").chmod(0o777)
            options = self.without_rights(self.path / "results")
            self.is_one_sentence(self.run_sh(HOME, **options), "Cannot write", "results", "WM_RESULTS")
        self.environment["WM_WORK"] = str(self.path / "results" / "work")
        self.is_one_sentence(self.run_sh(HOME, "--kept", **self.without_rights(self.path / "results")), "Cannot write")


if __name__ == "__main__":
    unittest.main(verbosity=2)
