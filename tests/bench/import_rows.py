"""Takes 100,000 rows of values from file to published edition, and prints seconds and memory of each step as JSON."""

import csv
import io
import json
import resource
import sys
import time
from itertools import cycle, islice

from django.utils import timezone

from luton2040.accounts import User
from luton2040.editions import Edition
from outcomes import importing, submissions
from outcomes.models import Area, MeasureVersion, Observation, Submission

ROWS = 100_000
MEGABYTE = 1_000_000


def main() -> None:
    now = timezone.now()
    today = timezone.localdate(now)
    edition = Edition.objects.current()
    measures = {m.measure_id: m for m in MeasureVersion.objects.at(edition)}
    areas = list(Area.objects.values_list("code", flat=True))
    officer, approver = (User.objects.create_user(f"{name}@example.org") for name in ("officer", "approver"))
    data = csv_file(list(Observation.objects.at(edition)), measures, areas, today)
    known = importing.Known(measures, frozenset(areas))
    steps = [("before", 0, memory())]

    def step(name, does, /, *args, **options):
        start = time.perf_counter()
        answer = does(*args, **options)
        steps.append((name, time.perf_counter() - start, memory()))
        return answer

    table, problems = step("read", importing.read, data, "values.csv")
    assert not problems, problems[:3]
    rows, problems = step("check", importing.check, table, name="values.csv", known=known, today=today)
    assert len(rows) == ROWS, problems[:3]
    difference = step("compare", submissions.compare, rows)
    assert len(difference.new) == ROWS
    submission = step("propose", submissions.propose, rows, origin=Submission.Origin.FILE, by=officer, now=now)
    del table, rows, difference  # approving is another request, perhaps days later
    changes = step("approve", submissions.approve, submission, by=approver, now=timezone.now(), summary="Many values")
    assert len(changes.new) == ROWS
    print(json.dumps({"rows": ROWS, "megabytes": len(data) / MEGABYTE, "steps": steps}))


def csv_file(observations, measures, areas, today) -> bytes:
    """Quarters from before all that is held, for every measure and area, with values like those that are held."""
    text = io.StringIO()
    write = csv.writer(text).writerow
    write([*importing.REQUIRED[:-1], *importing.OPTIONAL[:3], importing.REQUIRED[-1]])
    like = {code: cycle([o for o in observations if o.measure_id == code] or [None]) for code in measures}
    quarters = (f"{year}-{month:02}-01" for year in range(1850, 2000) for month in (1, 4, 7, 10))
    rows = ((code, area, start, next(like[code])) for start in quarters for code in measures for area in areas)
    for code, area, start, other in islice(rows, ROWS):
        value, lower, upper = (other.value, other.lower, other.upper) if other else (allowed(measures[code]), "", "")
        write([code, area, start, "P3M", value, lower, upper, "[p]", today])
    return text.getvalue().encode()


def allowed(measure):
    """Some value that the measure can have."""
    return next((limit for limit in (measure.natural_min, measure.natural_max) if limit is not None), 1)


def memory() -> float:
    """The most that this process has held so far, in megabytes."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return (most if sys.platform == "darwin" else most * 1024) / MEGABYTE
