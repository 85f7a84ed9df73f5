#!/usr/bin/env bash
# Sets up what the tests need and runs all of them.
set -euo pipefail

usage() {
    cat <<'HELP'
Usage: environment/test.sh [--fast]

Compares the numbers in documents with their tables, runs the unit tests of the library, of its clusters and of the kernel, the kernel over Jupyter's own
protocol, the launcher, the notebooks at the smoke preset
(their results go to work/test-results/smoke), what they made in a browser, and the container, where it can be built here. Says at its end
where the time went and what failed. Exit status 0 if all passed.

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
what_failed=
spent="$(printf '%6d s  %s' "$SECONDS" "Set-up")"$'\n'

# Runs a section of the tests, notes how long it took and keeps what it said, for the end.
section() {
    local name="$1" begun=$SECONDS said="work/test-section.log"
    shift
    echo
    echo "== $name"
    "$@" > >(tee "$said") 2>&1 || {
        status=1
        echo "== $name: failed"
        sleep 1 # tee may still be writing
        what_failed+="$name:"$'\n'"$(grep -aE '^(FAIL|ERROR): |^\[ERROR\] .*(FAILURE|ERROR)!|^\[ERROR\]   |^Error: | is not what |failed' "$said" | head -n 20 | cut -c 1-300 || true)"$'\n'
    }
    spent+="$(printf '%6d s  %s' $((SECONDS - begun)) "$name")"$'\n'
}

unit_tests() {
    local skip=
    [ -z "$fast" ] || skip=slow
    # Two at a time, one thread each: most of them work on one core, and the others are slower on two than two of them side by side.
    OMP_NUM_THREADS=1 mvn -B verify -Pcluster -DforkCount=2 -Dskip.tags="$skip" >"$log" 2>&1 &
    local maven=$!
    # What the tests say, as they say it: one line per class and the sum of each module.
    tail -n +1 -f --pid="$maven" "$log" | sed -u 's/\x1b\[[0-9;]*m//g' |
        grep --line-buffered -E 'Tests run:|^\[ERROR\]|BUILD (SUCCESS|FAILURE)' || true
    wait "$maven" || { echo "The unit tests failed; all output is in $log." >&2; return 1; }
}

protocol() {
    local tests=environment/kernel/src/test/python failed=
    export KERNEL_STARTS="$([ -n "$fast" ] && echo 2 || echo "${KERNEL_STARTS:-10}")"
    "$python" "$tests/test_kernel.py" || failed=yes
    "$python" "$tests/test_kernel_abuse.py" || failed=yes
    [ -z "$failed" ]
}

launcher() {
    local failed=
    "$python" environment/tests/test_reproduction.py || failed=yes
    "$python" environment/tests/test_launcher.py || failed=yes
    "$python" environment/tests/test_places.py || failed=yes
    "$python" environment/tests/test_website.py || failed=yes
    [ -z "$failed" ]
}

# What is not trained is the same on every machine; how the rest compares, the report says.
notebooks() {
    WM_RESULTS="$KIT_HOME/work/test-results" "$here/run.sh" --preset smoke || return 1
    local table failed=
    for table in control-tasks coverage planet-choices preset thesis-table-4; do
        grep -q "^| $table | identical" work/test-results/smoke/reproduction.md ||
            { echo "$table is not what results/smoke/tables has." >&2; failed=yes; }
    done
    [ -z "$failed" ]
}

documents() {
    local failed=
    "$python" environment/tests/test_prose.py || failed=yes
    "$python" environment/tests/test_documents.py || failed=yes
    [ -z "$failed" ]
}

browser() { "$python" environment/tests/test_browser.py; }

# The image is built beside the unit tests: that takes minutes, in which it waits for the network or works on one core.
build_image() {
    setsid nice -n 10 "$python" environment/tests/test_container.py --build >work/image.log 2>&1 &
    image=$!
}

container() {
    wait "$image" || true
    cat work/image.log
    "$python" environment/tests/test_container.py
}

# What is still at work ends with this script: the image's own group of processes, or Maven.
trap 'for job in $(jobs -pr); do kill -- "-$job" 2>/dev/null || kill "$job" 2>/dev/null || true; done' EXIT
[ -n "$fast" ] || build_image
section "Documents" documents
section "Unit tests" unit_tests
section "Kernel over Jupyter's protocol" protocol
if [ -z "$fast" ]; then
    section "The launcher" launcher
    section "Notebooks at the smoke preset" notebooks
    section "Notebooks in a browser" browser
    section "The container" container
fi

echo
echo "== Where the time went ($SECONDS s in all)"
echo -n "$spent"
echo
if [ "$status" = 0 ]; then
    echo "== All passed"
else
    # Once more at the end: who reads a long log reads that first.
    echo "== Something failed"
    echo -n "$what_failed"
fi
exit "$status"
