#!/usr/bin/env bash
# Sets up what the tests need and runs all of them.
set -euo pipefail

usage() {
    cat <<'HELP'
Usage: environment/test.sh [--fast]

Runs the library's and the kernel's unit tests, the kernel over Jupyter's own protocol, the launcher, the notebooks at the smoke preset
(their results go to work/test-results/smoke), the notebooks again in a browser, and the container, where it can be built here. Exit status
0 if all passed.

  --fast    leaves out the slow unit tests, the repeated kernel starts, the notebooks, the browser and the container
  --help    prints this
HELP
}

fast=
case "${1:-}" in
    "") ;;
    --fast) fast=yes ;;
    -h | --help) usage; exit 0 ;;
    *) echo "Unknown option $1; see environment/test.sh --help." >&2; exit 2 ;;
esac

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
"$here/setup.sh"
source "$here/env.sh"
cd "$KIT_HOME"
python="$(kit_find_python)"
# The episodes' tests read the kit's files with numpy itself; without it they are skipped.
if [ "$(id -u)" = 0 ] && ! /usr/bin/python3 -c 'import numpy' 2>/dev/null; then
    env -u LD_PRELOAD DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends python3-numpy </dev/null >/dev/null 2>&1 ||
        echo "Note: python3-numpy could not be installed; the tests that need it are skipped." >&2
fi
log=work/test.log
status=0
started=$SECONDS

section() { echo; echo "== $* ($((SECONDS - started)) s)"; }

section "Unit tests"
skip=""
[ -z "$fast" ] || skip="slow"
mvn -B verify -Dskip.tags="$skip" >"$log" 2>&1 &
maven=$!
trap 'kill "$maven" 2>/dev/null || true' EXIT
# What the tests say, as they say it: one line per class and the sum of each module.
tail -n +1 -f --pid="$maven" "$log" | sed -u 's/\x1b\[[0-9;]*m//g' |
    grep --line-buffered -E 'Tests run:|^\[ERROR\]|BUILD (SUCCESS|FAILURE)' || true
if ! wait "$maven"; then
    echo "The unit tests failed; all output is in $log." >&2
    status=1
fi
trap - EXIT

section "Kernel over Jupyter's protocol"
KERNEL_STARTS="$([ -n "$fast" ] && echo 2 || echo "${KERNEL_STARTS:-10}")" \
    "$python" environment/kernel/src/test/python/test_kernel.py || status=1

if [ -z "$fast" ]; then
    section "The launcher"
    "$python" environment/tests/test_launcher.py || status=1

    section "Notebooks at the smoke preset"
    if compgen -G 'notebooks/[0-9][0-9]-*.ipynb' >/dev/null; then
        WM_RESULTS="$KIT_HOME/work/test-results" "$here/run.sh" --preset smoke || status=1
    else
        echo "There are no notebooks yet."
    fi

    section "Notebooks in a browser"
    "$python" environment/tests/test_browser.py || status=1

    section "The container"
    "$python" environment/tests/test_container.py || status=1
fi

section "$([ "$status" = 0 ] && echo "All passed" || echo "Something failed")"
exit "$status"
