"""Many at once: threads with database connections of their own."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connection

PATIENCE = 60  # seconds; only a hang takes as long


def at_once(*works):
    """Start each in a thread of its own, all at the same moment; gives what they return."""
    together = Barrier(len(works))

    def run(work):
        try:
            connection.ensure_connection()
            together.wait(PATIENCE)
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as threads:
        return [started.result(PATIENCE) for started in [threads.submit(run, work) for work in works]]
