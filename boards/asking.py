"""When a review is asked for: an outcome that has been off track for two periods running."""

from dataclasses import replace

from outcomes.progress import Family
from outcomes.report import OutcomeReport

PERIODS = 2
OFF_TRACK = (Family.WORSE, Family.SLOW)
ASKING_RULE = "A review is asked for where an outcome has been off track for two periods running."


def periods_off_track(report: OutcomeReport) -> int:
    """For how many periods running, as each stood by the figures of its time and the path as it is now; at most two."""
    for count in range(PERIODS):
        series = report.series[: len(report.series) - count]
        if not series or replace(report, series=series).status.family not in OFF_TRACK:
            return count
    return PERIODS


def needs_review(report: OutcomeReport) -> bool:
    return periods_off_track(report) >= PERIODS
