#!/usr/bin/env python3
"""The library's Javadoc as a site, with the papers that its comments cite linked: `environment/javadoc.sh` writes work/javadoc.

"Hafner et al. 2019" becomes a link to the work of that author and year in references.bib.
"""
import html
import json
import os
import re
import subprocess
import sys
import unicodedata
from pathlib import Path

HOME = Path(__file__).resolve().parent.parent
NAME = r"[A-Z][^\W\d_]+(?:[-'’][^\W\d_]+)*"
CITATION = re.compile(rf"\b({NAME})(?:(?P<others>,? et al\.,?)|,? (?:and|&(?:amp;)?) ({NAME}))? \(?(\d{{4}})\b")
TAG = re.compile(r"<[^>]*>")


def works(bibtex):
    """(first author's family name, year) to the list of its works, each a dictionary of fields."""
    found = {}
    for key, body in re.findall(r"(?m)^@\w+\{([^,\s]+),\n(.*?)^\}", bibtex, re.DOTALL):
        fields = dict(re.findall(r"(?m)^\s*(\w+)\s*=\s*\{(.*?)\},?$", body))
        authors = [plain(name).partition(",")[0] for name in fields["author"].split(" and ")]
        work = {"key": key, "title": plain(fields["title"]), "url": fields.get("url"), "authors": authors}
        found.setdefault((authors[0].split()[-1], fields.get("year", "")), []).append(work)
    return found


def plain(text):
    """A name without TeX and accents."""
    text = re.sub(r"\\[\"'`^~c=]\s*\{?(\w)\}?", r"\1", text).replace("{\\o}", "o").replace("\\_", "_")
    return "".join(c for c in unicodedata.normalize("NFD", re.sub(r"[{}]", "", text)) if not unicodedata.combining(c)).replace("ø", "o")


def cited(match, known):
    """The work that a citation means, or None."""
    first, second, year = match.group(1), match.group(3), match.group(4)
    candidates = known.get((plain(first), year), [])
    if second:
        candidates = [w for w in candidates if len(w["authors"]) == 2 and w["authors"][1].split()[-1] == plain(second)]
    elif match.group("others"):
        candidates = [w for w in candidates if len(w["authors"]) > 2 or "others" in w["authors"]]
    return candidates[0] if candidates else None


def unknown(text, known):
    """Citations of two or more authors that references.bib does not have."""
    text = re.sub(r"\s*\n\s*(?:\*|//)?\s*", " ", text)
    return [m.group() for m in CITATION.finditer(text) if (m.group(3) or m.group("others")) and not cited(m, known)]


def linked(page, known):
    """A page of HTML with its citations linked, but for those in links, headings and scripts."""
    out, at, inside = [], 0, 0
    for tag in [*TAG.finditer(page), None]:
        text = page[at:tag.start() if tag else len(page)]
        out.append(text if inside else CITATION.sub(lambda m: link(m, known), text))
        if tag:
            name = re.match(r"</?(\w*)", tag.group()).group(1).lower()
            if name in ("a", "script", "style", "title", "head"):
                inside += -1 if tag.group().startswith("</") else 1
            out.append(tag.group())
            at = tag.end()
    return "".join(out)


def link(match, known):
    work = cited(match, known)
    if not work or not work["url"]:
        return match.group()
    return f'<a href="{html.escape(work["url"])}" title="{html.escape(work["title"])}">{match.group()}</a>'


def main():
    if sys.argv[1:]:
        print(__doc__, file=sys.stderr)
        return 0 if sys.argv[1:] in (["--help"], ["-h"]) else 2
    target = Path(os.environ.get("WM_WORK") or HOME / "work") / "javadoc"
    spec = json.loads((HOME / "work/jupyter/kernels/java/kernel.json").read_text())
    class_path = spec["argv"][spec["argv"].index("-cp") + 1]
    version = re.search(r"<artifactId>worldmodels-parent</artifactId>\s*<version>([^<]+)", (HOME / "pom.xml").read_text()).group(1)
    made = subprocess.run([os.environ["KIT_JDK"] + "/bin/javadoc", "-quiet", "-d", target, "-sourcepath", HOME / "lib/src/main/java", "-subpackages", "worldmodels",
                           "-cp", class_path, "--add-modules", "jdk.incubator.vector", "-encoding", "UTF-8", "-Xdoclint:all,-missing", "-notimestamp",
                           "-tag", "implNote:a:Implementation note:", "-windowtitle", "World Models in Java", "-doctitle", f"World Models in Java {version}"],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    told = [line for line in made.stdout.splitlines() if "Using incubator module" not in line and line != "1 warning"]
    if made.returncode:
        print("\n".join(told) + "\nThe Javadoc has errors, which are above.", file=sys.stderr)
        return 1
    known = works((HOME / "references.bib").read_text(encoding="utf-8"))
    for page in target.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        new = linked(text, known)
        if new != text:
            page.write_text(new, encoding="utf-8")
    print(f"The Javadoc is {target / 'index.html'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
