#!/usr/bin/env bash
# Makes the library's Javadoc in work/javadoc, with the papers it cites linked.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
case "${1:-}" in
    "") ;;
    -h | --help) echo "Usage: environment/javadoc.sh      Writes work/javadoc (WM_WORK: elsewhere) and prints the page to open."; exit 0 ;;
    *) echo "environment/javadoc.sh takes no options; see --help." >&2; exit 2 ;;
esac
"$here/setup.sh"
source "$here/env.sh"
# The allocator's settings are for trainings.
unset LD_PRELOAD
export KIT_JDK
exec "$(kit_find_python)" "$here/javadoc.py"
