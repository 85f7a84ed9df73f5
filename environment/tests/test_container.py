"""The container as a user meets it: built from this checkout and run with podman, without the network, as a user the image does not know.

Run by environment/test.sh, with --build first, which makes the image alone. An image is called by the hash of what goes into it and is built
where there is none of that name; the tests are skipped where they have passed before with this image, and where podman cannot be had. The base is the one in the Dockerfile if podman has it, else a Debian trixie made here with debootstrap.
"""
import hashlib
import json
import os
import re
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
import unittest
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import test_browser

HOME = Path(__file__).resolve().parents[2]
BASE = re.search(r"^ARG BASE=(\S+)", (HOME / "Dockerfile").read_text(), re.MULTILINE).group(1)
COMMIT = "0123456789abcdef0123456789abcdef01234567"
USER = 4321
# Without systemd and in a container of its own a machine may lack runtime, cgroup manager and limits that podman expects.
PODMAN = ["podman", "--runtime", "/usr/sbin/runc", "--cgroup-manager", "cgroupfs"]
LIMITS = ["--ulimit", "nofile=4096:4096", "--ulimit", "nproc=4096:4096"]
ENVIRONMENT = {k: v for k, v in os.environ.items() if k != "LD_PRELOAD" and not k.startswith("WM_")}
# Health checks are run by the test itself; podman would hand them to systemd.
ENVIRONMENT["DISABLE_HC_SYSTEMD"] = "true"
# A slim base image has no documentation, manuals and translations, and keeps no downloaded packages.
SLIM = ("doc", "man", "locale", "info", "lintian")

# Runs a cell as a browser does: over the server's web socket, with the token in its one argument.
CELL = """
import json, sys, urllib.request, websocket
address = "127.0.0.1:8888/api/kernels"
start = urllib.request.Request(f"http://{address}?token={sys.argv[1]}", method="POST")
kernel = json.load(urllib.request.urlopen(start))["id"]
socket = websocket.create_connection(f"ws://{address}/{kernel}/channels?token={sys.argv[1]}", timeout=120)
socket.send(json.dumps({
    "channel": "shell", "parent_header": {}, "metadata": {},
    "header": {"msg_id": "1", "msg_type": "execute_request", "session": "1", "username": "", "version": "5.3", "date": "2026-01-01T00:00:00Z"},
    "content": {"code": "6 * 7", "silent": False, "store_history": True, "user_expressions": {}, "allow_stdin": False, "stop_on_error": True}}))
while True:
    message = json.loads(socket.recv())
    if message["header"]["msg_type"] in ("execute_result", "error"):
        print(message["content"].get("data", {}).get("text/plain", message["content"]))
        break
"""


def command(*arguments, seconds=600, **options):
    return subprocess.run([str(a) for a in arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=seconds,
                          env=ENVIRONMENT, **options)


def podman(*arguments, **options):
    return command(*PODMAN, *arguments, **options)


def inputs():
    """The files that the build sees, by .dockerignore's own lines, and the Dockerfile."""
    lines = [line for line in (HOME / ".dockerignore").read_text().splitlines() if line and line[0] != "#" and line != "*"]
    left_out = {part.removeprefix("**/") for part in lines if part[0] != "!"}
    for line in ["!Dockerfile", "!.dockerignore", *lines]:
        for path in sorted(HOME.glob(line[1:])) if line[0] == "!" else []:
            for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
                name = str(file.relative_to(HOME))
                if file.is_file() and not any(f"/{part}/" in f"/{name}/" for part in left_out):
                    yield file


def digest(files):
    sha = hashlib.sha256()
    for file in files:
        sha.update(str(file.relative_to(HOME)).encode() + b"\0" + file.read_bytes())
    return sha.hexdigest()[:12]


def tests():
    """The files that test the image."""
    folder = HOME / "environment" / "tests"
    return [folder / "test_container.py", folder / "test_browser.py", *sorted((folder / "browser").glob("*.js*"))]


def has(image):
    return podman("image", "exists", image).returncode == 0


def prepare():
    """Makes podman and the base image available; the reason why not, or nothing."""
    if os.geteuid() != 0:
        return "building a container needs root"
    if not (shutil.which("podman") and Path("/usr/sbin/runc").exists() and shutil.which("debootstrap")):
        install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "podman", "buildah", "runc", "debootstrap"]
        if not shutil.which("apt-get") or command(*install).returncode:
            return "podman, buildah, runc and debootstrap are not there and could not be installed"
    if not has(BASE):
        with tempfile.TemporaryDirectory() as folder:
            root, tar = Path(folder, "root"), Path(folder, "base.tar")
            made = command("debootstrap", "--variant=minbase", "trixie", root)
            if made.returncode:
                return "the base image could not be made with debootstrap: " + (made.stdout.strip().splitlines() or ["no word"])[-1]
            (root / "etc/dpkg/dpkg.cfg.d/docker").write_text("".join(f"path-exclude /usr/share/{name}/*\n" for name in SLIM))
            for left in [*(f"usr/share/{name}" for name in SLIM), "var/cache/apt", "var/lib/apt/lists"]:
                shutil.rmtree(root / left, ignore_errors=True)
            # Where the network has a certificate authority of its own, Maven in the image needs it too.
            for certificate in Path("/usr/local/share/ca-certificates").glob("*.crt"):
                (root / "usr/local/share/ca-certificates").mkdir(parents=True, exist_ok=True)
                shutil.copy(certificate, root / "usr/local/share/ca-certificates")
            command("tar", "-C", root, "--one-file-system", "-cf", tar, ".")
            podman("import", "-q", tar, BASE)
    tried = podman("run", "--rm", "--network", "none", *LIMITS, BASE, "true")
    return None if tried.returncode == 0 else "podman cannot run a container here: " + (tried.stderr.strip().splitlines() or ["no word"])[-1]


