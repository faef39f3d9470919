"""One cell as people type it, read: a number with its unit and shorthand, or a day. Periods are read in labels.py.

What could mean two things is refused, in words that say how to write it so that it means one.
"""

import re
from datetime import date, timedelta
from typing import NamedTuple, NoReturn

from luton2040.problems import Refused
from outcomes import formatting as words
from outcomes.models import MeasureVersion

MONTH_NUMBERS = {
    **{name.lower(): number for number, name in enumerate(words.MONTHS, 1)},
    **{name[:3].lower(): number for number, name in enumerate(words.MONTHS, 1)},
    "sept": 9,
}
NO_VALUES = {
    "-", "–", "—", "\u2212", ".", "..", "...", ":", "*", "?", "x", "z", "c", "n/a", "n.a.", "na", "nan", "null",
    "none", "no data", "not available", "not applicable", "suppressed", "tbc", "tba",
}  # fmt: skip
ERRORS = {
    "#ref!", "#n/a", "#value!", "#div/0!", "#name?", "#num!", "#null!", "#getting_data", "#spill!", "#calc!",
    "#field!", "#blocked!", "#unknown!", "#connect!", "#busy!",
}  # fmt: skip

LONGEST = 100  # characters of a number with its unit
MARKER = re.compile(r"\[[^\[\]]*\]")
_NUMBER = re.compile(r"([^0-9.,()+-]*)([+-]?) ?([^0-9.,()+-]*)((?:[0-9.,]|[ '’](?=[0-9]))*[0-9])(.*)")
_PLAIN = re.compile(r"[0-9]*(?:\.[0-9]+)?")
_GROUPED = re.compile(r"[1-9][0-9]{0,2}(?:(?:,[0-9]{3})+|(?: [0-9]{3})+)(?:\.[0-9]+)?")
_POWER = re.compile(r"e[+-]?[0-9]+", re.IGNORECASE)
_SHORTENED = re.compile(r"(?:k|m|mn|bn|thousand|million|billion)\.?", re.IGNORECASE)
_BARE_MARKER = re.compile(r"\(?[prbeuca]\)?|\*+|†+", re.IGNORECASE)


class Number(NamedTuple):
    text: str  # as the import takes it: digits, a point, a minus
    markers: str  # in square brackets, one after another


# --- numbers ---


def number(text: str, measure: MeasureVersion | None = None) -> Number:
    """Raises Refused. Without a measure any unit passes: whoever does not know the measure has said so already."""
    shown = " ".join(text.split())
    rest = "…".join(part for part in map(str.strip, MARKER.split(shown)) if part)
    _refuse_what_has_no_number(shown, rest)
    found = len(rest) <= LONGEST and _NUMBER.fullmatch(re.sub("^–|\u2212", "-", rest))
    if not found:
        _refuse_as_no_number(shown)
    before, sign, between, digits, after = (part.strip() for part in found.groups())
    if measure:
        _check_unit([before, between, after], measure, shown)
    return Number(("-" if sign == "-" else "") + _digits(digits), _known_markers(MARKER.findall(shown)))


def _refuse_as_no_number(shown: str) -> NoReturn:
    raise Refused(f"“{shown[:40]}” is not a number.", "Write it in digits, with a point for decimals: 1234.5.")


def _refuse_what_has_no_number(shown: str, rest: str) -> None:
    if shown.casefold() in ERRORS or shown.startswith("##"):
        raise Refused(
            f"The cell shows “{shown[:40]}”, which is the spreadsheet's sign for an error or a column too narrow.",
            "Mend it there, then copy it again.",
        )
    if not rest or rest.casefold() in NO_VALUES:
        said = f"“{shown}” means that there is no value." if shown else "There is no value."
        raise Refused(said, "Leave the cell empty, or leave the row out.")
    if rest.startswith("="):
        raise Refused("The cell holds a formula.", "Give the number that it comes to.")
    if re.fullmatch(r"\(.*[0-9].*\)", rest):
        raise Refused(f"“{shown[:40]}” has a number in brackets.", "Write a negative number with a minus: -12.")


def _digits(typed: str) -> str:
    if _GROUPED.fullmatch(typed):
        typed = re.sub("[, ]", "", typed)
    if not _PLAIN.fullmatch(typed):
        raise Refused(
            f"“{typed[:40]}” can be read in more than one way.",
            "Write decimals with a point and thousands with a comma or nothing: 9.7, or 1,234.5.",
        )
    whole, point, decimals = typed.partition(".")
    return (whole.lstrip("0") or "0") + point + decimals


