"""Executes notebooks one after the other and says how far it is; run.sh starts it with the environment that env.sh makes.

Exit status: 0 all done, 1 a cell failed or the kernel ended, 2 wrong use, 130 stopped by Ctrl-C.
"""
import asyncio
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import pages
import reproduction
import website

HOME = Path(os.environ.get("WM_HOME") or Path(__file__).resolve().parent.parent)
PRESET = os.environ.get("WM_PRESET", "smoke")
REPORT = "99-report-template"
PRESETS = Path(__file__).resolve().parent / "presets"
NOTEBOOKS = Path(os.environ.get("WM_NOTEBOOKS") or HOME / "notebooks")
RESULTS = Path(os.environ.get("WM_RESULTS") or HOME / "results") / PRESET
WORK = Path(os.environ.get("WM_WORK") or HOME / "work")
ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
# In a terminal the line is replaced in place; in a log each is kept.
KNOWN_WARNING = "WARNING: Using incubator modules"
SHOW_EVERY_S = 1 if sys.stdout.isatty() else 20


class Refused(Exception):
    """What the user asked for cannot be done; the message is one sentence that names the remedy."""


def main(arguments):
    check = "--check" in arguments
    report = "--report" in arguments
    if "--evaluate" in arguments:
        return evaluate()
    names = [a for a in arguments if not a.startswith("--")] or ([REPORT] if report else [])
    try:
        if "--list" in arguments:
            print("\n".join(p.stem for p in existing(NOTEBOOKS)))
            return 0
        check_preset()
        if "--pages" in arguments:
            executed = chosen(names, RESULTS / "notebooks", f"executed notebooks in {short(RESULTS / 'notebooks')}; run environment/run.sh first.")
            return 0 if check else write_pages(executed)
        if "--site" in arguments:
            check_folder(WORK)
            return 0 if check else write_site()
        notebooks = chosen(names, NOTEBOOKS, f"notebooks in {NOTEBOOKS}; check out the whole project.")
        for folder in (RESULTS / ("report" if report else "notebooks"), WORK):
            check_folder(folder)
        check_machine(quiet=not check)
    except Refused as refused:
        print(refused, file=sys.stderr)
        return 2
    return 0 if check else asyncio.run(run_all(notebooks, report))


def existing(folder):
    return sorted(p for p in folder.glob("*.ipynb") if re.match(r"\d\d-[^.]+$", p.stem))


def chosen(names, folder, remedy):
    """The notebooks of a folder that the names mean, in the order of the course; the remedy is for a folder without any."""
    there = existing(folder)
    if not there:
        raise Refused(f"There are no {remedy}")
    picked = []
    for name in names:
        stem = Path(name).stem if name.endswith(".ipynb") else name
        number = f"{int(name):02d}-" if name.isdigit() else None
        found = [p for p in there if p.stem == stem or (number and p.name.startswith(number))]
        if not found and name.endswith(".ipynb") and Path(name).is_file():
            found = [Path(name).resolve()]
        if not found:
            raise Refused(f"There is no notebook {name}; there are {', '.join(p.stem for p in there)}.")
        picked += found
    return sorted(set(picked), key=lambda p: p.name) if names else there


def check_preset():
    known = sorted(p.stem for p in PRESETS.glob("*.properties"))
    if PRESET not in known:
        raise Refused(f"There is no preset {PRESET}; choose {', '.join(known[:-1])} or {known[-1]}.")


def needs():
    """Cores, gigabytes of memory and gigabytes of disk, as the preset's file has them, else the paper's."""
    settings = {}
    for name in ("paper", PRESET):
        settings |= dict(re.findall(r"^budget\.(\w+) *= *(\S+)", (PRESETS / f"{name}.properties").read_text(), re.MULTILINE))
    return tuple(float(settings[key]) for key in ("cores", "memory", "disk"))


def check_folder(folder):
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise Refused(f"Cannot write {folder} ({error.strerror}); make it writable or set WM_RESULTS and WM_WORK to other folders.")