def build():
    """The image of this checkout, unless there is one; a layer whose inputs are known is not built again."""
    if has(IMAGE):
        return
    start = time.monotonic()
    made = podman("build", "--isolation", "chroot", "--format", "docker", "--layers", "--pull-never", "-t", IMAGE,
                  "--build-arg", f"COMMIT={COMMIT}", HOME, seconds=1800)
    if made.returncode:
        sys.exit("The image could not be built:\n" + "\n".join((made.stdout + made.stderr).strip().splitlines()[-15:]))
    size = int(podman("image", "inspect", "-f", "{{.Size}}", IMAGE).stdout)
    print(f"The image was built in {time.monotonic() - start:.0f} s and has {size / 1e6:.0f} MB.", file=sys.stderr)


def folder_of(owner):
    folder = Path(tempfile.mkdtemp(prefix="container-"))
    os.chown(folder, owner, owner)
    return folder


class Container(unittest.TestCase):

    def folder(self, owner=USER):
        folder = folder_of(owner)
        self.addCleanup(shutil.rmtree, folder)
        return folder

    def options(self, results, work):
        return ["--network", "none", "--user", f"{USER}:{USER}", "-v", f"{results}:/kit/results", "-v", f"{work}:/kit/work"]

    def run_it(self, *arguments, options=()):
        return podman("run", "--rm", *LIMITS, *options, IMAGE, *arguments, seconds=900)

    def refused(self, result, *words):
        self.assertEqual(result.returncode, 2, result.stdout + result.stderr)
        self.assertEqual(len(result.stderr.strip().splitlines()), 1, result.stderr)
        for word in words:
            self.assertIn(word, result.stderr)

    def test_reproduce_without_network_writes_results_of_the_caller_and_compares_them(self):
        results, work = self.folder(), self.folder()
        # Shared memory is not used: there is next to none.
        result = self.run_it("reproduce", "--preset", "smoke", "01", "02", options=[*self.options(results, work), "--shm-size", "64k"])
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        made = results / "smoke" / "notebooks"
        self.assertEqual(sorted(p.name for p in made.iterdir()), ["01-car-racing.ipynb", "02-random-rollouts.ipynb"])
        self.assertEqual({p.stat().st_uid for p in [*results.rglob("*"), *work.rglob("*")]}, {USER})
        outputs = [o for c in json.loads((made / "01-car-racing.ipynb").read_text())["cells"] for o in c.get("outputs", [])]
        self.assertTrue(any("image/png" in o.get("data", {}) for o in outputs))
        self.assertIn("1 of 1 tables are identical to the kept ones in every value.", result.stdout)

    def test_the_kept_stages_are_in_the_image(self):
        kept = len(list((HOME / "results" / "laptop" / "stages").glob("*/stage.json")))
        script = 'export WM_WORK="$(mktemp -d)"; source /opt/worldmodels/environment/env.sh; kit_take_kept laptop'
        took = podman("run", "--rm", *LIMITS, "--entrypoint", "bash", IMAGE, "-c", script)
        self.assertIn(f"Taken from results/laptop/stages: {kept} finished stages", took.stdout, took.stderr)

    def test_libtorch_and_provenance_are_there_without_network(self):
        """What no notebook before the fourth needs: the natives, the allocator, the commit."""
        results, work, notebooks = self.folder(), self.folder(), self.folder()
        cells = ["import ai.djl.engine.Engine; import worldmodels.report.*; import worldmodels.run.*; import worldmodels.study.carracing.*;",
                 "System.out.println(\"version \" + Engine.getInstance().getVersion());",
                 "System.out.println(\"commit \" + System.getenv(\"WM_COMMIT\") + \" preload \" + System.getenv(\"LD_PRELOAD\"));"]
        book = {"cells": [{"cell_type": "code", "execution_count": None, "id": f"c{i}", "metadata": {}, "outputs": [], "source": c}
                          for i, c in enumerate(cells)],
                "metadata": {"kernelspec": {"display_name": "Java", "language": "java", "name": "java"}}, "nbformat": 4, "nbformat_minor": 5}
        (notebooks / "00-natives.ipynb").write_text(json.dumps(book))
        result = self.run_it("reproduce", "/kit/notebooks/00-natives.ipynb",
                             options=[*self.options(results, work), "-v", f"{notebooks}:/kit/notebooks"])
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        text = (results / "smoke/notebooks/00-natives.ipynb").read_text()
        self.assertRegex(text, r"version \d+\.\d+")
        self.assertIn(f"commit {COMMIT} preload /usr/lib/", text)
        self.assertIn("libjemalloc.so.2", text)

    def lab(self, results, work):
        """A JupyterLab that answers: the container's name and the token."""
        name = f"kit-test-{secrets.token_hex(4)}"
        start = time.monotonic()
        started = podman("run", "-d", "--name", name, *LIMITS, *self.options(results, work), IMAGE)
        self.addCleanup(podman, "rm", "-f", "-t", "5", name)
        self.assertEqual(started.returncode, 0, started.stderr)
        while podman("healthcheck", "run", name).returncode:
            self.assertLess(time.monotonic() - start, 120, podman("logs", name).stdout)
            time.sleep(0.5)
        print(f"JupyterLab answered after {time.monotonic() - start:.1f} s.", file=sys.stderr)
        logs = podman("logs", name)
        tokens = re.findall(r"token=([0-9a-f]{32,})", logs.stdout + logs.stderr)
        self.assertEqual(len(tokens), 1, logs.stdout + logs.stderr)
        return name, tokens[0]

    def test_lab_in_a_browser_runs_every_notebook_and_stops_a_training(self):
        """Chromium in the container's own network, which leads nowhere else; what the notebooks before have made is there to be loaded."""
        chromium, missing = test_browser.tools()
        if missing:
            self.skipTest(f"the browser needs {missing}")
        made, nothing = self.folder(), self.folder()
        for stage in Path(os.environ.get("WM_WORK") or HOME / "work").glob("*-" + "[0-9a-f]" * 12):
            shutil.copytree(stage, made / stage.name)
        command("chown", "-R", f"{USER}:{USER}", made)
        for steps, work in ((test_browser.LOADING, made), (test_browser.TRAINING, nothing)):
            name, token = self.lab(self.folder(), work)
            inside = ["nsenter", "-n", "-t", podman("inspect", "-f", "{{.State.Pid}}", name).stdout.strip()]
            taken = test_browser.browse([step.replace(":", ":notebooks/") for step in steps], "http://127.0.0.1:8888", token, chromium,
                                        test_browser.SCREENSHOTS / "lab", inside, stdout=sys.stderr)
            podman("rm", "-f", "-t", "5", name)
            self.assertEqual(taken.returncode, 0)

    def test_lab_answers_with_its_token_and_only_with_it(self):
        name, token = self.lab(self.folder(), self.folder())

        def status(path):
            probe = ("import sys, urllib.request as u, urllib.error as e\n"
                     "try: r = u.urlopen('http://127.0.0.1:8888' + sys.argv[1]); print(r.status, r.read().decode())\n"
                     "except e.HTTPError as x: print(x.code)")
            return podman("exec", name, "python3", "-c", probe, path).stdout.strip()

        self.assertEqual(status("/api/contents/notebooks"), "403")
        self.assertEqual(status("/api/contents/notebooks?token="), "403")
        listed = status(f"/api/contents/notebooks?token={token}")
        self.assertTrue(listed.startswith("200 "), listed)
        there = {entry["name"]: entry["writable"] for entry in json.loads(listed[4:])["content"]}
        self.assertEqual(there, {p.name: True for p in (HOME / "notebooks").glob("*.ipynb")})
        page = status(f"/lab/tree/notebooks/00-start-here.ipynb?token={token}")
        self.assertTrue(page.startswith("200 ") and "<title>JupyterLab</title>" in page, page[:300])
        kernels = json.loads(status(f"/api/kernelspecs?token={token}")[4:])
        self.assertEqual((kernels["default"], list(kernels["kernelspecs"])), ("java", ["java"]))
        ran = podman("exec", "-i", name, "python3", "-", token, input=CELL)
        self.assertEqual(ran.stdout.strip(), "42", ran.stderr)
        again = podman("exec", name, "/opt/worldmodels/environment/lab.sh", "--port", "8888")
        self.refused(again, "Port 8888 cannot be used")
        stopped = time.monotonic()
        podman("stop", "-t", "30", name)
        self.assertLess(time.monotonic() - stopped, 20, "the server does not end when asked to")

    def test_a_command_of_jupyters_finds_the_kernel_and_the_notebooks(self):
        """Binder starts Jupyter so."""
        listed = self.run_it("jupyter", "kernelspec", "list")
        self.assertEqual(listed.returncode, 0, listed.stderr)
        self.assertRegex(listed.stdout, r"(?m)^ *java ")
        seen = self.run_it("python3", "-c", "import os; print(sorted(os.listdir('notebooks'))[0])")
        self.assertEqual(seen.stdout.strip(), "00-start-here.ipynb", seen.stderr)

    def test_the_image_declares_health_user_volumes_version_and_commit(self):
        image = json.loads(podman("image", "inspect", IMAGE).stdout)[0]
        version = ElementTree.parse(HOME / "pom.xml").getroot().findtext("{http://maven.apache.org/POM/4.0.0}version")
        self.assertIn("health", json.dumps(image["HealthCheck" if "HealthCheck" in image else "Healthcheck"]))
        self.assertEqual(image["Config"]["User"], "1000:1000")
        self.assertEqual(set(image["Config"]["Volumes"]), {"/kit/results", "/kit/work"})
        self.assertEqual(image["Labels"]["org.opencontainers.image.version"], version)
        self.assertEqual(image["Labels"]["org.opencontainers.image.revision"], COMMIT)

    def test_bad_input_is_one_sentence(self):
        results, work, roots = self.folder(), self.folder(), self.folder(owner=0)
        self.refused(self.run_it("dance"), "lab and reproduce, not dance")
        self.refused(self.run_it("reproduce", "--preset", "gigantic"), "gigantic")
        self.refused(self.run_it(options=["-e", "JUPYTER_TOKEN="]), "JUPYTER_TOKEN is empty")
        self.refused(self.run_it("reproduce", options=self.options(roots, work)), "/kit/results", f"user {USER}", "user 0", "--user")
        self.refused(self.run_it(options=self.options(results, roots)), "/kit/work", f"user {USER}", "--user")
        self.assertEqual(list(roots.iterdir()), [])

    def test_too_little_memory_is_refused(self):
        results, work = self.folder(), self.folder()
        options = [*self.options(results, work), "--memory", "1g"]
        if podman("run", "--rm", *LIMITS, *options, "--entrypoint", "true", IMAGE).returncode:
            self.skipTest("podman cannot limit memory here")
        for words in (["reproduce"], []):
            self.refused(self.run_it(*words, options=options), "1.1 GB of memory", "3 GB")

    def test_no_network_at_build_is_one_sentence(self):
        made = command("unshare", "-n", *PODMAN, "build", "--isolation", "chroot", "--no-cache", "--pull-never", "--target", "runtime", HOME)
        self.assertNotEqual(made.returncode, 0)
        self.assertIn("Debian's packages could not be installed: the build needs the network", made.stderr)

    def test_nothing_of_the_build_is_left(self):
        unwanted = ("/*/.m2", "/opt/worldmodels/lib/target", "/opt/worldmodels/environment/kernel/target", "/opt/worldmodels/lib/src/test",
                    "/opt/worldmodels/.git", "/usr/bin/gcc", "/usr/bin/git", "/usr/bin/mvn", "/usr/bin/node", "/usr/share/nodejs", "/usr/lib/jvm/*/jmods")
        look = "for path in {}; do [ ! -e $path ] || echo $path; done; find /opt /kit -name '*.class'; find / -xdev -name 'libtorch_cpu.so'".format(" ".join(unwanted))
        found = podman("run", "--rm", "--user", "0", *LIMITS, "--entrypoint", "sh", IMAGE, "-c", look)
        self.assertEqual(len(found.stdout.split()), 1, found.stdout + found.stderr)


if __name__ == "__main__":
    IMAGE = f"localhost/worldmodels-test:{digest(inputs())}"
    TESTED = f"{IMAGE}-{digest(tests())}-tested"
    if shutil.which("podman") and os.geteuid() == 0 and has(TESTED):
        print("The container passed its tests with these inputs before.")
        sys.exit(0)
    reason = prepare()
    if reason:
        print(f"The container is not tested: {reason}.")
        sys.exit(0)
    build()
    if sys.argv[1:] == ["--build"]:
        sys.exit(0)
    result = unittest.main(verbosity=2, exit=False).result
    if result.wasSuccessful():
        podman("tag", IMAGE, TESTED)
        # Those of earlier inputs are of no more use; what they share with this one stays.
        for name in podman("images", "--format", "{{.Repository}}:{{.Tag}}", "--filter", "reference=localhost/worldmodels-test").stdout.split():
            if name not in (IMAGE, TESTED):
                podman("rmi", name)
    sys.exit(not result.wasSuccessful())
