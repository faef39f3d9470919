"""Installs Debian's packages where that can be done: for whoever runs the tests as root on a machine that is bare."""

import os
import shutil
import subprocess
import sys


def install(*packages: str, otherwise: str) -> None:
    """Ends the program with `otherwise`, and what apt said, where they cannot be had."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise SystemExit(otherwise)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "update", "-q"], ["apt-get", "install", "-q", "-y", *packages]):
        print("Not there yet:", *command, file=sys.stderr, flush=True)
        done = subprocess.run(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        if done.returncode:
            print(done.stdout, file=sys.stderr)
            raise SystemExit(otherwise)
