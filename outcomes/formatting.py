"""How a number, a change, a period, a day or a missing value is worded. Template filters are thin wrappers of these."""

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from outcomes.periods import Period

MINUS = "\u2212"
NO_VALUE = "no data"
MOST_DECIMALS = 6  # that a value may have
MARKERS = {
    "[p]": "provisional",
    "[r]": "revised",
    "[b]": "break in the series",
    "[e]": "estimated",
    "[u]": "low reliability",
    "[c]": "confidential",
    # Not of the government's shorthand: for figures that their source does not date.
    "[a]": "period assumed",
}
# Of a reason's first word: those that need no "because" before them, and those that lose their capital after it. Any
# other may be a name, and keeps its own.
JOINING = frozenset("after as because due following owing to".split())
OPENINGS = frozenset(
    "a all an another at both by each earlier every figures from he her his in it its later more most new newer no "
    "older on one our several she some that the their there these they this those two we when with you your".split()
)
MONTHS = (
    "January February March April May June July August September October November December"
).split()  # fmt: skip


def rounded(value, decimals: int) -> Decimal:
    """Half up, as people round by hand."""
    if isinstance(value, Fraction):
        value = Decimal(value.numerator) / Decimal(value.denominator)
    return Decimal(str(value)).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def plain(value, decimals: int) -> str:
    """Digits only: 1,234.5"""
    if value is None:
        return NO_VALUE
    number = rounded(value, decimals)
    if number == 0:
        number = abs(number)
    return f"{number:,}".replace("-", MINUS)


def amount(value, measure) -> str:
    """A value with its unit: £586, 9.9%, 4,675 per 100,000."""
    if value is None:
        return NO_VALUE
    return with_unit(plain(value, measure.decimals), measure)


def with_unit(digits: str, measure) -> str:
    symbol = measure.unit_symbol
    if not symbol:
        return digits
    if measure.unit_position == "prefix":
        return f"{MINUS}{symbol}{digits[1:]}" if digits.startswith(MINUS) else f"{symbol}{digits}"
    if symbol == "%":
        return f"{digits}%"
    return f"{digits}\u00a0{symbol.removesuffix('s') if digits.removeprefix(MINUS) == '1' else symbol}"


def size(difference, measure) -> str:
    """How large a difference is, without its sign; shares differ by percentage points."""
    return difference_with_unit(plain(abs(difference), measure.decimals), measure)


def difference_with_unit(digits: str, measure) -> str:
    if measure.unit_symbol == "%":
        return f"{digits} percentage point{'' if digits == '1' else 's'}"
    return with_unit(digits, measure)


def or_better(value, measure, text: str = "") -> str:
    """A goal: 6.3 per 1,000 or less; no way is left open where the limit is the goal. `text`: its figure in words."""
    text, rises = text or amount(value, measure), measure.direction == "higher"
    limit = measure.natural_max if rises else measure.natural_min
    if limit is not None and Fraction(value) == Fraction(limit):
        return text
    return f"{text} or {'more' if rises else 'less'}"


def told_apart(one, other, measure) -> tuple[str, str]:
    """Two values with as many decimals as it takes to see that they differ, where they do."""
    decimals = measure.decimals
    while decimals < MOST_DECIMALS and one != other and rounded(one, decimals) == rounded(other, decimals):
        decimals += 1
    return with_unit(plain(one, decimals), measure), with_unit(plain(other, decimals), measure)


def percent(share) -> str:
    """A share of 1 as a whole per cent."""
    return NO_VALUE if share is None else f"{plain(Fraction(share) * 100, 0)}%"


def day(value: date | None) -> str:
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}" if value else NO_VALUE


def month(value: date) -> str:
    return f"{MONTHS[value.month - 1]} {value.year}"


def _is_first_of_month(period: Period) -> bool:
    return period.start.day == 1


