#!/usr/bin/env bash
# Prepares everything that run.sh, test.sh and lab.sh need. Quick when nothing changed.
set -euo pipefail

usage() {
    cat <<'HELP'
Usage: environment/setup.sh [--help]

Installs missing Debian packages (as root; else says which), builds the library and the kernel, and registers the kernel
"java" under work/jupyter. Touches nothing outside this folder but Maven's local repository. run.sh, test.sh and lab.sh call
it; calling it again when nothing changed takes a second.

  JAVA_HOME   the JDK (25 or newer) to use first
  WM_HEAP     the kernel's heap, e.g. 3g (default: half of the memory, 1 to 8 GiB)
HELP
}

case "${1:-}" in
    "") ;;
    -h | --help) usage; exit 0 ;;
    *) echo "Unknown option $1; see environment/setup.sh --help." >&2; exit 2 ;;
esac

source "$(dirname "${BASH_SOURCE[0]}")/env.sh"
cd "$KIT_HOME"
case "$KIT_HOME/" in
    *[:=]* | *'!/'*)
        echo "The project cannot run in $KIT_HOME: Java takes a colon or an equals sign in a folder's name, or an exclamation mark at its" \
            "end, for the name's end; rename the folder, or move the project." >&2
        exit 1
        ;;
esac

hash_of() { find "$@" -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -c1-12; }
poms="$(hash_of pom.xml lib/pom.xml environment/kernel/pom.xml)"
sources="$(hash_of pom.xml references.bib lib/pom.xml lib/src/main environment/kernel/pom.xml environment/kernel/src/main environment/presets \
    environment/setup.sh)"
jars="work/kernel/jars-$sources"
libraries="work/kernel/libraries-$poms"
built() { [ -d "$jars" ] && [ -d "$libraries" ]; }

missing_packages() {
    kit_find_python >/dev/null || echo "jupyter-nbconvert jupyter-client"
    command -v jupyter-lab >/dev/null || command -v jupyter-notebook >/dev/null || echo "jupyter-notebook"
    built || command -v mvn >/dev/null || echo "maven"
    # Git tells provenance the commit; where there is no checkout (a container), WM_COMMIT does.
    [ -n "${WM_COMMIT:-}" ] || command -v git >/dev/null || echo "git"
    # Java draws text with these.
    compgen -G '/usr/lib/*/libfreetype.so.6' >/dev/null || echo "libfreetype6"
    compgen -G '/usr/lib/*/libfontconfig.so.1' >/dev/null || echo "libfontconfig1"
    compgen -G '/usr/lib/*/libharfbuzz.so.0' >/dev/null || echo "libharfbuzz0b"
    [ -d /usr/share/fonts/truetype ] || echo "fonts-dejavu-core"
    [ -n "$KIT_JDK" ] || echo "openjdk-25-jdk-headless"
}

# The kit runs without these: slower without jemalloc, and without the Control Suite's simulator or pictures.
optional_packages() {
    compgen -G '/usr/lib/*/libjemalloc.so.2' >/dev/null || echo "libjemalloc2"
    compgen -G '/usr/lib/*/libmujoco.so.2.2.2' >/dev/null || echo "libmujoco2.2.2"
    compgen -G '/usr/lib/*/libOSMesa.so.[68]' >/dev/null || echo "libosmesa6"
}

apt_install() {
    # The allocator is for the kit's own processes.
    env -u LD_PRELOAD DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" </dev/null >/dev/null
}

may_install() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; }

# What could not be had is asked for again only when it is something else, since a machine without a network waits for each try.
install_optional() {
    local packages="$*" tried=work/optional-packages
    if may_install && [ "$(cat "$tried" 2>/dev/null || true)" != "$packages" ]; then
        echo "Installing $packages"
        apt_install "$@" 2>/dev/null || { env -u LD_PRELOAD apt-get update -qq >/dev/null 2>&1 && apt_install "$@" 2>/dev/null; } && return 0
        mkdir -p work 2>/dev/null && { echo "$packages" >"$tried"; } 2>/dev/null || true
    fi
    echo "Note: the kit runs without $packages (libjemalloc2: faster training; libmujoco2.2.2: the Control Suite; libosmesa6: its pictures)." \
        "To have them: apt-get install $packages" >&2
}

install_packages() {
    local packages=("$@")
    if ! may_install; then
        [ -n "$KIT_JDK" ] || kit_no_jdk
        echo "These Debian packages are missing; install them as root and run this again: apt-get install ${packages[*]}" >&2
        exit 1
    fi
    echo "Installing ${packages[*]}"
    if ! apt_install "${packages[@]}" 2>/dev/null; then
        env -u LD_PRELOAD apt-get update -qq || true
        if [ -z "$KIT_JDK" ] && [ -z "$(apt-cache search --names-only '^openjdk-25-jdk-headless$')" ]; then
            kit_no_jdk
            exit 1
        fi
        apt_install "${packages[@]}" || {
            echo "apt-get could not install ${packages[*]}; its message is above." >&2
            exit 1
        }
    fi
    source environment/env.sh
}

