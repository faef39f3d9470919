"""When a review is asked for: an outcome that has been off track for two periods running."""

from dataclasses import replace

from outcomes.progress import Family
from outcomes.report import OutcomeReport

PERIODS = 2
OFF_TRACK = (Family.WORSE, Family.SLOW)
ASKING_RULE = "A review is asked for where an outcome has been off track for two periods running."


def needs_review(report: OutcomeReport) -> bool:
    """By the figures of each time and the path as it is now; a new series begins to count anew."""
    return all(_is_off_track(report, back) for back in range(PERIODS))


def _is_off_track(report: OutcomeReport, back: int) -> bool:
    """With that many of the last values not out yet."""
    return replace(report, series=report.series[: len(report.series) - back]).status.family in OFF_TRACK
