"""Builds pages in one warm process and times them, on request: each line of input is [times, [path, ...]] in JSON.

A time is that of all middleware, the view and compressing the page, with no kept page to fall back on: what the
first reader of a new edition waits for, network aside. Beside it is the processor's time, which says what it would
have been on a machine with nothing else to do.
"""

import json
import sys
import time

from django.conf import settings
from django.core.cache import caches
from django.test import Client

from luton2040.editions import Edition
from outcomes.models import OutcomeVersion
from priorities.models import PriorityVersion


def main() -> None:
    settings.ALLOWED_HOSTS = ["testserver"]
    edition, client = Edition.objects.current(), Client()
    codes = OutcomeVersion.objects.at(edition).values_list("outcome", flat=True)
    slugs = PriorityVersion.objects.at(edition).values_list("priority", flat=True)
    say([[f"/outcomes/{code.lower()}/" for code in codes], [f"/priorities/{slug}/" for slug in slugs]])
    for line in sys.stdin:
        times, paths = json.loads(line)
        taken = {path: [] for path in paths}
        for _ in range(times):
            for path in paths:
                taken[path].append(milliseconds(client, path))
        say(taken)


def milliseconds(client: Client, path: str) -> tuple[float, float]:
    caches["pages"].clear()
    start, spent_before = time.perf_counter(), time.process_time()
    response = client.get(path, headers={"accept-encoding": "br"})
    taken, spent = time.perf_counter() - start, time.process_time() - spent_before
    if response.status_code != 200 or response.get("Content-Encoding") != "br":
        raise SystemExit(f"{path} answered {response.status_code}, {response.get('Content-Encoding')}")
    return 1000 * taken, 1000 * spent


def say(answer) -> None:
    print(json.dumps(answer), flush=True)
