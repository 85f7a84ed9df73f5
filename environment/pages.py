"""Executed notebooks as pages: as they stand, or as a report, which hides the code and needs no other file."""
import functools
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

HOME = Path(os.environ.get("WM_HOME") or Path(__file__).resolve().parent.parent)
MATHJAX_IN_JAR = re.compile(r"META-INF/resources/webjars/mathjax/[^/]+/es5/tex-svg\.js")
MATHJAX_ON_THE_NET = "https://cdn.jsdelivr.net/npm/mathjax@3.2.2/es5/tex-svg.js"
MATHJAX_SETTINGS = ('<script>window.MathJax = {tex: {inlineMath: [["$", "$"], ["\\\\(", "\\\\)"]], processEscapes: true}, '
                    'options: {skipHtmlTags: ["script", "noscript", "style", "textarea", "pre", "code"]}};</script>')
# A column of text for screen and print: results stand under the text, and no picture is cut by the end of a page.
REPORT_STYLE = """<style>
body { max-width: 900px; margin: 0 auto !important; padding: 0 1em; }
.jp-InputPrompt, .jp-OutputPrompt, .jp-Collapser { display: none !important; }
.jp-Cell { padding: 0.3em 0 !important; }
.jp-OutputArea-output { overflow-x: auto; }
img { max-width: 100%; height: auto; }
@media print {
  figure, img, tr { break-inside: avoid; }
  h1, h2, h3, figcaption, caption { break-after: avoid; }
  img { max-height: 22cm; object-fit: contain; object-position: left; }
}
</style>"""
# In the order of preference; each makes a PDF of a page: program, arguments before the page, arguments after it.
PRINTERS = (
    *((name, ["--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer", "--virtual-time-budget=20000",
              "--print-to-pdf={pdf}"], []) for name in ("chromium", "chromium-browser", "google-chrome")),
    ("weasyprint", [], ["{pdf}"]),
)
PRINT_SECONDS = 180


def page(book, name):
    """The notebook with its code. Equations are typeset where there is a network, and stay readable as LaTeX elsewhere."""
    return exported(book, name, hide_code=False, head=f'{MATHJAX_SETTINGS}<script async src="{MATHJAX_ON_THE_NET}"></script>')


def report(book):
    """Text and results only, in one file that needs no network."""
    mathjax = f"{MATHJAX_SETTINGS}<script>{mathjax_source()}</script>" if has_equations(book) else ""
    return exported(book, title_of(book), hide_code=True, head=REPORT_STYLE + mathjax)


def exported(book, title, hide_code, head):
    body, _ = exporter(hide_code).from_notebook_node(book, resources={"metadata": {"name": title}})
    # Scripts of the exporter's own: where it was packaged they may point to a file of that machine, and no cell needs them.
    body = re.sub(r'<script\s+src="[^"]*"\s*>\s*</script>', "", body)
    body = re.sub(r'<script type="text/x-mathjax-config">.*?</script>', "", body, flags=re.DOTALL)
    return body.replace("</head>", head + "</head>", 1)


@functools.cache
def exporter(hide_code):
    """Made once: its templates take longer than a notebook."""
    from nbconvert import HTMLExporter
    from traitlets.config import Config

    hidden = {"exclude_input": hide_code, "exclude_output_prompt": hide_code}
    return HTMLExporter(config=Config({"TemplateExporter": hidden}))


def has_equations(book):
    texts = [cell.source for cell in book.cells if cell.cell_type == "markdown"]
    for cell in book.cells:
        texts += [output.data["text/markdown"] for output in cell.get("outputs", []) if "text/markdown" in output.get("data", {})]
    return any("$" in text for text in texts)


def title_of(book):
    """The first heading of the first text."""
    for cell in book.cells:
        heading = re.search(r"^# +(.+)$", cell.source, re.MULTILINE) if cell.cell_type == "markdown" else None
        if heading:
            return heading.group(1).strip()
    return "Report"


def mathjax_source():
    """MathJax in one file, from the jar that Maven brought."""
    spec = json.loads((HOME / "work/jupyter/kernels/java/kernel.json").read_text())
    class_path = spec["argv"][spec["argv"].index("-cp") + 1].split(":")
    jar = next(path for path in class_path if Path(path).name.startswith("mathjax-"))
    with zipfile.ZipFile(jar) as archive:
        script = next(name for name in archive.namelist() if MATHJAX_IN_JAR.fullmatch(name))
        return archive.read(script).decode().replace("</script", "<\\/script")


def pdf(page_file, target):
    """Prints a page with the first program that can; returns its name, or None where there is none."""
    for name, before, after in PRINTERS:
        program = shutil.which(name)
        if program is None:
            continue
        with tempfile.TemporaryDirectory() as scratch:
            printed = Path(scratch) / "report.pdf"
            profile = [f"--user-data-dir={scratch}/profile"] if before else []
            command = [program, *profile, *(a.format(pdf=printed) for a in before), page_file.resolve().as_uri(),
                       *(a.format(pdf=printed) for a in after)]
            environment = {k: v for k, v in os.environ.items() if k != "LD_PRELOAD"}
            try:
                subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=PRINT_SECONDS)
            except subprocess.TimeoutExpired:
                pass
            if printed.exists() and printed.stat().st_size > 0:
                part = target.with_name(f".{target.name}.part")
                shutil.copyfile(printed, part)
                os.replace(part, target)
                return name
            print(f"{name} could not print the report; the page is whole.", file=sys.stderr)
    return None
