"""One site of everything in results/: the executed notebooks, tables, figures and videos of every preset, what each reproduces, how, when and with which
commit, and a search over all of it. Plain files with relative links, which open from a folder as they do from any static host.

A result is shown if the provenance beside it tells of the file as it is; others are named and left out. Pages that are there are written over; the folder
is the site's own.
"""
import csv
import hashlib
import html
import json
import re
import shutil
from pathlib import Path
from urllib.parse import quote

import pages

LOOK = Path(__file__).resolve().parent / "website"
# Which result reproduces what; a name that ends in * stands for all that begin so.
CATALOGUE = Path(__file__).resolve().parent / "reproduces.csv"
SECTIONS = {"tables": ".csv", "figures": ".png", "videos": ".gif", "pages": ".html"}
KINDS = {"tables": "table", "figures": "figure", "videos": "video", "pages": "live page"}
# How a notebook names what it saves; where no call of this form has a name, any text will do.
NAME = r'"([a-z0-9]+(?:-[a-z0-9]+)*-?)"'
SAVED = r'\.(?:table|figure|video|page|show|remember|file)\(\s*(?:"tables",\s*)?' + NAME + r"\s*[,+]"
# Presets come in this order, others after them.
FIRST = ("paper", "laptop", "smoke")
PROVENANCE = ".provenance.json"
# What is searched of a page is cut to this many characters a part.
PART = 4000


def write(results, target):
    """Makes the site of a results folder; returns what was left out, a sentence each. Needs at least one result or executed notebook."""
    site = Site(results, target)
    site.read()
    if not site.presets:
        return None
    site.write()
    return site.left_out


class Preset:

    def __init__(self, name):
        self.name, self.chapters, self.artefacts = name, [], []


class Chapter:
    """An executed notebook."""

    def __init__(self, preset, path, book):
        self.preset, self.stem, self.book = preset, path.stem, book
        self.title = pages.title_of(book)
        self.url = f"{preset}/notebooks/{path.stem}.html"
        times = [cell.metadata.get("execution", {}).get("iopub.execute_input", "") for cell in book.cells]
        self.when = max(times, default="")[:10]
        self.sections = list(sections(book))

    def names(self, pattern):
        """The results that it names, each with the heading it is named under; one that goes on, such as "episodes-" + row, ends in a dash."""
        found = {}
        for heading, _, code in self.sections:
            for name in re.findall(pattern, code):
                found.setdefault(name, heading)
        return found


class Artefact:

    def __init__(self, preset, section, name, files, provenance, folder):
        self.preset, self.section, self.name, self.files, self.provenance, self.folder = preset, section, name, files, provenance, folder
        self.url = f"{preset}/{section}/{name}.html" if section != "pages" else f"{preset}/{section}/{name}-page.html"
        self.chapter = self.heading = None
        markdown = folder / f"{name}.md"
        bold = re.match(r"\*\*(.+?)\*\*", markdown.read_text(encoding="utf-8")) if section == "tables" and markdown.exists() else None
        self.title = bold.group(1) if bold else name.replace("-", " ")
        self.when = provenance.get("written", "")[:10]
        self.commit = provenance.get("commit", "")[:10] + (" and changes" if provenance.get("modified") else "")


def sections(book):
    """Heading, prose and code of each part of a notebook."""
    heading, prose, code = "", [], []
    for cell in book.cells:
        begins = re.match(r"\s*#{1,3} +(.+)", cell.source) if cell.cell_type == "markdown" else None
        if begins and (prose or code):
            yield heading, "\n".join(prose), "\n".join(code)
            prose, code = [], []
        if begins:
            heading = begins.group(1).strip()
        (prose if cell.cell_type == "markdown" else code).append(cell.source)
    yield heading, "\n".join(prose), "\n".join(code)


