"""The reproduction report on small tables in a checkout of their own: what is identical, what is not, and what there is to compare with."""
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import reproduction

SCORES = 'row,mean,interval\nz,258.66,"[206, 313]"\nz and h,295.07,"[223, 371]"\n'


class Report(unittest.TestCase):

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.home = Path(folder.name) / "kit"
        self.elsewhere = Path(folder.name) / "results" / "smoke"
        self.own = self.home / "results" / "smoke"

    def write(self, results, threads=1, **tables):
        (results / "tables").mkdir(parents=True, exist_ok=True)
        for name, text in tables.items():
            name = name.replace("_", "-")
            (results / "tables" / f"{name}.csv").write_text(text)
            (results / "tables" / f"{name}.provenance.json").write_text(json.dumps(
                {"commit": "0123456789", "threads": threads, "machine": {"cpu": "A processor", "cores": "2", "os": "An os"}, "versions": {"jdk": "25"},
                 "files": {f"{name}.csv": hashlib.sha256(text.encode()).hexdigest()}}))

    def commit(self):
        for words in (["init", "-q"], ["add", "-A"], ["-c", "user.name=t", "-c", "user.email=t@t", "commit", "-qm", "kept"]):
            subprocess.run(["git", "-C", self.home, *words], check=True)

    def report(self, results, before):
        said, page = reproduction.report(self.home, "smoke", results, before)
        return "\n".join(said), page

    def test_identical_tables_are_told_with_the_number_of_their_values(self):
        self.write(self.own, scores=SCORES)
        self.write(self.elsewhere, scores=SCORES, threads=2)
        said, page = self.report(self.elsewhere, {})
        self.assertIn("1 of 1 tables are identical to the kept ones in every value.", said)
        self.assertIn("scores: identical, 6 values", said)
        self.assertIn("| threads | 1 | 2 |", page)
        self.assertNotIn("Every value that differs", page)

    def test_each_value_that_differs_is_told_with_row_column_and_both_values(self):
        self.write(self.own, scores=SCORES)
        self.write(self.elsewhere, scores=SCORES.replace("295.07", "67.97").replace("[206, 313]", "[199, 296]"))
        said, page = self.report(self.elsewhere, {})
        self.assertIn("0 of 1 tables are identical to the kept ones in every value, 1 are not.", said)
        self.assertIn("scores: 2 of 6 values differ", said)
        self.assertIn("row 2 (z and h), mean: kept 295.07, made 67.97", said)
        self.assertIn("| 2 (z and h) | mean | 295.07 | 67.97 | -227 |", page)
        self.assertIn("| 1 (z) | interval | [206, 313] | [199, 296] |  |", page)

    def test_rows_and_columns_on_one_side_only_are_differences(self):
        self.write(self.own, scores=SCORES)
        self.write(self.elsewhere, scores="row,mean,n\nz,258.66,20\n")
        said, page = self.report(self.elsewhere, {})
        self.assertIn("| 1 (z) | n | not there | 20 |  |", page)
        self.assertIn("| 1 (z) | interval | [206, 313] | not there |  |", page)
        self.assertIn("| 2 (z and h) | mean | 295.07 | not there |  |", page)
        self.assertIn("5 of 8 values differ", said)

    def test_what_depends_on_the_clock_is_listed_apart_and_not_counted(self):
        self.write(self.own, scores=SCORES, scores_times="row,minutes\nz,0.139\n")
        self.write(self.elsewhere, scores=SCORES, scores_times="row,minutes\nz,0.104\n")
        said, page = self.report(self.elsewhere, {})
        self.assertIn("1 of 1 tables are identical", said)
        self.assertIn("depending on the clock, not counted: scores-times", said)
        self.assertIn("| 1 (z) | minutes | 0.139 | 0.104 | -0.035 |", page.split("## What depends on the clock")[1])

    def test_a_run_into_the_checkouts_own_results_is_compared_with_git(self):
        self.write(self.own, scores=SCORES, other=SCORES)
        self.commit()
        before = reproduction.stamps(self.own / "tables")
        os.utime(self.own / "tables" / "other.csv", ns=(1, 1))
        before["other"] = 1
        self.write(self.own, scores=SCORES.replace("258.66", "1.5"))
        said, page = self.report(self.own, before)
        self.assertIn("results/smoke/tables at git commit", page)
        self.assertIn("row 1 (z), mean: kept 258.66, made 1.5", said)
        self.assertIn("kept, and not made in this run: other", said)

    def test_a_kept_table_that_was_edited_is_told(self):
        self.write(self.own, scores=SCORES)
        self.write(self.elsewhere, scores=SCORES)
        (self.own / "tables" / "scores.csv").write_text(SCORES.replace("258.66", "358.66"))
        said, page = self.report(self.elsewhere, {})
        self.assertIn("scores: 1 of 6 values differ; the kept file is not the one that its provenance tells of", said)

    def test_damaged_files_are_differences_and_no_crash(self):
        self.write(self.own, scores=SCORES)
        self.write(self.elsewhere, scores=SCORES)
        (self.own / "tables" / "scores.csv").write_bytes(b"row,mean\n\xff\"z,1\n")
        (self.own / "tables" / "scores.provenance.json").write_text('{"commit": "01')
        said, page = self.report(self.elsewhere, {})
        self.assertIn("0 of 1 tables are identical", said)
        self.assertIn("| provenance | of one table cannot be read | unknown |", page)

    def test_what_cannot_be_compared_is_said(self):
        self.write(self.own, scores=SCORES)
        self.assertIn("this run made no tables", self.report(self.own, reproduction.stamps(self.own / "tables"))[0])
        said, page = self.report(self.own, {})
        self.assertIn("there is no git to tell what it held", said)
        self.assertIsNone(page)
        self.write(self.elsewhere, new=SCORES)
        said, page = self.report(self.elsewhere, {})
        self.assertIn("new: not kept, so there is nothing to compare it with", said)
        (self.own / "tables" / "scores.csv").unlink()
        self.assertIn("no tables are kept in results/smoke/tables", self.report(self.elsewhere, {})[0])


if __name__ == "__main__":
    unittest.main(verbosity=2)