def _known_markers(marked: list[str]) -> str:
    known = list(dict.fromkeys("".join(marker.split()).lower() for marker in marked))
    for marker in known:
        if marker not in words.MARKERS:
            raise Refused(f"“{marker[:40]}” is not a shorthand that is used here.", f"Use {_listed_markers()}.")
    return "".join(known)


def _listed_markers() -> str:
    return ", ".join(f"{marker} {said}" for marker, said in words.MARKERS.items())


def markers(text: str) -> str:
    """The shorthand of a cell of its own, without the spaces and commas that people put between."""
    return re.sub(r"[\s,;]+", "", text).lower()


def _check_unit(parts: list[str], measure: MeasureVersion, shown: str) -> None:
    stated = [part for part in parts if part]
    allowed = {_same(measure.unit_symbol), _same(measure.unit)}
    if measure.unit_symbol == "%":
        allowed |= {"per cent", "percent"}
    if not stated or len(stated) == 1 and _same(stated[0]) in allowed:
        return
    after = parts[2]
    if _POWER.fullmatch(after):
        what, mend = "was shortened by the spreadsheet", "Format the cell as a number there, then copy it again."
    elif _SHORTENED.fullmatch(after):
        what, mend = "is shortened", "Write the number with all its digits."
    elif _BARE_MARKER.fullmatch(after):
        what, mend = "has a mark behind it", "Write shorthand in square brackets: [p] provisional, [r] revised."
    elif not any(c.isalpha() or c in "%£$€¥°" for part in stated for c in part):
        _refuse_as_no_number(shown)
    else:
        said = f" “{measure.unit_symbol}”" if measure.unit_symbol else ""
        what = f"is not in the unit of the measure, {measure.unit}"
        mend = f"Write the number in that unit, with its sign{said} or without." if said else "Write the number alone."
    raise Refused(f"“{shown[:40]}” {what}.", mend)


def _same(unit: str) -> str:
    """Greek mu and the micro sign look alike."""
    return " ".join(unit.casefold().replace("\u00b5", "\u03bc").split())


# --- days ---

ISO_DAY = re.compile(r"([0-9]{4})[-/]([0-9]{1,2})[-/]([0-9]{1,2})(?:[t ]00:00(?::00(?:\.0+)?)?z?)?")
_DAY_FIRST = re.compile(r"([0-9]{1,2})[-/. ]([0-9]{1,2})[-/. ]([0-9]{4}|[0-9]{2})")
_DAY_IN_WORDS = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th)?[- ]([a-z]+),?[- ]([0-9]{4}|[0-9]{2})")
_MONTH_IN_WORDS = re.compile(r"([a-z]+) ([0-9]{1,2})(?:st|nd|rd|th)?,? ([0-9]{4})")
_DAY_0 = date(1899, 12, 30)  # as spreadsheets count, from March 1900 on
SERIALS = range(10_000, 73_051)  # 1927 to 2099


def day(text: str) -> date:
    """Raises Refused. Of three numbers the first is the day, as is usual here; a year has four digits."""
    shown = " ".join(text.split())
    lowered = shown.casefold()
    try:
        if found := ISO_DAY.fullmatch(lowered):
            return date(*map(int, found.groups()))
        if found := _DAY_IN_WORDS.fullmatch(lowered):
            number, name, year = found.groups()
            return date(full_year(year), MONTH_NUMBERS[name], int(number))
        if found := _MONTH_IN_WORDS.fullmatch(lowered):
            name, number, year = found.groups()
            return date(int(year), MONTH_NUMBERS[name], int(number))
        if re.fullmatch("[0-9]{5}", lowered) and int(lowered) in SERIALS:
            return _DAY_0 + timedelta(days=int(lowered))
        if found := _DAY_FIRST.fullmatch(lowered):
            return _day_first(*map(int, found.groups()), shown=shown)
    except (ValueError, KeyError) as error:
        if isinstance(error, Refused):
            raise
        raise Refused(f"“{shown[:40]}” is not a day of the calendar.", "Write it as 30 April 2025.") from None
    raise Refused(f"“{shown[:40]}” is not a day.", "Write it as 30 April 2025, 30/04/2025 or 2025-04-30.")


def _day_first(number: int, month: int, year: int, *, shown: str) -> date:
    if year < 100:
        raise Refused(f"“{shown}” can be read in more than one way.", "Write the year with four digits: 30/04/2025.")
    if month > 12 >= number:
        raise Refused(
            f"“{shown}” has no month {month}.", f"Write the day first: {month:02}/{number:02}/{year}, or in words."
        )
    return date(year, month, number)


def full_year(digits: str) -> int:
    """Of the two digits that a spreadsheet shows beside a month's name: Apr-25."""
    year = int(digits)
    return year if len(digits) == 4 else year + (1900 if year >= 70 else 2000)
