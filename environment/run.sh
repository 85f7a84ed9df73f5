#!/usr/bin/env bash
# Runs the notebooks in order and writes results/<preset>/.
set -euo pipefail

usage() {
    cat <<'HELP'
Usage: environment/run.sh [--preset NAME] [--kept] [notebook ...]
       environment/run.sh [--preset NAME] --only evaluate
       environment/run.sh [--preset NAME] --pages [notebook ...]
       environment/run.sh [--preset NAME] --report [notebook ...]
       environment/run.sh --site

Installs what is missing, builds, and executes the notebooks (all, or those named: by number, name or path) in their order.
Executed copies go to results/<preset>/notebooks/; tables and figures to results/<preset>/. At its end it compares the tables that it made
with the kept ones, number by number, and writes results/<preset>/reproduction.md.
Ctrl-C stops at a clean point; running it again continues there. Exit status: 0 done, 1 a cell failed, 2 wrong use, 130 stopped.

  --preset NAME   smoke (the default: minutes), laptop (hours a chapter), paper (the sources' values) or another file of
                  environment/presets; also WM_PRESET
  --kept          begins with the finished stages in results/<preset>/stages (V, M, C, scores) instead of training them again; what the
                  work folder has already counts before them
  --only evaluate drives the agents kept in results/<preset>/stages on the test tracks again, without training, and compares every
                  episode with the table; exit status 0 if all are identical
  --pages         makes an HTML page of each executed notebook in results/<preset>/notebooks (or of those named), beside it; executes none
  --report        makes a report of the preset's results: executes notebooks/99-report-template (or your copies of it, by path) and
                  writes one HTML file without code to results/<preset>/report/, and a PDF where chromium or weasyprint is installed
  --site          makes one site of everything in results/, all presets: executed notebooks, tables, figures, what they reproduce, how, when,
                  with which commit, and a search; in work/site, to be opened from there or copied to any static host
  --list          prints the notebooks there are
  --help          prints this

  WM_RESULTS      folder for results instead of results/ (a folder per preset is made in it)
  WM_WORK         folder for data and checkpoints instead of work/
  WM_HEAP         the kernel's heap, e.g. 3g
HELP
}

preset="${WM_PRESET:-smoke}"
only=
kept=
arguments=()
while [ $# -gt 0 ]; do
    case "$1" in
        -h | --help) usage; exit 0 ;;
        --preset)
            [ $# -ge 2 ] || { echo "--preset needs a name; see environment/run.sh --help." >&2; exit 2; }
            preset="$2"
            shift 2
            ;;
        --preset=*) preset="${1#*=}"; shift ;;
        --only)
            [ "${2:-}" = evaluate ] || { echo "--only knows one thing: evaluate." >&2; exit 2; }
            only=evaluate
            shift 2
            ;;
        --kept) kept=yes; shift ;;
        --list | --pages | --report | --site) arguments+=("$1"); shift ;;
        -*) echo "Unknown option $1; see environment/run.sh --help." >&2; exit 2 ;;
        *) arguments+=("$1"); shift ;;
    esac
done

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
source "$here/env.sh"
export WM_PRESET="$preset"

# What is wrong with the command shows before anything is installed or built.
checker="$(command -v python3 || true)"
[ -z "$checker" ] || "$checker" "$here/execute.py" --check ${arguments[@]+"${arguments[@]}"}
case " ${arguments[*]-} " in *" --list "*) exit 0 ;; esac

"$here/setup.sh"
source "$here/env.sh"
[ -z "$kept" ] || kit_take_kept "$preset"
if [ -n "$only" ]; then
    exec "$(kit_find_python)" "$here/execute.py" --evaluate
fi
exec "$(kit_find_python)" "$here/execute.py" ${arguments[@]+"${arguments[@]}"}
