"""The notebooks as a reader meets them: lab.sh's server, real pages in Chromium, at the smoke preset.

Run by environment/test.sh after the notebooks have run: their executed copies are opened and looked at, and their stages are there to be
loaded. Last, a reader walks through the site of all results. With the names of steps as arguments it runs only those. JupyterLab where there is one, else the classic Notebook.
"""
import contextlib
import functools
import http.server
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

HOME = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(HOME / "environment"))

import website

HERE = Path(__file__).resolve().parent / "browser"
SCREENSHOTS = HOME / "work" / "test-results" / "browser"
LIMIT_S = 3600
# Where test.sh has the notebooks executed.
EXECUTED = HOME / "work" / "test-results" / "smoke" / "notebooks"
# What each server is asked to show: every notebook as it was executed; and run here, one that loads V, M and frames, and the one that needs most of the
# system. Training starts in a work folder of its own, and is stopped.
LOADING = [f"shows:{p.name}" for p in sorted((HOME / "notebooks").glob("[0-8]*.ipynb"))] + [
    "run-all:04-memory-mdn-rnn.ipynb", "run-all:11-control-suite.ipynb", "cell-by-cell:00-start-here.ipynb"]
TRAINING = ["interrupt:03-vision-conv-vae.ipynb"]
SITE = "site"


def main(names):
    chromium, missing = tools()
    if missing:
        print(f"Skipped: the browser tests need {missing}.")
        return 0
    if not EXECUTED.is_dir():
        print(f"There are no executed notebooks in {EXECUTED} to open; environment/test.sh makes them.", file=sys.stderr)
        return 1
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    status = 0
    with tempfile.TemporaryDirectory() as folder:
        for steps, work in ((LOADING, os.environ["WM_WORK"]), (TRAINING, os.path.join(folder, "work"))):
            chosen = [step for step in steps if not names or step.split(":")[0] in names or step.split(":")[1][:2] in names]
            if chosen:
                status |= drive(chosen, Path(folder) / f"notebooks-{len(steps)}", work, chromium)
        if not names or SITE in names:
            status |= walk_the_site(Path(folder) / "site", chromium)
    return status


def walk_the_site(folder, chromium):
    """The site of the kept results and of what was just executed, as a file and on a host that only serves files."""
    results = folder / "results"
    results.mkdir(parents=True)
    for kept in (HOME / "results").iterdir():
        (results / kept.name).symlink_to(EXECUTED.parent if kept.name == EXECUTED.parent.name else kept)
    left_out = website.write(results, folder / "pages")
    if left_out:
        print(f"The site leaves out: {left_out}", file=sys.stderr)
        return 1
    host = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder / "pages")))
    threading.Thread(target=host.serve_forever, daemon=True).start()
    try:
        walks = [((folder / "pages" / "index.html").as_uri(), "wide", "narrow"), (f"http://127.0.0.1:{host.server_port}/index.html", "narrow")]
        return max(subprocess.run(["node", HERE / "site.js", address, SCREENSHOTS, *sizes], env={**quiet_environment(), "CHROMIUM": chromium},
                                  timeout=LIMIT_S).returncode for address, *sizes in walks)
    finally:
        host.shutdown()


class Quiet(http.server.SimpleHTTPRequestHandler):

    def log_message(self, *arguments):
        pass

    def copyfile(self, source, outputfile):
        # A reader goes on before a page has come whole.
        with contextlib.suppress(ConnectionError):
            super().copyfile(source, outputfile)


def tools():
    """Chromium's path, and what is missing, if anything. As root on Debian, both are fetched."""
    names = ("chromium", "chromium-browser", "google-chrome")
    if not any(map(shutil.which, names)) or not shutil.which("node") or not shutil.which("npm") and not installed():
        if os.getuid() == 0 and shutil.which("apt-get"):
            quietly("apt-get", "update", "-qq")
            for package in [p for p, there in (("chromium", any(map(shutil.which, names))), ("nodejs", shutil.which("node")),
                                               ("npm", shutil.which("npm"))) if not there]:
                quietly("apt-get", "install", "-y", "-qq", "--no-install-recommends", package)
    chromium = next(filter(None, map(shutil.which, names)), None)
    if not chromium:
        return None, "Chromium (apt-get install chromium)"
    if not shutil.which("node"):
        return None, "Node.js (apt-get install nodejs npm)"
    if not installed():
        if not shutil.which("npm") or not quietly("npm", "ci", "--no-audit", "--no-fund", cwd=HERE) or not installed():
            return None, "playwright-core, which npm could not fetch (npm ci in environment/tests/browser)"
    return chromium, None


def installed():
    return (HERE / "node_modules" / "playwright-core").is_dir()


def quiet_environment():
    """Without the allocator, which is for Java."""
    return {k: v for k, v in os.environ.items() if k != "LD_PRELOAD"}


def quietly(*command, cwd=None):
    return subprocess.run(command, cwd=cwd, env={**quiet_environment(), "DEBIAN_FRONTEND": "noninteractive"}, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL).returncode == 0


def drive(steps, folder, work, chromium):
    """Starts a server on an empty folder, which gets copies of the notebooks, since pages save what they show; takes the steps."""
    folder.mkdir()
    token, port = secrets.token_hex(16), free_port()
    base = f"http://127.0.0.1:{port}"
    log = SCREENSHOTS / "server.log"
    with open(log, "w") as out:
        server = subprocess.Popen(
            [HOME / "environment" / "lab.sh", "--no-browser", "--ip", "127.0.0.1", "--port", str(port), f"--notebook-dir={folder}"],
            env={**os.environ, "JUPYTER_TOKEN": token, "WM_WORK": work, "WM_RESULTS": str(folder.parent / "results")},
            stdout=out, stderr=out, start_new_session=True)
    try:
        if not answers(server, f"{base}/api/status", token):
            print(f"The server did not start; what it said is in {log}.", file=sys.stderr)
            return 1
        return browse(steps, base, token, chromium).returncode
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait()


def browse(steps, base, token, chromium, shots=SCREENSHOTS, inside=(), **options):
    """Takes the steps on a server that answers; inside goes before the command and says where its network is."""
    shots.mkdir(parents=True, exist_ok=True)
    return subprocess.run([*inside, "node", HERE / "browser.js", base, token, HOME / "notebooks", EXECUTED, shots, *steps],
                          env={**quiet_environment(), "CHROMIUM": chromium}, timeout=LIMIT_S, **options)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def answers(server, url, token):
    for _ in range(600):
        try:
            urllib.request.urlopen(urllib.request.Request(url, headers={"Authorization": f"token {token}"}), timeout=10)
            return True
        except (urllib.error.URLError, OSError):
            if server.poll() is not None:
                return False
            time.sleep(0.2)
    return False


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