class Site:

    def __init__(self, results, target):
        self.results, self.target = results, target
        self.presets, self.left_out, self.searched = [], [], []
        self.published = sorted((results / "published").glob("*.csv"))
        with open(CATALOGUE, newline="", encoding="utf-8") as rows:
            self.reproduces = {row["result"]: row["reproduces"] for row in csv.DictReader(rows)}

    def read(self):
        import nbformat

        names = [p.name for p in self.results.iterdir() if p.is_dir() and p.name != "published"] if self.results.is_dir() else []
        for name in sorted(names, key=lambda n: (FIRST.index(n) if n in FIRST else len(FIRST), n)):
            preset, folder = Preset(name), self.results / name
            for path in sorted((folder / "notebooks").glob("[0-9][0-9]-*.ipynb")):
                if ".failed" not in path.name:
                    preset.chapters.append(Chapter(name, path, nbformat.read(path, as_version=4)))
            saved = {}
            for pattern in (SAVED, NAME):
                for chapter in preset.chapters:
                    for artefact, heading in chapter.names(pattern).items():
                        saved.setdefault(artefact, (chapter, heading))
            for section, suffix in SECTIONS.items():
                for file in sorted((folder / section).glob(f"*{suffix}")):
                    artefact = self.artefact(name, section, file)
                    if artefact:
                        artefact.chapter, artefact.heading = saved.get(artefact.name) or begun(saved, artefact.name) or (None, None)
                        preset.artefacts.append(artefact)
            if preset.chapters or preset.artefacts:
                self.presets.append(preset)

    def artefact(self, preset, section, file):
        record = file.with_name(file.stem + PROVENANCE)
        try:
            provenance = json.loads(record.read_text(encoding="utf-8"))
            sums = provenance["files"]
        except (OSError, ValueError, KeyError):
            self.left_out.append(f"{preset}/{section}/{file.name} has no provenance.")
            return None
        files = [file.with_name(name) for name in sums]
        for each in files:
            # Of smoke's tables the CSV file alone is kept in the project.
            if each.exists() and hashlib.sha256(each.read_bytes()).hexdigest() != sums[each.name]:
                self.left_out.append(f"{preset}/{section}/{each.name} is not the file that its provenance tells of.")
                return None
        return Artefact(preset, section, file.stem, [f for f in files if f.exists()], provenance, file.parent)

    def write(self):
        if self.target.exists():
            shutil.rmtree(self.target)
        self.target.mkdir(parents=True)
        for file in LOOK.iterdir():
            shutil.copyfile(file, self.target / file.name)
        for preset in self.presets:
            for before, chapter, after in zip([None, *preset.chapters], preset.chapters, [*preset.chapters[1:], None]):
                self.put(chapter.url, self.chapter_page(before, chapter, after))
                for heading, prose, code in chapter.sections:
                    anchor = "#" + quote(heading.replace(" ", "-"), safe="!*'();:@&=+$,/?~-._") if heading else ""
                    self.search(f"{chapter.title} › {plain(heading)}" if plain(heading) != chapter.title else chapter.title, f"notebook, {preset.name}",
                                chapter.url + anchor, prose + " " + code)
            for artefact in preset.artefacts:
                self.put(artefact.url, self.artefact_page(artefact))
                for file in [*artefact.files, artefact.folder / (artefact.name + PROVENANCE)]:
                    shutil.copyfile(file, self.target / artefact.preset / artefact.section / file.name)
                self.search(artefact.title, f"{KINDS[artefact.section]}, {preset.name}", artefact.url,
                            f"{artefact.name} {self.reproduced(artefact)} {artefact.heading or ''} {first_rows(artefact)}")
        for file in self.published:
            self.put(f"published/{file.stem}.html", self.published_page(file))
            shutil.copyfile(file, self.target / "published" / file.name)
            self.search(f"Published numbers: {file.stem}", "published", f"published/{file.stem}.html", file.read_text(encoding="utf-8"))
        if any(pages.has_equations(chapter.book) for preset in self.presets for chapter in preset.chapters):
            (self.target / "mathjax.js").write_text(pages.mathjax_source(), encoding="utf-8")
        (self.target / "search-index.js").write_text(f"const PAGES = {json.dumps(self.searched, ensure_ascii=False)};\n", encoding="utf-8")
        # Last: where there is an index, there is all that it names.
        self.put("index.html", self.index_page())

    def put(self, url, text):
        file = self.target / url
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def search(self, title, kind, url, text):
        self.searched.append({"title": plain(title), "kind": kind, "url": url, "text": plain(text)[:PART]})

    def reproduced(self, artefact):
        name = artefact.name
        return self.reproduces.get(name) or next((what for key, what in self.reproduces.items() if key.endswith("*") and name.startswith(key[:-1])), "")

    def chapter_page(self, before, chapter, after):
        math = ""
        if pages.has_equations(chapter.book):
            math = f'{pages.MATHJAX_SETTINGS}<script async src="../../mathjax.js"></script>'
        body = pages.exported(chapter.book, chapter.title, hide_code=False, head=f'<link rel="stylesheet" href="../../site.css">{math}')
        steps = [f'<a href="{c.stem}.html">{sign}</a>' for c, sign in ((before, "‹ before"), (after, "next ›")) if c]
        bar = (f'<nav class="site"><a href="../../index.html">All results</a><span>{escaped(chapter.title)}, preset {chapter.preset}'
               f'{", executed " + chapter.when if chapter.when else ""}</span>{" ".join(steps)}</nav>')
        return re.sub(r"(<body[^>]*>)", lambda match: match.group(1) + bar, body, count=1)

    def artefact_page(self, artefact):
        p, up = artefact.provenance, "../.."
        facts = [("reproduces", escaped(self.reproduced(artefact)) or "nothing published; it is the kit's own"),
                 ("made by", self.made_by(artefact, up)), ("preset", preset_facts(p)), ("written", escaped(p.get("written", ""))),
                 ("commit", f"<code>{escaped(p.get('commit', ''))}</code>" + (", with changes that were not committed" if p.get("modified") else "")),
                 ("seeds", escaped(spans(p.get("seeds", [])))),
                 ("work", f"{p.get('environmentSteps', 0):,} environment steps, {p.get('wallSeconds', 0) / 60:,.0f} min, threads: {p.get('threads', '?')}"),
                 ("machine", escaped(", ".join(f"{k} {v}" for k, v in p.get("machine", {}).items()))),
                 ("versions", escaped(", ".join(f"{k} {v}" for k, v in p.get("versions", {}).items()))),
                 ("stages behind it", folded(sum(key.endswith(".key") for key in p.get("inputs", {})), listing(p.get("inputs", {})))),
                 ("files", " · ".join(f'<a href="{f}">{f}</a>' for f in [*(f.name for f in artefact.files), artefact.name + PROVENANCE]))]
        listed = "".join(f"<dt>{name}</dt><dd>{value}</dd>" for name, value in facts if value)
        return page(artefact.title, f"{KINDS[artefact.section].capitalize()} <code>{artefact.name}</code>", shown(artefact) + f"<dl>{listed}</dl>", up)

    def made_by(self, artefact, up):
        if not artefact.chapter:
            return ""
        anchor = quote(artefact.heading.replace(" ", "-"), safe="!*'();:@&=+$,/?~-._")
        return f'notebook <a href="{up}/{artefact.chapter.url}#{anchor}">{escaped(artefact.chapter.title)}</a>, {escaped(plain(artefact.heading))}'

    def published_page(self, file):
        with open(file, newline="", encoding="utf-8") as rows:
            return page(f"Published numbers: {file.stem}", "As they were printed, with their source", table(list(csv.reader(rows)))
                        + f'<p><a href="{file.name}">{file.name}</a></p>', "..")

    def index_page(self):
        parts = ['<p class="search"><label>Search <input type="search" id="search" placeholder="temperature, CMA-ES, 0.947 …" autocomplete="off"></label></p>'
                 '<div id="found" aria-live="polite"></div>']
        links = [f'<a href="#{preset.name}">{preset.name}</a>' for preset in self.presets] + (['<a href="#published">published numbers</a>'] if self.published else [])
        parts.append(f'<p class="jump">{" · ".join(links)}</p>')
        for preset in self.presets:
            parts.append(f'<section><h2 id="{preset.name}">Preset {preset.name}</h2>')
            for chapter in [*preset.chapters, None]:
                own = [a for a in preset.artefacts if a.chapter is chapter]
                if chapter:
                    when = f'<span class="when">executed {chapter.when}</span>' if chapter.when else ""
                    parts.append(f'<h3><a href="{chapter.url}">{escaped(chapter.title)}</a> {when}</h3>')
                elif own:
                    parts.append("<h3>Saved by no notebook that is here</h3>")
                if own:
                    parts.append(f'<ul class="results">{"".join(map(self.entry, own))}</ul>')
            parts.append("</section>")
        if self.published:
            listed = "".join(f'<li><a href="published/{f.stem}.html">{f.stem}</a></li>' for f in self.published)
            parts.append(f'<section><h2 id="published">Published numbers</h2><ul>{listed}</ul></section>')
        return page("World Models in Java: results", "Every notebook, table and figure, with what it reproduces, how, when and with which commit", "".join(parts), ".",
                    '<script src="search-index.js"></script><script src="search.js"></script>')

    def entry(self, artefact):
        thumb = ""
        if artefact.section in ("figures", "videos"):
            thumb = f'<img loading="lazy" alt="" src="{artefact.preset}/{artefact.section}/{artefact.files[0].name}">'
        what = self.reproduced(artefact)
        return (f'<li><a href="{artefact.url}">{thumb}<b>{escaped(artefact.title)}</b></a><small>{KINDS[artefact.section]} <code>{artefact.name}</code>'
                f'{"; reproduces " + escaped(what) if what else ""}; {artefact.when}, commit <code>{escaped(artefact.commit)}</code></small></li>')


