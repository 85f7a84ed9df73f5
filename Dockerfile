# The kit with everything it runs on. Nothing is fetched once the image is built.
#   docker build -t worldmodels --build-arg COMMIT="$(git rev-parse HEAD)" .
# README.md, "In a container", says how to run it. The base may be pinned: --build-arg BASE=debian:trixie-slim@sha256:...
ARG BASE=docker.io/library/debian:trixie-slim

# What running needs, all of it from Debian.
FROM ${BASE} AS runtime
# MuJoCo and OSMesa (with LLVM, 170 MB) are for the environments that are simulated and drawn with them.
# Debian's jupyterlab asks for the 600 packages that its pages are built with; they are built already, so its files are taken alone.
# The JDK links its manual pages into a folder that a slim base lacks; its jmods serve jlink only, its further archives other heaps.
RUN export DEBIAN_FRONTEND=noninteractive; cd /tmp && mkdir -p /usr/share/man/man1 && \
    { apt-get -o APT::Update::Error-Mode=any update -qq && \
      apt-get install -y -qq --no-install-recommends \
        openjdk-25-jdk-headless jupyter-nbconvert jupyter-client python3-jupyterlab-server python3-notebook-shim \
        python3-async-lru libjemalloc2 libmujoco2.2.2 libosmesa6 \
        fonts-dejavu-core libharfbuzz0b libfreetype6 libfontconfig1 >apt.log && \
      apt-get download -qq jupyterlab; } || \
    { tail -n 20 apt.log 2>/dev/null; \
      echo "Debian's packages could not be installed: the build needs the network (deb.debian.org), directly or by --build-arg http_proxy=ADDRESS." >&2; exit 1; }; \
    dpkg-deb --fsys-tarfile jupyterlab_*.deb | tar -x -C / ./etc ./usr/bin ./usr/lib/python3 ./usr/share/jupyter && \
    python3 -m compileall -q /usr/lib/python3/dist-packages/jupyterlab && \
    apt-get clean && \
    rm -rf apt.log jupyterlab_*.deb /usr/share/jupyter/lab/static/*.map /usr/lib/jvm/*/jmods /usr/lib/jvm/*/lib/server/classes_*.jsa \
        /var/lib/apt/lists/*

# The library, the kernel, their dependencies and libtorch, made by the same script as on any machine. Maven stays here: at run time
# only the kernel's %maven magic would use it, which no notebook of the kit does, and Debian's Maven brings a second Java of 200 MB.
FROM runtime AS build
RUN log="$(apt-get -o APT::Update::Error-Mode=any update -qq 2>&1 && \
      DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends maven 2>&1)" || \
    { echo "$log" | tail -n 20; echo "Maven could not be installed: the build needs the network (deb.debian.org)." >&2; exit 1; }
WORKDIR /opt/worldmodels
ENV DJL_CACHE_DIR=/opt/libtorch WM_COMMIT=build
# The dependencies first: they change less often than the sources.
COPY .mvn .mvn
COPY pom.xml ./
COPY lib/pom.xml lib/
COPY lib/benchmarks/pom.xml lib/benchmarks/
COPY environment/kernel/pom.xml environment/kernel/
RUN mvn -q -B -pl lib,environment/kernel package dependency:copy-dependencies -Dmaven.test.skip=true -DincludeScope=runtime \
        -DexcludeGroupIds=worldmodels || \
    { echo "Maven could not fetch the libraries: the build needs the network (repo.maven.apache.org)." >&2; exit 1; }
# DJL unpacks libtorch once, for its owner alone; here for every user.
RUN echo 'void main() { ai.djl.engine.Engine.getInstance(); }' > /tmp/Unpack.java && \
    java --enable-native-access=ALL-UNNAMED -Dai.djl.offline=true -cp 'lib/target/dependency/*' /tmp/Unpack.java && \
    chmod -R a+rX /opt/libtorch
COPY lib/src/main lib/src/main
COPY results/published results/published
COPY references.bib ./
COPY environment environment
# Unpacked, libtorch's jar is needed for its version alone. The kernelspec is written at each start, for the memory and cores there are.
RUN environment/setup.sh && \
    cd work/kernel/libraries-* && jar --extract --file pytorch-native-cpu-*.jar native/lib/pytorch.properties && \
    jar --create --file pytorch-native-cpu-*.jar native && rm -r native && cd ../../.. && \
    rm -rf lib/target lib/benchmarks environment/kernel/target work/jupyter work/kernel/lock work/kernel/build.log && \
    mkdir -p -m 1777 work/jupyter/kernels/java && chmod 1777 work/jupyter work/jupyter/kernels
COPY *.md LICENSE CITATION.cff references.bib ./
COPY notebooks notebooks
# To compare a run with.
COPY results/smoke/tables results/smoke/tables
COPY results/laptop/tables results/laptop/tables
# To begin with (--kept).
COPY results/laptop/stages results/laptop/stages
RUN chmod -R a+rX .

FROM runtime
COPY --from=build /opt/libtorch /opt/libtorch
COPY --from=build /opt/worldmodels /opt/worldmodels
# Any user may run the kit (docker run --user): the home folder and what is mounted in it are the caller's.
RUN useradd --uid 1000 --home-dir /kit --no-create-home --shell /bin/bash kit && \
    mkdir -p /kit/notebooks /kit/results /kit/work && chmod 1777 /kit /kit/notebooks /kit/results /kit/work
ENV HOME=/kit LANG=C.UTF-8 SHELL=/bin/bash DJL_CACHE_DIR=/opt/libtorch WM_RESULTS=/kit/results WM_WORK=/kit/work
VOLUME /kit/results /kit/work
USER 1000:1000
WORKDIR /kit
EXPOSE 8888
ENTRYPOINT ["/opt/worldmodels/environment/container.sh"]
CMD ["lab"]
HEALTHCHECK --start-period=30s --interval=30s --timeout=5s CMD ["/opt/worldmodels/environment/container.sh", "health"]
ARG VERSION=0.1.0
# Provenance names the commit; there is no git in the image.
ARG COMMIT=unknown
ENV WM_COMMIT=${COMMIT}
LABEL org.opencontainers.image.title="World Models in Java" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${COMMIT}"
