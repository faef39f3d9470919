"""Somebody who makes a pledge: fills in pages, one after the other, as a browser would."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from pledges.models import Offer
from pledges.offering import draft as drafts
from tests.reading import Page
from tests.record import NOW

SAID = {
    "focus": {"focus": ["good-work"]},
    "add_action": {"what": "Take on 20 apprentices by 2030.", "outcomes": ["XA1", "XM1"], "helps": "They earn."},
    "plan": {"plan": "Our manager counts."},
    "community": {"community": "With the college."},
    "you": {"organisation": "A Bakery", "organisation_kind": "shop", "email": "baker@example.org"},
}


class Maker(Client):
    """`at` is the name of a page below /pledges/new/."""

    def page(self, at, *args, query="", status=200):
        answer = self.get(reverse(f"offering:{at}", args=args) + query)
        assert answer.status_code == status, answer.headers
        return Page(answer)

    def send(self, at, *args, query="", **typed):
        return self.post(reverse(f"offering:{at}", args=args) + query, typed)

    def fill_in(self, *, until="check", **changes):
        """Every page up to this one, with some things said otherwise: plan={"plan": "…"}."""
        for at in SAID:
            if at == until:
                return
            answer = self.send(at, **SAID[at] | changes.get(at, {}))
            assert answer.status_code == 302, Page(answer).main

    def draft(self):
        return drafts.read(self.session)

    def take_time(self):
        """As if they had begun a while ago."""
        session = self.session
        session[drafts.MAKING] |= {"began": (NOW - timedelta(minutes=9)).timestamp()}
        session.save()

    def hand_in(self, **typed):
        self.take_time()
        return self.send("check", key=self.draft().key, **typed)


def led_to(answer) -> str:
    """Where an answer leads, below /pledges/new/."""
    assert answer.status_code == 302, Page(answer).main
    return urlsplit(answer["Location"]).path.removeprefix(reverse("offering:start"))


def link_in(letter) -> str:
    (link,) = (line for line in letter.body.splitlines() if "://" in line)
    return urlsplit(link).path


@pytest.fixture
def maker(exampleton, settings):
    settings.SITE_URL = "https://register.example"
    return Maker()


@pytest.fixture
def handed_in(maker):
    """Somebody who has handed in, and the offer that came of it."""
    maker.fill_in()
    assert led_to(maker.hand_in()) == "sent/"
    return maker, Offer.objects.get()


@pytest.fixture
def letter(handed_in):
    (found,) = mail.outbox
    return found
