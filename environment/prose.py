#!/usr/bin/env python3
"""Numbers in prose, held against the tables they come from.

A number that comes from a table carries a mark, a comment that no reader sees, directly behind it:

    843.2 [824.0, 859.6]<!-- laptop/world-models: z and h; mean, low, high -->

names results/laptop/tables/world-models.csv (published/... is results/published/...csv), a row by its first value, or by its first few as `PlaNet / pixels / 200`, and columns. The
numbers of those cells, in order, are those of the text; `mean#2` begins with a cell's second number; `z and h; mean minus z; mean` is a difference of two. A number in the text may be
rounded, not more than that. In sections called Results every number with a decimal point, and every one in a column headed "ours" or "published", has to be marked.

    environment/prose.py            checks all documents and notebooks; exit status 1 and a sentence for each number that is not what its table has
    environment/prose.py --write    writes the tables' numbers into the text instead; read the sentences around them again
"""
import csv
import json
import re
import sys
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from pathlib import Path

HOME = Path(__file__).resolve().parent.parent
NUMBER = r"(?<![\w.])[-+−]?\d+(?:,\d{3})*(?:\.\d+)?(?:[eE][-+]?\d+)?|(?<=\d[-–])\d+"
PHRASE = re.compile(rf"(?:{NUMBER})(?: ?%)?(?: \[(?:{NUMBER}), (?:{NUMBER})\])?(?: ± (?:{NUMBER}))?(?: ?%)?$")
MARK = re.compile(r"(?<=[\d\])%])<!--(.*?)-->", re.DOTALL)
HEADING = re.compile(r"^(#+) +(.*)$")


class Wrong(Exception):
    """A number or a mark that cannot stand; the message is one sentence."""


