"""Times the pack of a meeting, as whoever first asks for it waits for it; prints JSON.

The board is the one with most outcomes. The libraries that make PDF are loaded before: a process loads them once.
"""

import json
import time
from dataclasses import replace
from statistics import median

from django.utils import timezone

from boards.models import BoardVersion, Meeting, MeetingVersion
from boards.pack import pack_html, pack_pdf
from boards.pack_sheets import pack_xlsx
from boards.papers import Papers, as_issued
from boards.remit import remits
from luton2040.accounts import User
from luton2040.editions import Edition
from outcomes.report import summaries

OUTCOMES = 40
TIMES = 3


def main() -> None:
    found = {"first": seconds(lambda: pack_pdf(shortened(papers(), 1)))}
    shown = shortened(papers(), OUTCOMES)
    steps = {
        "read": papers,
        "HTML": lambda: pack_html(shown),
        "PDF": lambda: pack_pdf(shown),
        "spreadsheet": lambda: pack_xlsx(shown),
    }
    for name, make in steps.items():
        taken = [seconds(make) for _ in range(TIMES)]
        found[name] = [median(each) for each in zip(*taken, strict=True)]
    print(json.dumps({"outcomes": len(shown.turns), "seconds": found, "kilobytes": len(pack_pdf(shown)) / 1000}))


def papers() -> Papers:
    version = MeetingVersion.objects.first() or meeting(Edition.objects.current())
    return as_issued(version)


def meeting(edition: Edition) -> MeetingVersion:
    """Public, compared with the same edition at the start of the month."""
    today = timezone.localdate()
    reports = summaries(edition, today)
    linked = {board: len(remit.outcomes(reports)) for board, remit in remits(edition).items()}
    board = max(BoardVersion.objects.at(edition), key=lambda b: linked.get(b.board_id, 0)).board_id
    by = User.objects.create_user("bench@example.org", name="The bench")
    made_from = {"pinned": edition, "since": edition, "read_on": today, "since_on": today.replace(day=1)}
    made_from |= {"board_id": board, "held_on": today}
    desk = Meeting.objects.create(set_up_by=by, set_up_at=timezone.now(), is_public=True, **made_from)
    return MeetingVersion.objects.create(first_edition=edition, meeting=desk, **made_from)


def shortened(found: Papers, count: int) -> Papers:
    return replace(found, turns=found.turns[:count])


def seconds(make) -> tuple[float, float]:
    """Of the clock and of the processor."""
    start, spent_before = time.perf_counter(), time.process_time()
    make()
    return time.perf_counter() - start, time.process_time() - spent_before
