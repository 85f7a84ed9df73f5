"""The reproduction report: the tables that a run has made beside the kept ones, number by number.

Kept are the tables in git (HEAD) where the run writes into the checkout's own results, else those in the checkout. A table whose name ends
in "-times" holds what depends on the clock: it is listed apart and counts neither as identical nor as different.
"""
import csv
import hashlib
import io
import json
import subprocess
from dataclasses import dataclass
from pathlib import Path

TIMES = "-times"
NOT_THERE = "not there"
PRINTED = 5


@dataclass(frozen=True)
class Difference:
    row: str
    column: str
    kept: str
    made: str

    def by(self):
        """Made less kept, where both are plain numbers."""
        try:
            return f"{float(self.made.replace(',', '')) - float(self.kept.replace(',', '')):+.3g}"
        except ValueError:
            return ""


@dataclass(frozen=True)
class Compared:
    """One table: its values and those of them that differ. Kept is false where there is nothing to compare it with, whole where the kept one is the
    file that its provenance tells of."""
    name: str
    values: int
    differences: tuple
    kept: bool = True
    whole: bool = True

    @property
    def on_the_clock(self):
        return self.name.endswith(TIMES)

    def verdict(self):
        if not self.kept:
            return "not kept, so there is nothing to compare it with"
        told = f"{len(self.differences)} of {self.values} values differ" if self.differences else f"identical, {self.values} values"
        return told if self.whole else f"{told}; the kept file is not the one that its provenance tells of"


def compare(name, kept, made, whole=True):
    """Two CSV files' texts, value by value as they are written. Rows belong together by their place, columns by their name."""
    (kept_head, *kept_rows), (made_head, *made_rows) = (list(csv.reader(io.StringIO(text))) or [[]] for text in (kept, made))
    columns = made_head + [c for c in kept_head if c not in made_head]
    differences = []
    rows = max(len(kept_rows), len(made_rows))
    # A row is called by its first value, or by its first two where the first is not its own.
    called_by = 1 if len({row[0] for row in made_rows if row}) == len(made_rows) else 2
    for i in range(rows):
        before, after = (dict(zip(head, all_rows[i])) if i < len(all_rows) else {} for head, all_rows in ((kept_head, kept_rows), (made_head, made_rows)))
        label = f"{i + 1} ({', '.join(list((after or before).values())[:called_by])})"
        for column in columns:
            pair = before.get(column, NOT_THERE), after.get(column, NOT_THERE)
            if pair[0] != pair[1]:
                differences.append(Difference(label, column, *pair))
    return Compared(name, rows * len(columns), tuple(differences), whole=whole)