def begun(saved, name):
    """The chapter that saves results whose names it makes, such as "thesis-dream-" and a model's."""
    parts = name.split("-")
    for end in range(len(parts) - 1, 0, -1):
        beginning = "-".join(parts[:end]) + "-"
        if beginning in saved:
            return saved[beginning]
    return None


def shown(artefact):
    if artefact.section == "tables":
        return table(rows_of(artefact))
    if artefact.section == "pages":
        return f'<p><a href="{artefact.files[0].name}">Open it alone</a></p><iframe title="{escaped(artefact.title)}" src="{artefact.files[0].name}"></iframe>'
    return f'<a href="{artefact.files[0].name}"><img class="whole" alt="{escaped(artefact.title)}" src="{artefact.files[0].name}"></a>'


def rows_of(artefact):
    with open(artefact.folder / f"{artefact.name}.csv", newline="", encoding="utf-8") as rows:
        return list(csv.reader(rows))


def first_rows(artefact):
    return " ".join(" ".join(row) for row in rows_of(artefact)[:20]) if artefact.section == "tables" else ""


def table(rows):
    def cells(row, tag):
        return "".join(f'<{tag}{" class=number" if re.match(r"^[-+]?[0-9]", cell) else ""}>{escaped(cell)}</{tag}>' for cell in row)
    head, *rest = rows or [[]]
    body = "".join(f"<tr>{cells(row, 'td')}</tr>" for row in rest)
    return f'<div class="wide"><table><thead><tr>{cells(head, "th")}</tr></thead><tbody>{body}</tbody></table></div>'