def check_machine(quiet):
    """Refuses what cannot end well; a machine that is only slow is told so."""
    cores, memory, disk = needs()
    needed = f"the preset {PRESET} needs {cores:g} cores, {memory:g} GB of memory and {disk:g} GB of free disk"
    for folder in (RESULTS, WORK):
        free = shutil.disk_usage(folder).free / 1e9
        if free < disk:
            raise Refused(f"Only {free:.1f} GB are free in {folder}: {needed}; free some, "
                          "or set WM_WORK and WM_RESULTS to folders on another disk.")
    has = memory_bytes() / 1e9
    if has < memory:
        raise Refused(f"This machine or container has {has:.1f} GB of memory: {needed}; choose a smaller preset or give it more.")
    here = len(os.sched_getaffinity(0))
    if here < cores and not quiet:
        print(f"Note: this machine has {here} core: {needed}; it will take about {cores / here:.0f} times as long as predicted.",
              file=sys.stderr)


def memory_bytes():
    """What this process may use: the machine's memory, or its container's."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    for file in ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"):
        try:
            memory = min(memory, int(Path(file).read_text()))
        except (OSError, ValueError):
            pass
    return memory


async def run_all(notebooks, report):
    print(f"{len(notebooks)} notebook{'s' * (len(notebooks) != 1)}, preset {PRESET}, results in {short(RESULTS)}", flush=True)
    if not report and not print_plan():
        return 1
    start = time.monotonic()
    before = reproduction.stamps(RESULTS / "tables")
    stop = Stop()
    for number, path in enumerate(notebooks, 1):
        status = await Run(path, f"[{number}/{len(notebooks)}]", stop, report).run()
        if status:
            return status
    print(f"Done in {duration(time.monotonic() - start)}; results in {short(RESULTS)}", flush=True)
    if not report:
        compare(before)
    return 0


def compare(before):
    """The tables of this run beside the kept ones."""
    lines, page = reproduction.report(HOME, PRESET, RESULTS, before)
    print("\n".join(lines), flush=True)
    if page:
        target = RESULTS / "reproduction.md"
        write_whole(target, page)
        print(f"All of it, for a reader: {short(target)}", flush=True)


def print_plan():
    """What the preset reduces and what it will cost, in the words of the library. Whether it could tell: what keeps it from that would keep
    every notebook from running, and its reason has been passed on."""
    plan = java("worldmodels.study.Plan", stdout=subprocess.PIPE)
    if plan.returncode:
        print("The library could not say what this run will do, for the reason above; no notebook was run.", file=sys.stderr)
        return False
    print("\n" + plan.stdout.rstrip() + "\n", flush=True)
    return True


def evaluate():
    """Drives the kept weights again; the library says what came of it."""
    check_preset()
    try:
        return 0 if java("worldmodels.notebook.Reevaluate").returncode == 0 else 1
    except KeyboardInterrupt:
        print("Stopped; nothing was written.", file=sys.stderr)
        return 130


def java(main, stdout=None):
    """Runs one of the library's programs with the kernel's own command line. Its last lines say what went wrong, if anything did."""
    spec = json.loads((HOME / "work/jupyter/kernels/java/kernel.json").read_text())
    result = subprocess.run([*spec["argv"][:-2], main], env={**os.environ, **spec["env"]}, stdout=stdout, stderr=subprocess.PIPE, text=True)
    lines = [line for line in result.stderr.splitlines() if not line.startswith((KNOWN_WARNING, "\t"))]
    said = [line for line in lines if not line.startswith(("Exception in", "Caused by"))] or lines
    if said:
        print("\n".join(said), file=sys.stderr)
    return result


class Stop:
    """Ctrl-C: the first interrupts the running cell, which stops at a clean point; the second ends the kernel."""

    def __init__(self):
        self.count = 0
        self.run = None
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, self.signalled)

    def signalled(self):
        self.count += 1
        if self.run is not None:
            print("Stopping; once more ends it at once." if self.count == 1 else "Ending the kernel.", flush=True)
            asyncio.ensure_future(self.run.interrupt(kill=self.count > 1))


class Run:
    """One notebook, executed in a kernel of its own."""

    def __init__(self, path, label, stop, report):
        self.path, self.label, self.stop, self.report = path, label, stop, report
        self.client = None

    async def run(self):
        import nbformat
        from nbclient.exceptions import CellExecutionError, DeadKernelError

        name = self.path.stem
        out = RESULTS / ("report" if self.report else "notebooks")
        failed = out / f"{name}.failed.ipynb"
        print(f"{self.label} {name}", flush=True)
        start = time.monotonic()
        book = nbformat.read(self.path, as_version=4)
        cells = [(i, c) for i, c in enumerate(book.cells) if c.cell_type == "code" and c.source.strip()]
        self.client = client_class()(book, timeout=None, startup_timeout=120, kernel_name="java", record_timing=True,
                                     resources={"metadata": {"path": str(self.path.parent)}})
        self.stop.run = self
        k = 0
        try:
            await self.start_kernel()
            for k, (index, cell) in enumerate(cells, 1):
                if self.stop.count:
                    break
                await self.cell(k, len(cells), index, cell)
        except CellExecutionError as error:
            if not self.stop.count:
                keep(book, failed)
                print(f"{name} failed in cell {k} of {len(cells)}: {error.ename}: {error.evalue}\n"
                      f"{indent(traceback_of(cells[k - 1][1]))}\n"
                      f"The notebook up to there is in {short(failed)}.", file=sys.stderr, flush=True)
                return 1
        except (DeadKernelError, RuntimeError, TimeoutError) as error:
            if not self.stop.count:
                keep(book, failed)
                where = f"in cell {k} of {len(cells)}" if k else "at its start"
                reason = str(error).strip() or type(error).__name__
                guess = "it may have run out of memory: see WM_HEAP in environment/run.sh --help" if k else "what it said is above"
                print(f"{name}: the Java kernel ended {where} ({reason}); {guess}. The notebook up to there is in {short(failed)}.",
                      file=sys.stderr, flush=True)
                return 1
        finally:
            self.stop.run = None
            await self.end_kernel()
        if self.stop.count:
            print(f"{name} was stopped in cell {k} of {len(cells)}; run it again to continue.", file=sys.stderr, flush=True)
            return 130
        if self.report:
            keep_report(book, out, name)
        else:
            keep(book, out / f"{name}.ipynb")
        failed.unlink(missing_ok=True)
        print(f"{self.label} {name} done in {duration(time.monotonic() - start)}", flush=True)
        return 0

    async def cell(self, k, n, index, cell):
        first = next((line.strip() for line in cell.source.splitlines() if line.strip()), "")
        line = f"  cell {k} of {n}"
        tty = sys.stdout.isatty()
        if tty:
            print(f"{line}        {first[:80]}", end="\r", flush=True)
        self.client.watch(line)
        start = time.monotonic()
        try:
            await self.client.async_execute_cell(cell, index)
        finally:
            clear = "\x1b[K" if tty else ""
            print(f"{clear}{line} {time.monotonic() - start:6.1f} s  {first[:90]}", flush=True)

    async def start_kernel(self):
        self.client.create_kernel_manager()
        errors = kernel_errors()
        # From where the executed copy is read: what it shows of the sources links to them.
        environment = {**os.environ, "WM_PAGES": str(RESULTS / "notebooks")}
        await self.client.async_start_new_kernel(cwd=str(self.path.parent), stderr=errors, env=environment)
        os.close(errors)
        await self.client.async_start_new_kernel_client()

    async def end_kernel(self):
        if self.client.km is not None:
            try:
                await self.client._async_cleanup_kernel()
            except Exception as error:  # The kernel is ending anyway; what matters has been said.
                print(f"Ending the kernel: {error}", file=sys.stderr)

    async def interrupt(self, kill):
        km = self.client.km
        if km is None:
            return
        if kill:
            await km._async_shutdown_kernel(now=True)
        else:
            await km._async_interrupt_kernel()


def kernel_errors():
    """A file for a kernel's standard error: what comes there is passed on, but for the line in which java tells of its vector module."""
    reader, writer = os.pipe()

    def pass_on():
        with os.fdopen(reader, encoding="utf-8", errors="replace") as lines:
            for line in lines:
                if not line.startswith(KNOWN_WARNING):
                    print(line, end="", file=sys.stderr, flush=True)

    threading.Thread(target=pass_on, daemon=True).start()
    return writer


