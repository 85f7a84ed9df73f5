#!/usr/bin/env bash
# A Spark cluster on this machine, to try what WM_CLUSTER does.
set -euo pipefail

usage() {
    cat <<'HELP'
Usage: environment/cluster.sh fetch
       environment/cluster.sh start [WORKERS] [CORES]
       environment/cluster.sh status
       environment/cluster.sh stop

  fetch     builds lib/cluster and has Maven fetch Apache Spark (220 MB, once); the others do that by themselves
  start     a master and workers (2, of 1 core each, unless told otherwise), each a Java process; prints what to set WM_CLUSTER to.
            More workers than there are join those
  status    what runs; exit status 1 if nothing does
  stop      ends all of it
  --help    prints this

Whoever connects needs the secret in work/cluster/secret, which is made anew by each start and which the kit reads by itself, and nothing listens
beyond this machine's loopback. How the kit runs on real clusters is in lib/cluster/README.md.

  WM_CLUSTER_FOLDER   where its processes' logs and the secret are, instead of work/cluster
  WM_CLUSTER_HOST     the address that it listens on, instead of 127.0.0.1: whoever reaches it and has the secret can run programs here
  WM_CLUSTER_PORT     the master's port, instead of 7077
  WM_CLUSTER_MEMORY   memory of a worker, e.g. 2g (default: 1g for each of its cores)
  SPARK_HOME          an Apache Spark 4.2 of your own (Scala 2.13), instead of the fetched one
HELP
}

case "${1:-}" in
    fetch | start | status | stop) ;;
    -h | --help) usage; exit 0 ;;
    "") usage >&2; exit 2 ;;
    *) echo "Unknown command $1; see environment/cluster.sh --help." >&2; exit 2 ;;
esac
command="$1"
shift

source "$(dirname "${BASH_SOURCE[0]}")/env.sh"
cd "$KIT_HOME"
[ -n "$KIT_JDK" ] || { kit_no_jdk; exit 1; }
folder="$(kit_absolute "${WM_CLUSTER_FOLDER:-$KIT_HOME/work/cluster}")"
host="${WM_CLUSTER_HOST:-127.0.0.1}"
port="${WM_CLUSTER_PORT:-7077}"

fetch() {
    local built=work/cluster
    local sources
    sources="$(find pom.xml lib/pom.xml lib/cluster/pom.xml lib/cluster/src/main lib/src/main/java/worldmodels/run -type f -print0 |
        LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -c1-12)"
    [ "$(cat "$built/built" 2>/dev/null || true)" != "$sources" ] || return 0
    mkdir -p "$built"
    exec 9>"$built/lock"
    flock 9
    [ "$(cat "$built/built" 2>/dev/null || true)" != "$sources" ] || return 0
    command -v mvn >/dev/null || { echo "Maven is missing; environment/setup.sh installs it (as root), or apt-get install maven." >&2; exit 1; }
    echo "Building lib/cluster (the first time, Maven fetches Apache Spark, 220 MB)"
    if ! mvn -B -Pcluster -pl lib,lib/cluster package -Dmaven.test.skip=true >"$built/build.log" 2>&1; then
        grep -E '^\[ERROR\]' "$built/build.log" | head -5 >&2
        echo "lib/cluster could not be built: without a network Maven cannot fetch Spark. All output is in $built/build.log." >&2
        exit 1
    fi
    rm -rf "$built/spark.part"
    cp -r lib/cluster/target/spark "$built/spark.part"
    echo "Spark 4.2.0, as Maven Central has it" >"$built/spark.part/RELEASE"
    rm -rf "$built/spark"
    mv "$built/spark.part" "$built/spark"
    cp lib/cluster/target/worldmodels-cluster-[0-9]*.jar "$built/worldmodels-cluster.jar"
    echo "$sources" >"$built/built"
}

# The flags that Spark asks of Java are among those of every JVM of the kit.
daemon() {
    local name="$1" main="$2"
    shift 2
    # The secret goes by the environment: a command line is everybody's to read.
    SPARK_LOCAL_IP="$host" _SPARK_AUTH_SECRET="$(cat "$folder/secret")" setsid "$KIT_JDK/bin/java" "@$KIT_HOME/environment/jvm.options" -Xmx512m \
        -Dspark.authenticate=true -Dspark.network.crypto.enabled=true \
        -Dspark.master.rest.enabled=false -Dspark.master.ui.enabled=false -Dspark.ui.enabled=false -Dspark.worker.cleanup.enabled=true \
        -cp "$SPARK_HOME/jars/*" "$main" "$@" >"$folder/$name.log" 2>&1 </dev/null 9>&- &
    echo $! >"$folder/$name.pid"
}

running() { [ -s "$1" ] && kill -0 "$(cat "$1")" 2>/dev/null; }
pids() { compgen -G "$folder/*.pid" || true; }

start() {
    local workers="${1:-2}" cores="${2:-1}" number
    [[ "$workers" =~ ^[1-9][0-9]*$ && "$cores" =~ ^[1-9][0-9]*$ ]] || { echo "Workers and cores must be whole numbers above 0, not $workers and $cores." >&2; exit 2; }
    mkdir -p "$folder"
    if ! running "$folder/master.pid"; then
        if (exec 3<>"/dev/tcp/$host/$port") 2>/dev/null; then
            echo "Something else listens on $host:$port; stop it, or set WM_CLUSTER_PORT to another port." >&2
            exit 1
        fi
        (umask 077; head -c 24 /dev/urandom | base64 >"$folder/secret")
        daemon master org.apache.spark.deploy.master.Master --host "$host" --port "$port" --webui-port 0
        for number in $(seq 600); do
            (exec 3<>"/dev/tcp/$host/$port") 2>/dev/null && break
            running "$folder/master.pid" || { tail -3 "$folder/master.log" >&2; echo "The master did not start; $folder/master.log says why." >&2; exit 1; }
            sleep 0.1
        done
    fi
    for number in $(seq "$workers"); do
        running "$folder/worker-$number.pid" || daemon "worker-$number" org.apache.spark.deploy.worker.Worker --host "$host" --webui-port 0 --cores "$cores" \
            --memory "${WM_CLUSTER_MEMORY:-${cores}g}" --work-dir "$folder/executors" "spark://$host:$port"
    done
    echo "export WM_CLUSTER=spark://$host:$port"
}

status() {
    local file any=1
    for file in $(pids); do
        if running "$file"; then
            any=0
            echo "$(basename "$file" .pid) runs as process $(cat "$file")"
        else
            echo "$(basename "$file" .pid) has ended; its last words are in ${file%.pid}.log"
        fi
    done
    [ "$any" = 0 ] || echo "No cluster runs here; environment/cluster.sh start brings one up."
    return "$any"
}

# A worker takes its executors with it.
stop() {
    local file
    for file in $(pids); do
        if running "$file"; then
            kill "$(cat "$file")" 2>/dev/null || true
        fi
    done
    for file in $(pids); do
        for _ in $(seq 100); do
            running "$file" || break
            sleep 0.1
        done
        running "$file" && kill -9 "$(cat "$file")" 2>/dev/null || true
        rm -f "$file"
    done
    rm -f "$folder/secret"
}

case "$command" in
    fetch) fetch ;;
    start)
        # What runs has its jars open, and whoever joins it has to have the same.
        [ -n "${WM_CLUSTER_BUILT:-}" ] || running "$folder/master.pid" || fetch
        start "$@"
        ;;
    status) status ;;
    stop) stop ;;
esac
