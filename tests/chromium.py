"""Finds the Chromium that the browser tests and Lighthouse use, or installs Debian's where that can be done.

    python -m tests.chromium

prints its path. CHROME_PATH names another.
"""

import os
import shutil
from functools import cache
from pathlib import Path

from tests import debian

NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
NONE_FOUND = (
    "No Chromium or Chrome was found for the browser tests. Do one of these:\n"
    "  Debian, Ubuntu:  sudo apt-get install chromium   (Ubuntu: chromium-browser)\n"
    "  elsewhere:       .venv/bin/python -m playwright install chromium\n"
    "  or set CHROME_PATH to the program of a Chromium or Chrome that is there"
)


def arguments() -> list[str]:
    """Launch arguments: quiet, and with no way out of this machine."""
    return [
        *(["--no-sandbox"] if os.geteuid() == 0 else []),
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        # A page that asks another site for anything gets an error, on every machine.
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
    ]


def playwrights_own() -> str | None:
    """The newest browser that `playwright install` has put in its cache."""
    caches = [
        os.environ.get("PLAYWRIGHT_BROWSERS_PATH", ""),
        Path.home() / ".cache/ms-playwright",
        Path.home() / "Library/Caches/ms-playwright",
    ]
    programs = [
        "chromium-*/chrome-linux*/chrome",
        "chromium-*/chrome-mac*/*.app/Contents/MacOS/*",
        "chromium_headless_shell-*/*/*headless*shell",
    ]
    for folder in filter(None, caches):
        for program in programs:
            found = sorted(p for p in Path(folder).glob(program) if os.access(p, os.X_OK))
            if found:
                return str(found[-1])
    return None


def find() -> str | None:
    if named := os.environ.get("CHROME_PATH"):
        if os.access(named, os.X_OK):
            return named
        raise SystemExit(f"CHROME_PATH is {named}, and no program is there. Correct it, or leave it out.")
    installed = filter(None, map(shutil.which, NAMES))
    return next(installed, None) or (MAC if os.access(MAC, os.X_OK) else None) or playwrights_own()


@cache
def path() -> str:
    """Where Chromium is; ends the program, saying what to install, if there is none."""
    found = find()
    if not found:
        debian.install("chromium", otherwise=NONE_FOUND)
        found = find()
    if not found:
        raise SystemExit(NONE_FOUND)
    return found


if __name__ == "__main__":
    print(path())
