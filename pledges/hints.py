"""What would make a promise clearer, for whoever makes it. Pure: words in, words out.

Hints never refuse. They look for what somebody else would need to tell whether it was done: how much, by when, and one
thing at a time.
"""

import re
from datetime import date

from pledges.content import Promise
from pledges.standing import period_of

MOST_HINTS = 3
FEWEST_WORDS = 4
MOST_WORDS = 40

VAGUE = (
    "support", "help", "promote", "encourage", "raise awareness", "engage", "champion", "strengthen", "enhance",
    "facilitate", "empower", "contribute", "be greener", "do more", "work towards", "work with", "look at",
)  # fmt: skip
HEDGES = (
    "where possible", "if possible", "as appropriate", "where appropriate", "where we can", "when we can", "aim to",
    "try to", "hope to", "seek to", "intend to", "explore", "consider", "look into",
)  # fmt: skip
# What is done or not done, so that there is nothing to count.
ONCE = ("join", "sign", "appoint", "become", "publish", "launch", "adopt", "register", "ban", "close", "name")
DOING = (
    *ONCE, "build", "buy", "collect", "count", "create", "cut", "employ", "fund", "give", "halve", "hire", "host",
    "install", "lend", "make", "measure", "offer", "open", "pay", "plant", "provide", "recruit", "reduce", "repair",
    "replace", "report", "run", "set up", "spend", "start", "take on", "teach", "train", "visit",
)  # fmt: skip
NUMBERS = (
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "dozen",
    "twenty", "thirty", "forty", "fifty", "hundred", "thousand", "half", "halve", "third", "quarter", "double", "twice",
    "every", "everyone", "all", "each", "no", "none", "zero", "yearly", "monthly", "weekly",
)  # fmt: skip
NOT_COUNTED = re.compile(r"\b(?:each other|one another|(?:every|all) ages?)\b")
# Where what is promised stands: at the beginning, and after what joins; “a plan that helps” is about the plan.
_DOES = r"(?:^(?:we |i )?(?:will |shall |pledge |promise |continue )*(?:to )?|\b(?:and|to)\s+|,\s*)"
_YEAR = re.compile(r"\b20[0-9]{2}\b")
_AGAIN = re.compile(r"\b(?:(?:a|an|each|every|per) (?:year|month|week|term)|yearly|monthly|weekly|annual(?:ly)?)\b")
_REPORTS = ("count", "measure", "publish", "report")  # goes with doing, and is no promise of its own


def hints(promise: Promise, *, today: date) -> list[str]:
    """The most useful first, and none for a promise that is clear already."""
    text = promise.what.casefold()
    told = [
        _in_the_past(promise.target_by, today),
        _too_short(text),
        _several(promise.what),
        _vague(text),
        _hedged(text),
        _not_measurable(promise),
        _too_long(text),
    ]
    return [hint for hint in told if hint][:MOST_HINTS]


def _words(text: str) -> list[str]:
    return re.findall(r"[\w'’%£-]+", text)


def _found(text: str, phrases: tuple[str, ...], *, before: str = "") -> str:
    """The first of these phrases in the text, after what is named by a pattern."""
    anyone = "|".join(re.escape(phrase) for phrase in phrases)
    found = re.search(rf"{before}\b({anyone})\b", text)
    return found[1] if found else ""


def _too_short(text: str) -> str:
    if len(_words(text)) >= FEWEST_WORDS:
        return ""
    return "Say a little more: what will you do, with whom, and where?"


def _too_long(text: str) -> str:
    if len(_words(text)) <= MOST_WORDS:
        return ""
    return "Shorter says more. One sentence is easiest to remember, and to check."


def _several(what: str) -> str:
    """Two sentences, or two things to do that are joined by a comma, a semicolon or “and”."""
    doing = "|".join(re.escape(verb) for verb in DOING if verb not in _REPORTS)
    # Of “train and employ people” there is one thing to count; of “train people and plant trees” there are two.
    joins = r"(?:[,.;]|\band|\bas well as)\s+(?:we will\s+|to\s+|also\s+)*"
    if not re.search(rf"\w+\s+\w+.*{joins}(?:{doing})\b", what, re.IGNORECASE):
        return ""
    return "This may be more than one promise. If each could be done without the other, make each an action of its own."


def _vague(text: str) -> str:
    found = _found(text, VAGUE, before=_DOES)
    if not found:
        return ""
    return f"“{found.capitalize()}” can mean many things. What exactly will you do: pay, lend, train, open, give time?"


def _hedged(text: str) -> str:
    found = _found(text, HEDGES)
    if not found:
        return ""
    return f"“{found.capitalize()}” leaves open whether you will. Promise the part that you are sure of."


def _not_measurable(promise: Promise) -> str:
    text = f"{promise.what} {promise.target}".casefold()
    has_day = bool(promise.target_by or _YEAR.search(text) or _AGAIN.search(text))
    counted = NOT_COUNTED.sub("", _YEAR.sub("", text))
    has_number = bool(re.search(r"[0-9]", counted) or set(_words(counted)) & set(NUMBERS))
    is_once = _found(counted, ONCE, before=_DOES)
    if not has_day and not (has_number or is_once):
        return "How will somebody be able to tell that it was done? Say how much or how many, and by when."
    if not (has_number or is_once):
        return "How much or how many? Even a rough number lets people see how far you are."
    return "" if has_day else "By when? A year is enough."


def _in_the_past(target_by: str, today: date) -> str:
    try:
        is_past = bool(target_by) and period_of(target_by).end < today
    except ValueError:
        return ""
    return "The day you gave has passed. Did you mean a later one?" if is_past else ""
