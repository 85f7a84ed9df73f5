# Sourced by the other scripts: finds the JDK and says once how every process of the kit runs (allocator, threads, heap, offline).
# Usage: source environment/env.sh      Then $KIT_JDK, $JAVA_HOME, $JUPYTER_PATH and the variables below are set.

KIT_HOME="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"

# Java and Python read the names of files in the locale's letters: without one of UTF-8 they do not find a folder named in others.
if [ "$(locale charmap 2>/dev/null || true)" != UTF-8 ]; then
    export LC_ALL=C.UTF-8
fi

# Every folder in which a JDK is looked for, in order of preference.
kit_jdk_candidates() {
    local java
    [ -n "${JAVA_HOME:-}" ] && echo "$JAVA_HOME"
    java="$(command -v java || true)"
    [ -n "$java" ] && dirname "$(dirname "$(readlink -f "$java")")"
    local folder
    for folder in /usr/lib/jvm/* "${HOME:-/root}"/.sdkman/candidates/java/* "${HOME:-/root}"/.jdks/* /opt/*; do
        [ -d "$folder" ] && echo "$folder"
    done
    return 0
}

# Prints the first JDK of at least version 25; its own "release" file tells, so that nothing has to be started.
kit_find_jdk() {
    local folder version
    while IFS= read -r folder; do
        [ -x "$folder/bin/javac" ] && [ -r "$folder/release" ] || continue
        version="$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$folder/release")"
        if [ "${version:-0}" -ge 25 ]; then
            echo "$folder"
            return 0
        fi
    done < <(kit_jdk_candidates)
    return 1
}

kit_no_jdk() {
    echo "No JDK 25 or newer found in JAVA_HOME, PATH, /usr/lib/jvm, ~/.sdkman, ~/.jdks or /opt; install one" \
        "(Debian 13: apt-get install openjdk-25-jdk-headless; elsewhere: https://adoptium.net) or set JAVA_HOME to it." >&2
}

# The memory this process may use, in KiB: the machine's, or its container's.
kit_memory() {
    local kib file limit
    kib="$(sed -n 's/^MemTotal: *\([0-9]*\) kB/\1/p' /proc/meminfo 2>/dev/null || true)"
    kib="${kib:-8388608}"
    for file in /sys/fs/cgroup/memory.max /sys/fs/cgroup/memory/memory.limit_in_bytes; do
        limit="$(cat "$file" 2>/dev/null || true)"
        [[ "$limit" =~ ^[0-9]+$ ]] && [ "$((limit / 1024))" -lt "$kib" ] && kib="$((limit / 1024))"
    done
    echo "$kib"
}

# The heap: half of the memory, at least 1 GiB and at most 8; WM_HEAP (e.g. 3g) overrides it.
kit_heap() {
    local mib=$(( $(kit_memory) / 2048 ))
    [ "$mib" -lt 1024 ] && mib=1024
    [ "$mib" -gt 8192 ] && mib=8192
    echo "${mib}m"
}

# Page faults in malloc cost up to 40 % of a training step: jemalloc that keeps its pages, or glibc told to do likewise.
# Large kept pages may be cut for small arrays (max_active_fit): by default they may not, and a long training grows by 40 MB every 1000 steps.
kit_allocator() {
    local library
    for library in /usr/lib/*/libjemalloc.so.2 /usr/lib/libjemalloc.so.2 /usr/lib64/libjemalloc.so.2; do
        if [ -r "$library" ]; then
            export LD_PRELOAD="$library" MALLOC_CONF="dirty_decay_ms:-1,muzzy_decay_ms:-1,lg_extent_max_active_fit:20,thp:always"
            return 0
        fi
    done
    export MALLOC_ARENA_MAX=1 MALLOC_MMAP_MAX_=0 MALLOC_TRIM_THRESHOLD_=-1 MALLOC_TOP_PAD_=67108864
    export GLIBC_TUNABLES=glibc.malloc.hugetlb=1
}

