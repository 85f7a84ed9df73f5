#!/usr/bin/env bash
# Opens the notebooks in JupyterLab, or in the classic Notebook where there is no JupyterLab.
set -euo pipefail

usage() {
    cat <<'HELP'
Usage: environment/lab.sh [--preset NAME] [--kept] [option of Jupyter ...]

Sets up what is missing and starts JupyterLab (else the classic Notebook) in notebooks/. Opens a browser where there is a
display. In any case Jupyter prints the address, and in it the token, made for this start, that lets its reader in: keep it
to yourself, also in a log, or set one of your own in JUPYTER_TOKEN, which is not printed. Ctrl-C ends it. Needs no network
once set up.

  --preset NAME   what the notebooks run with, one of environment/presets (default smoke); also WM_PRESET
  --kept          begins with the finished stages in results/<preset>/stages, as run.sh does
  other options   go to Jupyter, e.g. --port 9999 or --ip 0.0.0.0
HELP
}

preset="${WM_PRESET:-smoke}"
options=()
port=
kept=
while [ $# -gt 0 ]; do
    case "$1" in
        -h | --help) usage; exit 0 ;;
        --preset) [ $# -ge 2 ] || { echo "--preset needs a name; see environment/lab.sh --help." >&2; exit 2; }; preset="$2"; shift 2 ;;
        --preset=*) preset="${1#*=}"; shift ;;
        --kept) kept=yes; shift ;;
        --port)
            [ $# -ge 2 ] || { echo "--port needs a number." >&2; exit 2; }
            port="$2"
            shift 2
            ;;
        --port=*) port="${1#*=}"; shift ;;
        *) options+=("$1"); shift ;;
    esac
done

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
if [ ! -f "$here/presets/$preset.properties" ]; then
    echo "There is no preset $preset; each has a file of its name in environment/presets." >&2
    exit 2
fi
"$here/setup.sh"
source "$here/env.sh"
export WM_PRESET="$preset"
[ -z "$kept" ] || kit_take_kept "$preset"
[ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}${BROWSER:-}" ] || options+=("--no-browser")
[ "$(id -u)" != 0 ] || options+=("--allow-root")

# JupyterLab neither asks for nor fetches news: the kit works without a network.
export JUPYTER_CONFIG_PATH="$here/jupyter${JUPYTER_CONFIG_PATH:+:$JUPYTER_CONFIG_PATH}"

python="$(kit_find_python)"
if [ -n "$port" ]; then
    # Jupyter would take another port and say so in passing; who asked for this one has something pointed at it.
    "$python" - "$port" <<'PYTHON' || exit 2
import socket, sys

port = sys.argv[1]
if not port.isdigit() or not 0 < int(port) < 65536:
    sys.exit(f"{port} is not a port; give a number from 1 to 65535.")
with socket.socket() as probe:
    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        probe.bind(("", int(port)))
    except OSError as error:
        sys.exit(f"Port {port} cannot be used ({error.strerror}); end what uses it, or choose another with --port.")
PYTHON
    options+=("--port=$port")
fi
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
