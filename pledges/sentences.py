"""What is told of a pledge in words: when it was made, and how long nothing has been heard of it."""

from outcomes import formatting as words
from pledges.report import PledgeReport
from pledges.standing import period_of


def made(report: PledgeReport) -> str:
    """Made in March 2023; nothing where that is not known."""
    day = report.pledge.made_on
    return f"Made {words.in_period(period_of(day))}." if day else ""


def silent_for(report: PledgeReport) -> str:
    """14 months; 3 years and 2 months."""
    years, months = divmod(report.silent_months, 12)
    if years < 2:
        return words.count(report.silent_months, "month")
    return words.listed([words.count(years, "year"), *([words.count(months, "month")] if months else [])])


def silence(report: PledgeReport) -> str:
    """Nothing where something was heard of it within the year."""
    return f"Nothing has been heard of it for {silent_for(report)}." if report.is_silent else ""