# Puts a preset's kept stages into the work folder, where the notebooks find them finished. A stage that is there already stays as it is.
kit_take_kept() {
    local from stage taken=0
    [ -d "$KIT_HOME/results/$1/stages" ] || { echo "No stages are kept for preset $1: everything is trained."; return 0; }
    for from in "$KIT_HOME/results/$1/stages"/*/; do
        stage="$(basename "$from")"
        if [ -f "$from/stage.json" ] && [ ! -e "$WM_WORK/$stage" ]; then
            mkdir -p "$WM_WORK"
            rm -rf "$WM_WORK/.$stage"
            cp -r "$from" "$WM_WORK/.$stage"
            mv "$WM_WORK/.$stage" "$WM_WORK/$stage"
            taken=$((taken + 1))
        fi
    done
    echo "Taken from results/$1/stages: $taken finished stages"
}

# Jupyter's own Python first: another one on the PATH may not have its packages.
kit_find_python() {
    local python
    for python in ${KIT_PYTHON:-} /usr/bin/python3 "$(command -v python3 || true)"; do
        if [ -n "$python" ] && "$python" -c 'import nbclient, nbconvert, nbformat, jupyter_client' >/dev/null 2>&1; then
            echo "$python"
            return 0
        fi
    done
    return 1
}

KIT_JDK="$(kit_find_jdk || true)"
[ -n "${LD_PRELOAD:-}" ] || kit_allocator
export KIT_HOME KIT_JDK
export WM_HOME="$KIT_HOME"
# Folders that the caller names are relative to where the caller is, not to where a script goes.
kit_absolute() { case "$1" in /*) echo "$1" ;; *) echo "$PWD/$1" ;; esac; }
WM_WORK="$(kit_absolute "${WM_WORK:-$KIT_HOME/work}")"
export WM_WORK
if [ -n "${WM_RESULTS:-}" ]; then
    WM_RESULTS="$(kit_absolute "$WM_RESULTS")"
    export WM_RESULTS
fi
export WM_HEAP="${WM_HEAP:-$(kit_heap)}"
# Sums differ in their last digits between one and two threads, and a search for C then finds another C. The presets are written for two cores, so that
# any machine of one kind makes the same tables; a larger one trains V and M faster with more threads, and makes others.
export OMP_NUM_THREADS="${OMP_NUM_THREADS:-2}"
# Waiting threads sleep instead of spinning: spinning starves the environments' threads, and collapses on a busy machine.
export OMP_WAIT_POLICY="${OMP_WAIT_POLICY:-passive}"
# Mesa draws on the thread that asks for the picture: environments draw side by side, and a 64 x 64 picture is too small to share.
export LP_NUM_THREADS="${LP_NUM_THREADS:-0}"
# libtorch 2.7 computes wrong convolutions and LSTMs with AVX-512 on AMD's family 26 (Zen 5), and is as fast without.
if [ -z "${ONEDNN_MAX_CPU_ISA:-}" ] && grep -q AuthenticAMD /proc/cpuinfo 2>/dev/null && grep -q avx512f /proc/cpuinfo; then
    export ONEDNN_MAX_CPU_ISA=AVX2
fi
export JUPYTER_PATH="$KIT_HOME/work/jupyter${JUPYTER_PATH:+:$JUPYTER_PATH}"
# Where Spark is once environment/cluster.sh has fetched it, for whoever sets WM_CLUSTER.
export SPARK_HOME="${SPARK_HOME:-$KIT_HOME/work/cluster/spark}" SPARK_SCALA_VERSION=2.13
export PYDEVD_DISABLE_FILE_VALIDATION=1
if [ -n "$KIT_JDK" ]; then
    export JAVA_HOME="$KIT_JDK"
    # Maven 3 on a new JDK: its own libraries, not the kit's, cause these warnings.
    export MAVEN_OPTS="${MAVEN_OPTS:---enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow}"
fi
