"""The site of results: what it shows, what it leaves out, and that no link leads nowhere. Run by environment/test.sh; takes seconds."""
import csv
import hashlib
import json
import re
import sys
import tempfile
import unittest
from pathlib import Path
from urllib.parse import unquote

HOME = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(HOME / "environment"))

import website

COMMIT = "0123456789abcdef0123456789abcdef01234567"


class Website(unittest.TestCase):

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.results, self.site = Path(folder.name) / "results", Path(folder.name) / "site"
        self.notebook("laptop", "05-controller", ["# 05 · A controller", "The idea & the rest.", "## Look: the <curve>"],
                      ['chapter.show("curve", figure);', 'results.file("tables", "episodes-" + row, table, provenance);'])
        self.notebook("laptop", "06-table", ["# 06 · A table"], ['ResultTable read = results.table("scores");', 'results.table("scores", table, provenance);'])
        self.result("laptop", "tables", "scores", {"scores.csv": "row,mean\nz & h,906\n", "scores.md": "**Scores on tracks**\n\n| row | mean |\n"})
        self.result("laptop", "tables", "episodes-z", {"episodes-z.csv": "track,score\n1,2\n"})
        self.result("laptop", "figures", "curve", {"curve.png": "not really a picture"})
        self.result("smoke", "tables", "scores", {"scores.csv": "row,mean\nz & h,12\n"})

    def notebook(self, preset, name, texts, codes):
        cells = [{"cell_type": "markdown", "id": f"text-{i}", "metadata": {}, "source": text} for i, text in enumerate(texts)]
        cells += [{"cell_type": "code", "execution_count": 1, "id": f"code-{i}", "metadata": {"execution": {"iopub.execute_input": "2026-11-27T10:00:00Z"}},
                   "outputs": [], "source": code} for i, code in enumerate(codes)]
        file = self.results / preset / "notebooks" / f"{name}.ipynb"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))

    def result(self, preset, section, name, files):
        folder = self.results / preset / section
        folder.mkdir(parents=True, exist_ok=True)
        sums = {file: hashlib.sha256(content.encode()).hexdigest() for file, content in files.items()}
        for file, content in files.items():
            (folder / file).write_text(content)
        (folder / f"{name}.provenance.json").write_text(json.dumps(
            {"commit": COMMIT, "preset": preset, "written": "2026-11-27T11:12:13Z", "seeds": [1, 2, 3, 9], "inputs": {"vision.key": "abc"}, "files": sums}))

    def write(self):
        left_out = website.write(self.results, self.site)
        return left_out, (self.site / "index.html").read_text()

    def test_every_result_is_there_with_the_notebook_that_saved_it_the_time_and_the_commit(self):
        left_out, index = self.write()
        self.assertEqual(left_out, [])
        scores = (self.site / "laptop/tables/scores.html").read_text()
        for expected in ("Scores on tracks", "z &amp; h", ">906<", COMMIT, "2026-11-27T11:12:13Z", "06 · A table", "1 to 3, 9", "scores.provenance.json"):
            self.assertIn(expected, scores)
        self.assertIn("05-controller.html#Look:", (self.site / "laptop/figures/curve.html").read_text())
        self.assertIn("05 · A controller", (self.site / "laptop/tables/episodes-z.html").read_text())
        self.assertLess(index.index("Preset laptop"), index.index("Preset smoke"))
        self.assertIn("executed 2026-11-27", index)

    def test_no_link_leads_nowhere(self):
        self.write()
        for file in self.site.rglob("*.html"):
            for link in re.findall(r'(?:href|src)="([^"#]+)', file.read_text()):
                if not re.match(r"[a-z]+:", link):
                    self.assertTrue((file.parent / unquote(link)).resolve().exists(), f"{file.name} points to {link}")

    def test_what_was_edited_or_has_no_provenance_is_named_and_left_out(self):
        (self.results / "laptop/tables/scores.csv").write_text("row,mean\nz & h,edited by hand\n")
        (self.results / "laptop/figures/curve.provenance.json").unlink()
        left_out, index = self.write()
        self.assertEqual(sorted(left_out), ["laptop/figures/curve.png has no provenance.",
                                            "laptop/tables/scores.csv is not the file that its provenance tells of."])
        for file in self.site.rglob("*.*"):
            self.assertFalse("edited by hand" in file.read_text(), file.name)
        self.assertNotIn("laptop/figures/curve.html", index)

    def test_the_search_knows_notebooks_tables_and_headings(self):
        self.write()
        entries = json.loads((self.site / "search-index.js").read_text().removeprefix("const PAGES = ").removesuffix(";\n"))
        titles = [entry["title"] for entry in entries]
        self.assertIn("Scores on tracks", titles)
        self.assertIn("05 · A controller › Look: the <curve>", titles)
        self.assertIn("906", next(e["text"] for e in entries if e["title"] == "Scores on tracks" and e["kind"] == "table, laptop"))

    def test_without_results_there_is_no_site(self):
        self.assertIsNone(website.write(self.results / "nothing", self.site))
        self.assertFalse(self.site.exists())

    def test_what_the_catalogue_says_is_reproduced_is_saved_by_some_notebook(self):
        code = "".join((HOME / "notebooks" / file.name).read_text() for file in (HOME / "notebooks").glob("*.ipynb"))
        with open(website.CATALOGUE, newline="", encoding="utf-8") as rows:
            for row in csv.DictReader(rows):
                name = row["result"]
                self.assertIn('\\"' + (name[:-1] if name.endswith("*") else name + '\\"'), code, name)


if __name__ == "__main__":
    unittest.main()
