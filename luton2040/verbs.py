"""What verbs have in common: how one refuses, and how a text is taken as it may be kept."""

from django.db import models

LONGEST_NOTE = 4000  # characters of a text whose field sets no limit of its own


class NotAllowed(Exception):
    """It is against the rules; the message says why and what to do, in words for whoever tried. Nothing was done."""


def kept(field: models.Field, typed: str) -> str:
    """What was typed, as it is kept: of one line where the field has one, never longer than it may be."""
    text = typed.replace("\0", "").replace("\r\n", "\n")
    if isinstance(field, models.CharField):
        text = " ".join(text.split())
    longest, label = field.max_length or LONGEST_NOTE, str(field.verbose_name).capitalize()
    if len(text) > longest:
        over = f"{len(text):,} characters, and {longest:,} is the most. Shorten it by {len(text) - longest:,}."
        raise NotAllowed(f"“{label}” has {over}")
    return text


def written(field: models.Field, typed: str) -> str:
    """The same of what must not be left empty."""
    text = kept(field, typed).strip()
    if not text:
        raise NotAllowed(f"“{str(field.verbose_name).capitalize()}” is empty. Write something first.")
    return text