mapfile -t missing < <(missing_packages | tr ' ' '\n')
[ "${#missing[@]}" = 0 ] || install_packages "${missing[@]}"
mapfile -t missing < <(optional_packages)
if [ "${#missing[@]}" != 0 ]; then
    install_optional "${missing[@]}"
    source environment/env.sh
fi
[ -n "$KIT_JDK" ] || { kit_no_jdk; exit 1; }
python="$(kit_find_python)" || { echo "No python3 with nbclient, nbconvert and jupyter_client found." >&2; exit 1; }

# Every version is fixed, so that Maven needs no network once it has fetched all of them.
maven() {
    local log=work/kernel/build.log
    if mvn -B "$@" >"$log" 2>&1; then return 0; fi
    grep -E '^\[ERROR\]' "$log" | head -15 >&2 || tail -15 "$log" >&2
    echo "The build failed; all of its output is in $log." >&2
    return 1
}

# What is built needs no write access: the container's folder belongs to root, and its user may be anyone.
if ! built; then
    if ! mkdir -p work/kernel 2>/dev/null || [ ! -w work/kernel ]; then
        echo "Cannot write $KIT_HOME/work; make the folder writable or move the checkout." >&2
        exit 1
    fi
    # Two scripts started at once build one after the other.
    exec 9>work/kernel/lock
    flock 9
fi
if ! built; then
    echo "Building the library and the kernel (the first time, Maven fetches their dependencies)"
    rm -rf lib/target/dependency environment/kernel/target/dependency
    maven -pl lib,environment/kernel package dependency:copy-dependencies -Dmaven.test.skip=true \
        -DincludeScope=runtime -DexcludeGroupIds=worldmodels
    # A running kernel keeps the files it was started with: new ones go beside them, old ones go after two days.
    find work/kernel -maxdepth 1 \( -name 'jars-*' -o -name 'libraries-*' \) -mtime +1 -exec rm -rf {} +
    rm -rf "$jars.part" "$libraries.part" "$jars" "$libraries"
    mkdir -p "$jars.part" "$libraries.part/kernel"
    cp lib/target/worldmodels-[0-9]*[0-9].jar "$jars.part/worldmodels.jar"
    cp environment/kernel/target/worldmodels-kernel-[0-9]*[0-9].jar "$jars.part/worldmodels-kernel.jar"
    # The kernel reads the text of Shift-Tab in them.
    "$KIT_JDK/bin/jar" cf "$jars.part/worldmodels-sources.jar" -C lib/src/main/java .
    "$KIT_JDK/bin/jar" cf "$jars.part/worldmodels-kernel-sources.jar" -C environment/kernel/src/main/java .
    cp lib/target/dependency/*.jar "$libraries.part/"
    cp environment/kernel/target/dependency/*.jar "$libraries.part/kernel/"
    mv "$libraries.part" "$libraries"
    mv "$jars.part" "$jars"
fi
touch "$jars" "$libraries" 2>/dev/null || true

# Our jars first: older copies of common libraries inside other jars must not win.
export KIT_JARS="$KIT_HOME/$jars" KIT_LIBRARIES="$KIT_HOME/$libraries"
"$python" - <<'PYTHON'
import glob, json, os, sys

home, jars, libraries = (os.environ[k] for k in ("KIT_HOME", "KIT_JARS", "KIT_LIBRARIES"))
path = [jars + "/worldmodels.jar", jars + "/worldmodels-kernel.jar"]
for folder in (libraries, libraries + "/kernel"):
    path += sorted(glob.glob(glob.escape(folder) + "/*.jar"))
passed = ("LD_PRELOAD", "MALLOC_CONF", "MALLOC_ARENA_MAX", "MALLOC_MMAP_MAX_", "MALLOC_TRIM_THRESHOLD_", "MALLOC_TOP_PAD_",
          "GLIBC_TUNABLES", "OMP_NUM_THREADS", "OMP_WAIT_POLICY", "ONEDNN_MAX_CPU_ISA", "LP_NUM_THREADS", "WM_HOME", "SPARK_HOME", "SPARK_SCALA_VERSION")
spec = {
    "argv": [os.environ["KIT_JDK"] + "/bin/java", "@" + home + "/environment/jvm.options", "-Xmx" + os.environ["WM_HEAP"],
             "-javaagent:" + jars + "/worldmodels-kernel.jar",
             "-cp", ":".join(path), "worldmodels.kernel.Main", "{connection_file}"],
    "display_name": "Java",
    "language": "java",
    "interrupt_mode": "message",
    "env": {k: os.environ[k] for k in passed if os.environ.get(k)},
}
folder = os.path.join(home, "work", "jupyter", "kernels", "java")
text = json.dumps(spec, indent=1)
target = folder + "/kernel.json"
try:
    os.makedirs(folder, exist_ok=True)
    if not os.path.exists(target) or open(target).read() != text:
        part = f"{target}.{os.getpid()}.part"
        with open(part, "w") as out:
            out.write(text)
        os.replace(part, target)
except OSError as error:
    sys.exit(f"Cannot write {target} ({error.strerror}), which says where Java and the project are; make the folder work in {home} "
             "writable, or use the project where it was built.")
PYTHON
