"""Packs as PDF, made once and kept for all. One that takes long is made beside the request that asks for it."""

import logging
import re
from dataclasses import dataclass
from threading import Thread, get_ident

from django.core.cache import cache
from django.db import connection

from boards.models import MeetingVersion
from boards.pack import pack_pdf
from boards.papers import Papers, as_issued
from luton2040.caching import code_version

AT_ONCE = 60  # outcomes: up to so many it takes a few seconds, which whoever asks can wait
KEPT_FOR = 30 * 24 * 60 * 60
GIVEN_UP_AFTER = 5 * 60  # by then whoever made it has stopped, and somebody else may try
TRIED_AGAIN_AFTER = 60
TOLD_EVERY = 5  # pages
FAILED = -1
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Making:
    """A pack that is not there yet, and how far it is."""

    pages: int  # laid out so far

    @property
    def has_failed(self) -> bool:
        return self.pages == FAILED


def pack_of(version: MeetingVersion) -> bytes | Making:
    """The same for everybody until the code changes. Raises NoLibraries."""
    key = f"pack:{version.meeting_id}:{version.issued.number}:{code_version()}"
    made = cache.get(key)
    if made is not None:
        return made
    papers = as_issued(version)
    if len(papers.turns) > AT_ONCE:
        return _begun(key, papers)
    made = pack_pdf(papers)
    cache.set(key, made, KEPT_FOR)
    return made


def _begun(key: str, papers: Papers) -> Making:
    progress = f"{key}:pages"
    if cache.add(progress, 0, GIVEN_UP_AFTER):
        Thread(target=_make, args=(key, progress, papers), name=key, daemon=True).start()
    return Making(cache.get(progress, 0))


def _make(key: str, progress: str, papers: Papers) -> None:
    told = logging.getLogger("weasyprint.progress")
    counting = _Pages(progress)
    told.addHandler(counting)
    try:
        cache.set(key, pack_pdf(papers), KEPT_FOR)
        cache.delete(progress)
    except Exception:  # whatever it was, nobody waits for this thread to say so
        log.exception("A pack could not be made: %s", key)
        cache.set(progress, FAILED, TRIED_AGAIN_AFTER)
    finally:
        told.removeHandler(counting)
        connection.close()


class _Pages(logging.Handler):
    """Keeps how many pages this very thread has laid out."""

    def __init__(self, progress: str):
        super().__init__(logging.INFO)
        self.progress, self.ours = progress, get_ident()

    def emit(self, record: logging.LogRecord) -> None:
        found = re.search(r"Page (\d+)", record.getMessage())
        if found and record.thread == self.ours and int(found[1]) % TOLD_EVERY == 0:
            cache.set(self.progress, int(found[1]), GIVEN_UP_AFTER)
