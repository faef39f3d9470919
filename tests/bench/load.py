"""How many times a second a server answers one address: wrk where it is installed, else a few Python processes.

    python -m tests.bench.load http://127.0.0.1:8000/ 5

Every request is a connection of its own, as gunicorn's sync workers keep none open.
"""

import re
import shutil
import socket
import subprocess
import sys
import time
from urllib.parse import urlsplit

CLIENTS = 4


def client() -> str:
    return "wrk" if shutil.which("wrk") else f"{CLIENTS} Python processes"


def rate(url: str, seconds: float) -> float:
    return _wrk(url, seconds) if shutil.which("wrk") else _python(url, seconds)


def _wrk(url: str, seconds: float) -> float:
    command = ["wrk", "-t1", f"-c{CLIENTS}", f"-d{seconds:.0f}s", "-H", "Accept-Encoding: br", url]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in said or "Socket errors" in said:
        raise RuntimeError(f"wrk had answers other than 200:\n{said}")
    return float(re.search(r"Requests/sec:\s*([\d.]+)", said)[1])


def _python(url: str, seconds: float) -> float:
    command = [sys.executable, "-m", "tests.bench.load", url, str(seconds)]
    clients = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(CLIENTS)]
    return sum(float(client.communicate(timeout=seconds + 60)[0]) for client in clients)


def ask(url: str, seconds: float) -> float:
    """One client's rate."""
    parts = urlsplit(url)
    request = f"GET {parts.path or '/'} HTTP/1.1\r\nHost: {parts.netloc}\r\nAccept-Encoding: br\r\n\r\n".encode()
    done, start = 0, time.perf_counter()
    while time.perf_counter() - start < seconds:
        with socket.create_connection((parts.hostname, parts.port), timeout=30) as connection:
            connection.sendall(request)
            head = connection.recv(65536)
            if not head.startswith(b"HTTP/1.1 200"):
                raise SystemExit(f"{url} answered {head[:80]!r}")
            while connection.recv(65536):
                pass
        done += 1
    return done / (time.perf_counter() - start)


if __name__ == "__main__":
    print(ask(sys.argv[1], float(sys.argv[2])))