def client_class():
    """NotebookClient that passes the notebook's own progress on; made here because the checks run without nbclient."""
    from nbclient import NotebookClient

    class Client(NotebookClient):
        prefix, shown_at = "", 0.0

        def watch(self, prefix):
            self.prefix, self.shown_at = prefix, time.monotonic()

        def process_message(self, msg, cell, cell_index):
            text = plain_text(msg)
            if text and time.monotonic() - self.shown_at > SHOW_EVERY_S:
                self.shown_at = time.monotonic()
                if sys.stdout.isatty():
                    width = shutil.get_terminal_size().columns - 1
                    print(f"\x1b[K{self.prefix}    ... {text}"[:width], end="\r", flush=True)
                else:
                    print(f"{self.prefix}    ... {text[:110]}", flush=True)
            return super().process_message(msg, cell, cell_index)

    return Client


def plain_text(msg):
    """The last line of what a message shows, or nothing."""
    content = msg["content"]
    if msg["msg_type"] == "stream":
        text = content["text"]
    elif msg["msg_type"] in ("display_data", "update_display_data"):
        text = content["data"].get("text/plain", "")
    else:
        return ""
    lines = [line.strip() for line in ANSI.sub("", text).replace("\r", "\n").splitlines() if line.strip()]
    return lines[-1] if lines else ""


