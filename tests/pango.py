"""Finds the system's libraries with which packs become PDF, or installs Debian's where that can be done.

    python -m tests.pango

says nothing where they are there.
"""

import subprocess
import sys

from tests import debian

PACKAGES = ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0")
NONE_FOUND = (
    "The libraries that make PDF were not found. Do one of these:\n"
    f"  Debian, Ubuntu:  sudo apt-get install {' '.join(PACKAGES)}\n"
    "  macOS:           brew install pango"
)


def is_there() -> bool:
    """Asked of a process of its own, as one that has looked in vain goes on finding nothing."""
    return subprocess.run([sys.executable, "-c", "import weasyprint"], capture_output=True).returncode == 0


if __name__ == "__main__":
    if not is_there():
        debian.install(*PACKAGES, otherwise=NONE_FOUND)
        if not is_there():
            raise SystemExit(NONE_FOUND)