class Kept:
    """The kept tables of a preset: as git has them, or as they lie in the checkout."""

    def __init__(self, home, preset, results):
        self.home, self.folder = home, Path("results") / preset / "tables"
        self.in_git = results.resolve() == (home / "results" / preset).resolve()
        self.problem = None
        if self.in_git:
            head = self.git("rev-parse", "--short", "HEAD")
            if head is None:
                self.problem = f"{self.folder} was written over and there is no git to tell what it held; set WM_RESULTS to another folder and run again"
            self.where = f"{self.folder} at git commit {(head or '').strip()}"
        else:
            self.where = f"{self.folder} in the checkout"
        if not self.problem and not self.names():
            self.problem = f"no tables are kept in {self.folder}"

    def git(self, *arguments):
        try:
            done = subprocess.run(["git", "-C", self.home, *arguments], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        except FileNotFoundError:
            return None
        return done.stdout.decode(errors="replace") if done.returncode == 0 else None

    def names(self):
        files = (self.git("ls-tree", "--name-only", "HEAD", f"./{self.folder}/") or "").splitlines() if self.in_git \
            else [p.name for p in (self.home / self.folder).glob("*.csv")]
        return sorted(Path(f).stem for f in files if f.endswith(".csv"))

    def text(self, file):
        if self.in_git:
            return self.git("show", f"HEAD:./{self.folder}/{file}")
        path = self.home / self.folder / file
        return read(path) if path.exists() else None

    def is_whole(self, name):
        """Whether a table has the checksum that its provenance gives."""
        file = f"{name}.csv"
        try:
            return json.loads(self.text(f"{name}.provenance.json") or "")["files"][file] == hashlib.sha256(self.text(file).encode()).hexdigest()
        except (ValueError, KeyError, TypeError):
            return False


def read(path):
    with open(path, encoding="utf-8", errors="replace", newline="") as file:
        return file.read()


def stamps(tables):
    """When each table was written; what has another stamp after a run was made by it."""
    return {p.stem: p.stat().st_mtime_ns for p in tables.glob("*.csv")}


def report(home, preset, results, before):
    """Compares what was made since the stamps were taken: the lines to print, and the report as Markdown, or None where nothing can be compared."""
    tables = results / "tables"
    made = sorted(name for name, stamp in stamps(tables).items() if before.get(name) != stamp)
    if not made:
        return ["Reproduction: this run made no tables."], None
    kept = Kept(home, preset, results)
    if kept.problem:
        return [f"Reproduction: nothing to compare the tables with: {kept.problem}."], None
    compared = []
    for name in made:
        text, new = kept.text(f"{name}.csv"), read(tables / f"{name}.csv")
        compared.append(compare(name, text, new, kept.is_whole(name)) if text is not None else Compared(name, 0, (), kept=False))
    missing = [name for name in kept.names() if name not in made]
    origins = origin(kept.text(f"{c.name}.provenance.json") for c in compared if c.kept), \
        origin(read(p) for p in (tables / f"{name}.provenance.json" for name in made) if p.exists())
    return said(kept.where, compared, missing), page(preset, kept.where, compared, missing, origins)


def origin(records):
    """How the tables came about, from their provenance: what -> the different answers."""
    answers = {}
    for text in filter(None, records):
        try:
            record = json.loads(text)
            machine, versions = record["machine"], record["versions"]
            told = {"commit": record["commit"][:7], "processor": machine["cpu"], "cores": machine["cores"], "threads": record["threads"],
                    "system": machine["os"], "libtorch": versions.get("libtorch"), "JDK": versions.get("jdk")}
        except (ValueError, KeyError, TypeError):
            told = {"provenance": "of one table cannot be read"}
        for what, answer in told.items():
            if answer is not None:
                answers.setdefault(what, set()).add(str(answer))
    return answers


def headline(compared):
    numbers = [c for c in compared if c.kept and not c.on_the_clock]
    same = sum(not c.differences for c in numbers)
    return f"{same} of {len(numbers)} tables are identical to the kept ones in every value" + ("." if same == len(numbers) else
           f", {len(numbers) - same} are not.")


def said(where, compared, missing):
    lines = [f"Reproduction: {headline(compared)} Kept are those of {where}."]
    for table in compared:
        if table.on_the_clock:
            continue
        lines.append(f"  {table.name}: {table.verdict()}")
        lines += [f"      row {d.row}, {d.column}: kept {d.kept}, made {d.made}" for d in table.differences[:PRINTED]]
        if len(table.differences) > PRINTED:
            lines.append(f"      and {len(table.differences) - PRINTED} more")
    clock = [c.name for c in compared if c.on_the_clock]
    if clock:
        lines.append(f"  depending on the clock, not counted: {', '.join(clock)}")
    if missing:
        lines.append(f"  kept, and not made in this run: {', '.join(missing)}")
    return lines


def page(preset, where, compared, missing, origins):
    numbers, clock = [c for c in compared if not c.on_the_clock], [c for c in compared if c.on_the_clock]
    parts = [f"# Reproduction of the preset {preset}", headline(compared),
             "Each value of each CSV file is compared as it is written. Training rounds differently in the last digit on another processor or with another "
             "number of threads, and a search that follows from it goes another way; what is not trained is the same everywhere.",
             grid(("", "kept", "this run"), [("tables", where, f"results/{preset}/tables")] +
                  [(what, *(", ".join(sorted(o.get(what, {"unknown"}))) for o in origins)) for what in {**origins[0], **origins[1]}]),
             "## Tables", grid(("table", "result"), [(c.name, c.verdict()) for c in numbers])]
    if missing:
        parts.append(f"Kept, and not made in this run: {', '.join(missing)}.")
    if any(c.differences for c in numbers):
        parts += ["## Every value that differs", *listed(numbers)]
    if clock:
        parts += ["## What depends on the clock", "These tables are other on every run and are not counted above.",
                  grid(("table", "result"), [(c.name, c.verdict()) for c in clock]), *listed(clock)]
    return "\n\n".join(parts) + "\n"


def listed(tables):
    for table in tables:
        if table.differences:
            yield f"### {table.name}"
            yield grid(("row", "column", "kept", "this run", "difference"), [(d.row, d.column, d.kept, d.made, d.by()) for d in table.differences])


def grid(head, rows):
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in (head, ["---"] * len(head), *rows))