def preset_facts(provenance):
    changed = provenance.get("reductions", {})
    return escaped(provenance.get("preset", "")) + (folded(f"{len(changed)} settings differ from the sources'", listing(changed)) if changed else "")


def listing(values):
    return "".join(f"<div><code>{escaped(key)}</code> {escaped(value)}</div>" for key, value in values.items())


def folded(summary, inner):
    return f"<details><summary>{summary}</summary>{inner}</details>"


def spans(numbers):
    """1, 2, 3, 7 as 1 to 3, 7."""
    runs = []
    for number in sorted(numbers):
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ", ".join(str(a) if a == b else f"{a} to {b}" for a, b in runs)


def page(title, subtitle, body, up, scripts=""):
    home = "" if up == "." else f'<nav class="site"><a href="{up}/index.html">All results</a></nav>'
    return (f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
            f'<title>{escaped(title)}</title><link rel="stylesheet" href="{up}/site.css"></head><body>{home}<main><h1>{escaped(title)}</h1>'
            f"<p>{subtitle}</p>{body}</main>{scripts}</body></html>\n")


def escaped(text):
    return html.escape(str(text))


def plain(text):
    """Without the signs of Markdown."""
    return re.sub(r"\s+", " ", re.sub(r"[*_`#|$]|\]\([^)]*\)|\[", "", text)).strip()
