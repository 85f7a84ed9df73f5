#!/usr/bin/env bash
# Opens the notebooks in JupyterLab, or in the classic Notebook where there is no JupyterLab.
set -euo pipefail

usage() {
    cat <<'HELP'
Usage: environment/lab.sh [--preset smoke|laptop|paper] [option of Jupyter ...]

Sets up what is missing and starts JupyterLab (else the classic Notebook) in notebooks/. Opens a browser where there is a
display, and prints the address in any case. Ctrl-C ends it. Needs no network once set up.

  --preset NAME   what the notebooks run with (default smoke); also WM_PRESET
  other options   go to Jupyter, e.g. --port 9999 or --ip 0.0.0.0
HELP
}

preset="${WM_PRESET:-smoke}"
options=()
while [ $# -gt 0 ]; do
    case "$1" in
        -h | --help) usage; exit 0 ;;
        --preset) [ $# -ge 2 ] || { echo "--preset needs a name: smoke, laptop or paper." >&2; exit 2; }; preset="$2"; shift 2 ;;
        --preset=*) preset="${1#*=}"; shift ;;
        *) options+=("$1"); shift ;;
    esac
done
case "$preset" in
    smoke | laptop | paper) ;;
    *) echo "There is no preset $preset; choose smoke, laptop or paper." >&2; exit 2 ;;
esac

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
"$here/setup.sh"
source "$here/env.sh"
export WM_PRESET="$preset"
[ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}${BROWSER:-}" ] || options+=("--no-browser")
[ "$(id -u)" != 0 ] || options+=("--allow-root")

# JupyterLab neither asks for nor fetches news: the kit works without a network.
export JUPYTER_CONFIG_PATH="$here/jupyter${JUPYTER_CONFIG_PATH:+:$JUPYTER_CONFIG_PATH}"

python="$(kit_find_python)"
[ ! -d "$KIT_HOME/notebooks" ] || cd "$KIT_HOME/notebooks"
# The allocator is for the kernels, which get it from the kernelspec.
unset LD_PRELOAD
if "$python" -c 'import jupyterlab' >/dev/null 2>&1; then
    exec "$python" -m jupyterlab ${options[@]+"${options[@]}"}
elif command -v jupyter-lab >/dev/null; then
    exec jupyter-lab ${options[@]+"${options[@]}"}
elif "$python" -c 'import notebook' >/dev/null 2>&1; then
    exec "$python" -m notebook ${options[@]+"${options[@]}"}
else
    echo "Neither JupyterLab nor the classic Notebook is installed; apt-get install jupyter-notebook." >&2
    exit 1
fi
