"""What is handed in and not published yet, and a report as if it were: nobody is asked for what is on its way."""

from collections import defaultdict
from collections.abc import Collection

from outcomes import preview
from outcomes.models import SubmissionLine
from outcomes.proposals import Submission
from outcomes.report import OutcomeReport


def on_their_way(codes: Collection[str], area: str) -> dict[str, list[SubmissionLine]]:
    """Values of the area, by measure."""
    found = defaultdict(list)
    lines = SubmissionLine.objects.filter(submission__in=Submission.objects.on_their_way())
    lines = lines.filter(measure__in=codes, area=area).select_related("submission__proposed_by")
    for line in lines.order_by("submission", "period_start"):
        found[line.measure_id].append(line)
    return found


def once_published(report: OutcomeReport, lines: list[SubmissionLine]) -> OutcomeReport:
    if not lines:
        return report
    gone = [(o.measure_id, o.area_id, o.period_start, o.period_duration) for o in lines if o.withdraws]
    return preview.with_values(report, [line for line in lines if not line.withdraws], withdrawn=gone)