def traceback_of(cell):
    for output in cell.outputs:
        if output.output_type == "error":
            return "\n".join(ANSI.sub("", line) for line in output.traceback)
    return ""


def keep(book, target):
    import nbformat

    write_whole(target, nbformat.writes(book) + "\n")


def write_pages(executed):
    """Executed notebooks as pages for a browser, beside them."""
    import nbformat

    for path in executed:
        page = path.with_suffix(".html")
        write_whole(page, pages.page(nbformat.read(path, as_version=4), path.stem))
        print(short(page), flush=True)
    return 0


def write_site():
    """One site of the results of all presets."""
    target = WORK / "site"
    left_out = website.write(RESULTS.parent, target)
    if left_out is None:
        raise Refused(f"There are no results in {short(RESULTS.parent)}; run environment/run.sh first.")
    for sentence in left_out:
        print(f"Left out: {sentence}", file=sys.stderr)
    print(f"The site is {short(target / 'index.html')}; copy its folder to any static host.", flush=True)
    return 0


def keep_report(book, out, name):
    write_whole(out / f"{name}.html", pages.report(book))
    print(f"The report is {short(out / f'{name}.html')}", flush=True)
    printer = pages.pdf(out / f"{name}.html", out / f"{name}.pdf")
    print(f"and {short(out / f'{name}.pdf')}" if printer
          else "There is no PDF: install chromium or weasyprint, or print the page from a browser.", flush=True)


def write_whole(target, text):
    """Aside, to disk, then renamed: a reader never meets half a file."""
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with open(part, "w", encoding="utf-8") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        os.replace(part, target)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise SystemExit(f"Cannot write {target} ({error.strerror}); free space there or set WM_RESULTS to another folder.")


def indent(text):
    return "\n".join("    " + line for line in text.splitlines())


def short(path):
    try:
        return str(path.relative_to(HOME))
    except ValueError:
        return str(path)


def duration(seconds):
    return f"{seconds:.0f} s" if seconds < 90 else f"{int(seconds // 60)} min {int(seconds % 60)} s"


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except OSError as error:
        sys.exit(f"Cannot use {error.filename} ({error.strerror}); make it accessible, or set WM_RESULTS and WM_WORK to other folders.")