def period_name(period: Period) -> str:
    """In full words: 2023; April 2023 to March 2024; 2022 to 2024; January 2026; 30 April 2025."""
    start, end = period.start, period.end
    if start == end:
        return day(start)
    if period.months is None or not _is_first_of_month(period):
        return f"{day(start)} to {day(end)}"
    if period.unit == "Y" and start.month == 1:
        return str(start.year) if period.count == 1 else f"{start.year} to {end.year}"
    return month(start) if period.months == 1 else f"{month(start)} to {month(end)}"


def period_short(period: Period) -> str:
    """For axes and narrow columns: 2023, 2023/24, 2022 to 2024, Jan 2026, Apr 2025."""
    start, end = period.start, period.end
    if period.unit == "Y" and (start.month, start.day) == (1, 1):
        return str(start.year) if period.count == 1 else f"{start.year} to {end.year}"
    if period.unit == "Y" and period.count == 1:
        return f"{start.year}/{end.year % 100:02d}"
    if (start.year, start.month) == (end.year, end.month):
        return f"{MONTHS[start.month - 1][:3]} {start.year}"
    return f"{MONTHS[start.month - 1][:3]} {start.year} to {MONTHS[end.month - 1][:3]} {end.year}"


def in_period(period: Period) -> str:
    """As part of a sentence: in 2023; on 30 April 2025; from April 2023 to March 2024."""
    name = period_name(period)
    if period.start == period.end:
        return f"on {name}"
    return f"from {name}" if " to " in name else f"in {name}"


def from_start(period: Period) -> str:
    """When a period begins: in 2026; in April 2025; on 30 April 2025."""
    if period.months is None or not _is_first_of_month(period):
        return f"on {day(period.start)}"
    return f"in {period.start.year}" if period.unit == "Y" and period.start.month == 1 else f"in {month(period.start)}"


def by_period(period: Period) -> str:
    """The moment at which an observation counts: by 2023; by March 2024."""
    if period.unit == "Y" and (period.end.month, period.end.day) == (12, 31):
        return f"by {period.end.year}" if period.count == 1 else f"by the end of {period.end.year}"
    return f"by {month(period.end)}"


def by_day(value: date) -> str:
    return f"by the end of {value.year}" if (value.month, value.day) == (12, 31) else f"by {day(value)}"


def markers(text: str) -> list[str]:
    """[p][r] -> provisional, revised."""
    return [words for marker, words in MARKERS.items() if marker in text]


def closed(text: str) -> str:
    """What somebody typed, in one line that ends as a sentence does; nothing where nothing was typed."""
    text = " ".join(text.split())
    return f"{text.rstrip(',;:')}." if text and text.rstrip("\"'\u2019\u201d)")[-1:] not in tuple(".!?\u2026") else text


def because(reason: str) -> str:
    """A reason, often typed as a sentence of its own, as the end of one: because the survey was reweighted."""
    text = closed(reason)
    first, _, rest = text.partition(" ")
    word = first.lower() if first == first.capitalize() else first
    if word in JOINING or word in OPENINGS:
        text = f"{word} {rest}"
    if word in JOINING:
        return f" {text}"
    return f" because {text}" if text else "; no reason was recorded."


def listed(words: Sequence[str]) -> str:
    """One, two and three."""
    words = list(words)
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)


def count(number: int, one: str) -> str:
    """1 outcome; 1,200 outcomes. A plural that takes more than an s follows a colon: "child:children"."""
    one, _, many = one.partition(":")
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def quoted(value) -> str:
    """A number with just the decimals that its source gives."""
    number = Decimal(str(value))
    return plain(number, max(0, -number.normalize().as_tuple().exponent))


def fact(stated) -> str:
    """A quoted figure with its unit: 45th for a rank, £500,000, 13.6%."""
    digits = quoted(stated.value)
    if stated.unit.startswith("rank"):
        return ordinal(int(stated.value))
    return {"pounds": f"£{digits}", "per cent": f"{digits}%"}.get(stated.unit, digits)


def ordinal(number: int) -> str:
    teen = 11 <= number % 100 <= 13
    return f"{number:,}{'th' if teen else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"
