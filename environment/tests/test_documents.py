"""What is made of the project's files for others: links to papers, a manifest for a CODECHECK; and that documents point to files that are there."""
import json
import re
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import codecheck
import javadoc

HOME = javadoc.HOME
BIB = """@misc{hafner2019planet,
  author        = {Hafner, Danijar and Lillicrap, Timothy and Fischer, Ian},
  title         = {{Learning Latent Dynamics}},
  year          = {2019},
  url           = {https://arxiv.org/abs/1811.04551}
}

@misc{ha2018world,
  author        = {Ha, David and Schmidhuber, J{\\"u}rgen},
  title         = {{World Models}},
  year          = {2018},
  url           = {https://arxiv.org/abs/1803.10122}
}
"""


class Papers(unittest.TestCase):

    def test_citations_become_links_to_their_works(self):
        known = javadoc.works(BIB)
        page = ('<p>As in Hafner et al. 2019, figure 2, and Ha &amp; Schmidhuber (2018); <a href="x">Hafner et al. 2019</a>. Hafner and Ba 2019, Hafner et al. 2020.</p>'
                "<script>// Hafner et al. 2019</script>")
        linked = javadoc.linked(page, known)
        self.assertEqual(linked.count('<a href="https://arxiv.org/abs/1811.04551" title="Learning Latent Dynamics">Hafner et al. 2019</a>'), 1)
        self.assertIn('<a href="https://arxiv.org/abs/1803.10122" title="World Models">Ha &amp; Schmidhuber (2018</a>', linked)
        self.assertEqual(linked.count("<a "), 3)
        self.assertEqual(javadoc.unknown("Hafner and Ba 2019, Hafner et al.\n * 2020, Ha and\n// Schmidhuber 2018, Ba 2015", known),
                         ["Hafner and Ba 2019", "Hafner et al. 2020"])

    def test_every_paper_that_the_library_and_the_notebooks_cite_is_in_the_references(self):
        known = javadoc.works((HOME / "references.bib").read_text(encoding="utf-8"))
        missing = {}
        for path in [*(HOME / "lib/src/main/java").rglob("*.java"), *(HOME / "notebooks").glob("*.ipynb")]:
            text = path.read_text(encoding="utf-8")
            if path.suffix == ".ipynb":
                text = "\n\n".join("".join(cell["source"]) for cell in json.loads(text)["cells"])
            for citation in javadoc.unknown(text, known):
                missing.setdefault(citation, path.name)
        self.assertEqual(missing, {})


class Codecheck(unittest.TestCase):

    def test_the_manifest_lists_what_its_provenance_tells_of(self):
        entries = codecheck.manifest(HOME, "laptop")
        files = [entry["file"] for entry in entries]
        self.assertIn("results/laptop/tables/world-models.csv", files)
        self.assertIn("results/laptop/figures/planet-returns.png", files)
        self.assertEqual(len(files), len(set(files)))
        self.assertTrue(all((HOME / file).is_file() for file in files))
        table = next(entry for entry in entries if entry["file"].endswith("/world-models.csv"))
        self.assertRegex(table["comment"], r"^Ha & Schmidhuber 2018.*; preset laptop; commit [0-9a-f]{12}; 20\d\d-.*; [\d,]+ environment steps$")

    def test_a_preset_without_results_is_one_sentence(self):
        with self.assertRaisesRegex(SystemExit, "no results with provenance in results/paper"):
            codecheck.written(HOME, "paper")

    def test_the_manifest_is_yaml(self):
        text = codecheck.written(HOME, "laptop")
        self.assertTrue(text.startswith("---\nversion: https://codecheck.org.uk/spec/config/1.0/\n"))
        for line in text.splitlines()[1:]:
            self.assertRegex(line, r'^( {2,}(- )?)?[\w-]+:( "(?:[^"\\]|\\.)*"| >| https?://\S+| #.*)?$|^  environment/')


class Links(unittest.TestCase):

    def test_documents_point_to_files_that_are_there(self):
        dead = []
        for document in [*HOME.glob("*.md"), *HOME.glob("results/**/README.md"), HOME / "environment/README.md", HOME / "binder/README.md"]:
            for target in re.findall(r"\]\((?!https?://|#)([^)#\s]+)", document.read_text(encoding="utf-8")):
                if not (document.parent / target).exists():
                    dead.append(f"{document.relative_to(HOME)}: {target}")
        self.assertEqual(dead, [])


if __name__ == "__main__":
    unittest.main(verbosity=2)