def documents(home):
    """Every text whose numbers are checked: its name, its Markdown by parts, and what writes the changed parts back."""
    for path in sorted([*home.glob("*.md"), *home.glob("results/*/README.md")]):
        yield path, [path.read_text(encoding="utf-8")]
    for path in sorted(home.glob("notebooks/*.ipynb")):
        yield path, ["".join(cell["source"]) for cell in json.loads(path.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == "markdown"]


def numbers(text):
    return [Decimal(found.replace(",", "").replace("−", "-")) for found in re.findall(NUMBER, text)]


def table(home, name):
    folder, _, stem = name.partition("/")
    path = home / "results" / (Path("published") if folder == "published" else Path(folder) / "tables") / f"{stem}.csv"
    if not re.fullmatch(r"[\w-]+/[\w-]+", name) or not path.is_file():
        raise Wrong(f"there is no table {name}; a mark begins with a folder of results/ and the name of a table in it, as laptop/world-models")
    with open(path, newline="", encoding="utf-8") as lines:
        return list(csv.reader(lines))


def cells(rows, name, reference):
    """The numbers of the cells that `row; column, column#2` names."""
    row_name, separator, columns = reference.rpartition(";")
    if not separator:
        raise Wrong(f"the mark {name}: {reference} names no row; write row; column")
    head, *body = rows
    wanted = [part.strip() for part in row_name.split(" / ")]
    found = [row for row in body if row[:len(wanted)] == wanted]
    if len(found) != 1:
        raise Wrong(f"{name} has {len(found) or 'no'} row{'s' * (len(found) != 1)} {row_name.strip()}; it has {', '.join(dict.fromkeys(' / '.join(r[:len(wanted)]) for r in body))}")
    values = []
    for column in split_columns(columns, head):
        title, _, place = column.rpartition("#") if re.search(r"#\d+$", column) else (column, "", "1")
        if title not in head:
            raise Wrong(f"{name} has no column {title}; it has {', '.join(head)}")
        here = numbers(found[0][head.index(title)])[int(place) - 1:]
        if not here:
            raise Wrong(f"{name} has no number in row {row_name.strip()}, column {column}")
        values += here
    return values


def split_columns(columns, head):
    """Columns are separated by a comma and a space, which some of them have in their own names."""
    if columns.strip() in head:
        return [columns.strip()]
    return [part.strip() for part in columns.split(", ")]


def values_of(home, mark):
    name, colon, rest = mark.strip().partition(":")
    if not colon:
        raise Wrong(f"the comment {mark.strip()!r} behind a number is no mark; write table: row; column")
    rows = table(home, name.strip())
    first, minus, second = rest.partition(" minus ")
    values = cells(rows, name, first)
    if minus:
        values = [values[0] - cells(rows, name, second)[0]]
    return values


def written(value, like):
    """A table's number as the text writes it: with as many decimals, with commas where it had some."""
    decimals = len(like.partition(".")[2])
    text = f"{value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP):,f}"
    if "," not in like and abs(value) < 10_000:
        text = text.replace(",", "")
    if like.startswith("+") and value > 0:
        text = "+" + text
    return text.replace("-", "−") if like.startswith("−") else text


def says(like, value):
    """Whether a number of the text is the table's, rounded."""
    number = Decimal(like.replace(",", "").replace("−", "-"))
    return number in {value.quantize(number, rounding) for rounding in (ROUND_HALF_UP, ROUND_HALF_EVEN)}


def checked(home, text, place, complaints):
    """The text with the tables' numbers in it; what is wrong is added to the complaints."""
    out, end = [], 0
    for mark in MARK.finditer(text):
        before = MARK.sub("", text[:mark.start()])
        line = text.count("\n", 0, mark.start()) + 1
        try:
            phrase = PHRASE.search(before)
            if not phrase:
                raise Wrong(f"the mark {mark.group(1).strip()} stands behind no number")
            phrase = phrase.group()
            values = values_of(home, mark.group(1))
            told = re.findall(NUMBER, phrase)
            if len(told) > len(values):
                raise Wrong(f"{phrase} has {len(told)} numbers and its mark {mark.group(1).strip()} only {len(values)}")
            new = phrase
            if not all(says(like, value) for like, value in zip(told, values)):
                new_numbers = iter(values)
                new = re.sub(NUMBER, lambda m: written(next(new_numbers), m.group()), phrase)
                complaints.append(f"{place(line)}: {phrase} is marked as {mark.group(1).strip()}, where the table has {new}; "
                                  "environment/prose.py --write takes it over, and the sentence around it wants reading again.")
            out.append(text[end:mark.start() - len(phrase)] + new + mark.group())
            end = mark.end()
        except Wrong as wrong:
            complaints.append(f"{place(line)}: {wrong}.")
    return "".join(out) + text[end:]


def unmarked(text):
    """Numbers of results without a mark: line and number."""
    deep, columns = None, None
    for at, line in enumerate(text.splitlines(), 1):
        heading = HEADING.match(line)
        if heading and (deep is None or len(heading.group(1)) <= deep):
            deep = len(heading.group(1)) if re.search(r"\bResults\b", heading.group(2)) else None
        if deep is None or heading:
            continue
        plain = MARK.sub("☑", re.sub(r"`[^`]*`|\]\([^)]*\)", lambda m: " " * len(m.group()), line))
        if line.startswith("|"):
            row = [cell.strip() for cell in plain.strip().strip("|").split("|")]
            if columns is None:
                columns = [i for i, title in enumerate(row) if re.search(r"\b(ours|published)\b", title)]
                continue
            for i in columns:
                if i < len(row) and re.search(r"\d", row[i]) and "☑" not in row[i]:
                    yield at, row[i]
            continue
        columns = None
        for phrase in re.finditer(rf"(?:{NUMBER})(?: ?%)?(?: \[(?:{NUMBER}), (?:{NUMBER})\])?(?: ± (?:{NUMBER}))?(?: ?%)?", plain):
            if "." in phrase.group() and plain[phrase.end():phrase.end() + 1] != "☑":
                yield at, phrase.group()


def all_of(home, write=False):
    """Every complaint about the documents of a checkout; with write, the tables' numbers are put in."""
    complaints = []
    for path, parts in documents(home):
        name = path.relative_to(home)
        new = []
        for part_number, text in enumerate(parts, 1):
            place = (lambda line: f"{name}, text {part_number}, line {line}") if path.suffix == ".ipynb" else (lambda line: f"{name}, line {line}")
            new.append(checked(home, text, place, complaints))
            if path.suffix != ".ipynb":
                complaints += [f"{place(line)}: {number} is a result without a mark; name its table behind it, as environment/prose.py says at its top."
                               for line, number in unmarked(text)]
        if write and new != parts:
            put(path, new)
    return complaints


def put(path, parts):
    if path.suffix != ".ipynb":
        path.write_text(parts[0], encoding="utf-8")
        return
    book = json.loads(path.read_text(encoding="utf-8"))
    texts = iter(parts)
    for cell in book["cells"]:
        if cell["cell_type"] == "markdown":
            cell["source"] = next(texts).splitlines(keepends=True)
    path.write_text(json.dumps(book, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def main(arguments):
    if arguments not in ([], ["--write"]):
        print(__doc__ if arguments in (["--help"], ["-h"]) else "environment/prose.py knows --write and --help.", file=sys.stderr)
        return 0 if arguments in (["--help"], ["-h"]) else 2
    complaints = all_of(HOME, write=bool(arguments))
    print("\n".join(complaints), end="\n" * bool(complaints))
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
