#!/usr/bin/env bash
# What a container of the kit does. The image's entry point; its folders and variables are set in the Dockerfile.
set -euo pipefail

usage() {
    cat <<'HELP'
Usage: docker run ... worldmodels                              JupyterLab with the notebooks, on port 8888
       docker run ... worldmodels reproduce [option ...]       executes the notebooks; options as for environment/run.sh
       docker run ... worldmodels jupyter ...                 a command of Jupyter's, as Binder gives it

Needs no network. JupyterLab's address is printed once, with a token made for this start.

  -p 127.0.0.1:8888:8888            where the host reaches JupyterLab
  --user "$(id -u):$(id -g)"        whose the files in mounted folders are
  -v "$PWD/results:/kit/results"    tables, figures, executed notebooks
  -v "$PWD/work:/kit/work"          data and checkpoints, so that a later run continues
  -v "$PWD/notebooks:/kit/notebooks"  the notebooks that JupyterLab opens; missing ones are copied into it, none is replaced
  -e JUPYTER_TOKEN=...              a token of your own
  -e WM_PRESET=laptop, -e WM_HEAP=3g, -e OMP_NUM_THREADS=2     as everywhere in the kit
HELP
}

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
# What the container does, for the health check.
doing="$HOME/.doing"

check_folders() {
    local folder probe
    for folder in "$@"; do
        if probe="$(mktemp "$folder/.probe.XXXXXX" 2>/dev/null)"; then
            rm -f "$probe"
        else
            echo "Cannot write $folder as user $(id -u): it belongs to user $(stat -c %u "$folder" 2>/dev/null || echo unknown);" \
                "mount a folder of your own and start the container with --user \"\$(id -u):\$(id -g)\"." >&2
            exit 2
        fi
    done
}

prepare() {
    check_folders "$HOME" "$HOME/notebooks" "$WM_RESULTS" "$WM_WORK"
    python3 "$here/execute.py" --check
    local notebook copy
    for notebook in "$here"/../notebooks/*.ipynb; do
        copy="$HOME/notebooks/$(basename "$notebook")"
        [ -e "$copy" ] || { cp "$notebook" "$copy.part" && mv "$copy.part" "$copy"; }
    done
}

lab() {
    [ $# = 0 ] || { echo "lab takes no options; see --help." >&2; exit 2; }
    if [ "${JUPYTER_TOKEN-unset}" = "" ]; then
        echo "JUPYTER_TOKEN is empty, which would let everybody in; set it to a secret, or leave it out for a generated one." >&2
        exit 2
    fi
    prepare
    if [ -z "${JUPYTER_TOKEN:-}" ]; then
        JUPYTER_TOKEN="$(python3 -c 'import secrets; print(secrets.token_hex(24))')"
        echo "JupyterLab starts; open http://127.0.0.1:8888/lab?token=$JUPYTER_TOKEN"
    else
        echo "JupyterLab starts; open http://127.0.0.1:8888/lab and give the token you set."
    fi
    export JUPYTER_TOKEN
    echo lab >"$doing"
    exec "$here/lab.sh" --ip=0.0.0.0 --port=8888 --ServerApp.root_dir="$HOME" \
        --MultiKernelManager.default_kernel_name=java --LabApp.extension_manager=readonly \
        --LabApp.default_url=/lab/tree/notebooks/00-start-here.ipynb
}

# Binder and JupyterHub start Jupyter by a command of their own, which brings the address and the token.
hosted() {
    prepare
    "$here/setup.sh"
    source "$here/env.sh"
    export JUPYTER_CONFIG_PATH="$here/jupyter${JUPYTER_CONFIG_PATH:+:$JUPYTER_CONFIG_PATH}"
    # The allocator is for the kernels, which get it from the kernelspec.
    unset LD_PRELOAD
    cd "$HOME"
    echo lab >"$doing"
    exec "$@"
}

reproduce() {
    check_folders "$HOME" "$WM_RESULTS" "$WM_WORK"
    echo reproduce >"$doing"
    exec "$here/run.sh" "$@"
}

# A container that reproduces is well as long as it runs.
health() {
    [ "$(cat "$doing")" = reproduce ] || python3 -c 'import urllib.request as u; u.urlopen("http://127.0.0.1:8888/api", timeout=4)' 2>/dev/null
}

word="${1:-lab}"
[ $# = 0 ] || shift
case "$word" in
    lab | reproduce | health) "$word" "$@" ;;
    python3 | jupyter | jupyter-* | jupyterhub-*) hosted "$word" "$@" ;;
    -h | --help) usage ;;
    *) echo "A container of the kit knows lab and reproduce, not $word; see --help." >&2; exit 2 ;;
esac
