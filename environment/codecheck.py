#!/usr/bin/env python3
"""A manifest for a CODECHECK (https://codecheck.org.uk): what a checker has to make again, read from the provenance beside each result.

    environment/codecheck.py [PRESET]    writes work/codecheck.yml (WM_WORK: elsewhere); the preset is laptop unless another is named

A result is listed if it is the file that its provenance tells of. Who checks, when, and with which certificate is for the checker to write; the file leaves it empty.
"""
import csv
import fnmatch
import hashlib
import json
import os
import re
import sys
from pathlib import Path

HOME = Path(__file__).resolve().parent.parent
PROVENANCE = ".provenance.json"
SPECIFICATION = "https://codecheck.org.uk/spec/config/1.0/"
SHOWN = (".csv", ".png", ".gif")


def manifest(home, preset):
    """One entry a file: its path, and what it reproduces, how and when."""
    folder = home / "results" / preset
    with open(home / "environment/reproduces.csv", encoding="utf-8", newline="") as lines:
        reproduces = list(csv.DictReader(lines))
    entries = []
    for record in sorted(folder.glob("*/*" + PROVENANCE)):
        told = json.loads(record.read_text(encoding="utf-8"))
        for name, checksum in sorted(told["files"].items()):
            file = record.parent / name
            if file.suffix in SHOWN and file.is_file() and hashlib.sha256(file.read_bytes()).hexdigest() == checksum:
                of = next((row["reproduces"] for row in reproduces if fnmatch.fnmatch(file.stem, row["result"])), None)
                comment = "; ".join(filter(None, [of, f"preset {preset}", f"commit {told['commit'][:12]}" + " and changes" * bool(told["modified"]), told["written"],
                                                  f"{told['environmentSteps']:,} environment steps"]))
                entries.append({"file": str(file.relative_to(home)), "comment": comment})
    return entries


def written(home, preset):
    entries = manifest(home, preset)
    if not entries:
        raise SystemExit(f"There are no results with provenance in results/{preset}; name another preset or run environment/run.sh --preset {preset} first.")
    citation = (home / "CITATION.cff").read_text(encoding="utf-8")
    title, author = (re.search(pattern, citation, re.MULTILINE).group(1) for pattern in (r"^title: (.*)$", r"^  - name: (.*)$"))
    lines = ["---", f"version: {SPECIFICATION}", "paper:", f"  title: {json.dumps(title)}", "  authors:", f"    - name: {json.dumps(author)}",
             "  reference: # its address or DOI, once it has one", "manifest:"]
    for entry in entries:
        lines += [f"  - file: {json.dumps(entry['file'])}", f"    comment: {json.dumps(entry['comment'], ensure_ascii=False)}"]
    lines += ["summary: >", f"  environment/run.sh --preset {preset} makes these files and compares its tables with the kept ones, number by number.",
              "codechecker: # name and ORCID of the checker", "check_time: # when it was checked", "repository: # where the checked copy is",
              "certificate: # number and report of the certificate", "report:"]
    return "\n".join(lines) + "\n"


def main(arguments):
    if arguments in (["--help"], ["-h"]):
        print(__doc__)
        return 0
    if len(arguments) > 1 or not all(re.fullmatch(r"[\w-]+", name) and not name.startswith("-") for name in arguments):
        print("environment/codecheck.py takes the name of a preset; see --help.", file=sys.stderr)
        return 2
    text = written(HOME, *(arguments or ["laptop"]))
    target = Path(os.environ.get("WM_WORK") or HOME / "work") / "codecheck.yml"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8")
    print(f"{text.count('  - file:')} files are listed in {target}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
