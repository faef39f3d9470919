"""Databases for sites that browsers look at: each a file of its own, one of them in use at a time."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django.db import connection


def use(path: str | Path) -> None:
    """What the sites of this process read and write from here on."""
    if connection.settings_dict["NAME"] != str(path):
        connection.close()
        connection.settings_dict["NAME"] = str(path)
        # A browser keeps its line to a server open from test to test, and with it the server's thread.
        connection.settings_dict["CONN_MAX_AGE"] = 0


@contextmanager
def in_use(path: str | Path) -> Iterator[None]:
    before = connection.settings_dict["NAME"]
    use(path)
    try:
        yield
    finally:
        use(before)


def copy_to(path: Path) -> Path:
    """What is in use, as another file."""
    connection.ensure_connection()
    with closing(sqlite3.connect(path)) as other:
        connection.connection.backup(other)
    return path
