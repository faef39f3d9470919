"""A temporary copy of the site: its own database, static files and servers, all gone afterwards."""

import os
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WORKERS = 2


class Copy:
    def __init__(self, folder: Path):
        self.folder = folder
        self.environment = {
            name: value
            for name, value in os.environ.items()
            if name not in ("ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS", "SITE_URL", "CONTACT_EMAIL", "KEEP_PAGES")
        } | {
            "DJANGO_SETTINGS_MODULE": "tests.bench.settings",
            "PYTHONPATH": str(ROOT),
            "STATIC_ROOT": str(folder / "static"),
            "SECRET_KEY": "only-for-the-bench",
            "DEBUG": "0",
            "HTTPS": "0",
        }

    def make(self) -> None:
        self.run("today", "manage.py", "migrate", "--verbosity", "0")
        self.run("today", "manage.py", "load_fixtures")
        self.run("today", "manage.py", "collectstatic", "--noinput", "--verbosity", "0")

    def database(self, name: str) -> Path:
        return self.folder / f"{name}.sqlite3"

    def branch(self, name: str) -> None:
        """Another database that starts as today's."""
        with (
            closing(sqlite3.connect(self.database("today"))) as today,
            closing(sqlite3.connect(self.database(name))) as other,
        ):
            today.backup(other)

    def settings(self, database: str) -> dict[str, str]:
        return {**self.environment, "DATABASE_URL": f"sqlite:///{self.database(database)}"}

    def start(self, database: str, *command: str, **options) -> subprocess.Popen:
        options = {"cwd": ROOT, "env": self.settings(database), "stdout": subprocess.PIPE, "text": True} | options
        return subprocess.Popen([sys.executable, *command], **options)

    def run(self, database: str, *command: str) -> str:
        """What the command prints; it must succeed."""
        process = self.start(database, *command, stdin=subprocess.DEVNULL)
        printed, _ = process.communicate(timeout=600)
        if process.returncode:
            raise RuntimeError(f"{' '.join(command)} failed:\n{printed}")
        return printed

    @contextmanager
    def served(self, database: str = "today") -> Iterator["Server"]:
        """The site as in production, on a free port."""
        with socket.create_server(("127.0.0.1", 0)) as listening:
            port, number = listening.getsockname()[1], listening.fileno()
            process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "gunicorn", "luton2040.wsgi", "--log-level", "warning"),
                    *("--workers", str(WORKERS), "--bind", f"fd://{number}"),
                ],
                cwd=ROOT,
                env=self.settings(database),
                stdin=subprocess.DEVNULL,
                pass_fds=[number],
            )
        server = Server(f"http://127.0.0.1:{port}", process)
        try:
            server.wait()
            yield server
        finally:
            process.terminate()
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


class Server:
    def __init__(self, address: str, process: subprocess.Popen):
        self.address, self.process = address, process

    def wait(self) -> None:
        until = time.monotonic() + 60
        while True:
            try:
                self.get("/healthz")
                return
            except (OSError, urllib.error.URLError) as error:
                if self.process.poll() is not None or time.monotonic() > until:
                    raise RuntimeError(f"The server did not start ({error}).") from error
                time.sleep(0.1)

    def get(self, path: str) -> bytes:
        """The body as it is sent to a browser that reads brotli."""
        request = urllib.request.Request(self.address + path, headers={"Accept-Encoding": "br, gzip"})
        with urllib.request.urlopen(request, timeout=60) as response:
            return response.read()

    def seconds_of_processor(self) -> float | None:
        """Spent so far by the workers; None where the system does not say."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        try:
            pids = children.read_text().split()
            # After the name in brackets; the 14th and 15th field of the whole line are user and system time.
            fields = [Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in pids]
        except OSError:
            return None
        return sum(int(f[11]) + int(f[12]) for f in fields) / os.sysconf("SC_CLK_TCK")
