"""Numbers in README, LIMITS, REPLICATION and the notebooks' prose are those of the tables they name."""
import json
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import prose

TABLE = 'row,mean,low,high,published,on all tracks\nz,540.824,495.93,585.09,632,"19,000"\nz and h,843.166,824.02,859.615,906,"1,234 [1,200, 1,300] (n 30, k 3)"\n'


class Documents(unittest.TestCase):

    def test_every_number_is_its_tables(self):
        self.assertEqual(prose.all_of(prose.HOME), [])

    def test_the_readme_has_marks(self):
        self.assertGreater(len(prose.MARK.findall((prose.HOME / "README.md").read_text(encoding="utf-8"))), 30)


class Marks(unittest.TestCase):

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.home = Path(folder.name)
        self.table = self.home / "results/laptop/tables/scores.csv"
        self.table.parent.mkdir(parents=True)
        self.table.write_text(TABLE)

    def complaints(self, text, **options):
        (self.home / "README.md").write_text(text)
        return prose.all_of(self.home, **options)

    def test_rounded_intervals_differences_and_numbers_in_text_are_found(self):
        for text in ("It has 843.2<!-- laptop/scores: z and h; mean -->.", "| 843<!-- laptop/scores: z and h; mean --> |",
                     "843.2 [824.0, 859.6]<!-- laptop/scores: z and h; mean, low, high -->", "302<!-- laptop/scores: z and h; mean minus z; mean -->",
                     "1,234 [1,200, 1,300]<!-- laptop/scores: z and h; on all tracks -->", "n 30<!-- laptop/scores: z and h; on all tracks#4 -->",
                     "1200<!-- laptop/scores: z and h; on all tracks#2 --> and 541<!-- laptop/scores: z; mean -->",
                     "541<!-- laptop/scores: z / 540.824; mean -->"):
            self.assertEqual(self.complaints(text), [], text)

    def test_a_changed_table_is_told_with_place_and_both_numbers(self):
        text = "One line.\n\nz and h score 843.2 [824.0, 859.6]<!-- laptop/scores: z and h; mean, low, high -->."
        self.assertEqual(self.complaints(text), [])
        self.table.write_text(TABLE.replace("843.166", "853.3"))
        [told] = self.complaints(text)
        self.assertIn("README.md, line 3: 843.2 [824.0, 859.6]", told)
        self.assertIn("where the table has 853.3 [824.0, 859.6]", told)

    def test_writing_takes_the_tables_numbers_over(self):
        self.table.write_text(TABLE.replace("843.166", "853.3"))
        text = "843.2 [824.0, 859.6]<!-- laptop/scores: z and h; mean, low, high --> and 19,001<!-- laptop/scores: z; on all tracks -->\n"
        self.assertEqual(len(self.complaints(text, write=True)), 2)
        self.assertEqual((self.home / "README.md").read_text(), text.replace("843.2", "853.3").replace("19,001", "19,000"))
        self.assertEqual(prose.all_of(self.home), [])

    def test_notebooks_are_read_and_written_too(self):
        book = {"cells": [{"cell_type": "code", "source": ["843.9<!-- laptop/scores: z; mean -->"]},
                          {"cell_type": "markdown", "source": ["# 00\n", "A score of 540<!-- laptop/scores: z; mean -->."]}]}
        path = self.home / "notebooks/00-first.ipynb"
        path.parent.mkdir()
        path.write_text(json.dumps(book))
        [told] = prose.all_of(self.home, write=True)
        self.assertIn("notebooks/00-first.ipynb, text 1, line 2: 540 is marked", told)
        self.assertEqual(json.loads(path.read_text())["cells"][1]["source"][1], "A score of 541<!-- laptop/scores: z; mean -->.")
        self.assertEqual(prose.all_of(self.home), [])

    def test_a_bad_mark_is_one_sentence_with_what_there_is(self):
        for mark, says in (("laptop/score: z; mean", "there is no table laptop/score"), ("laptop/scores: q; mean", "no rows q; it has z, z and h"),
                           ("laptop/scores: z; median", "no column median; it has row, mean"), ("laptop/scores: z", "names no row"),
                           ("as the table says", "is no mark"), ("laptop/scores: z; row", "no number"), ("../x: z; mean", "there is no table")):
            [told] = self.complaints(f"540.8<!-- {mark} -->")
            self.assertIn(says, told)
            self.assertEqual(told.count("\n"), 0)
        [told] = self.complaints("540.8 [1.0, 2.0]<!-- laptop/scores: z; mean -->")
        self.assertIn("has 3 numbers", told)

    def test_results_without_a_mark_are_told(self):
        text = ("# Kit 1.0\n\nIt takes 2.5 h.\n\n## Results\n\nA score of 843.2 in `x 1.5`.\n\n| row | ours | n |\n|---|---|---|\n| z | 541 | 100 |\n"
                "| z | 541<!-- laptop/scores: z; mean --> | 7 |\n\n### More\n\n12.5\n\n## Else\n\n9.5\n")
        self.assertEqual([told.partition(": ")[0] + told.partition(": ")[2][:6] for told in self.complaints(text)],
                         ["README.md, line 7843.2 ", "README.md, line 11541 is", "README.md, line 1612.5 i"])


if __name__ == "__main__":
    unittest.main(verbosity=2)
