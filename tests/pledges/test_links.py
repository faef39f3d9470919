"""Links given as evidence: which are followed when, what is kept of it, and what the command says."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command

from luton2040.editions import Edition
from pledges import content, links
from pledges.management.commands import check_links
from pledges.models import LinkCheck, Offer
from tests.factories import NOW, TODAY, create_edition
from tests.factories_pledges import create_offer, create_pledge, create_pledge_update

pytestmark = pytest.mark.django_db
Result = LinkCheck.Result
ONE, TWO, THREE = (f"https://{name}.example/" for name in ("one", "two", "three"))


def a_followed_link(url=ONE, *, days=0, said="", fails_for=None) -> LinkCheck:
    """That many days ago; it works unless something is said about it."""
    checked_at = NOW - timedelta(days=days)
    since = checked_at - timedelta(days=fails_for or 0) if said else None
    result = Result.FAILS if said else Result.WORKS
    return LinkCheck.objects.create(url=url, checked_at=checked_at, result=result, said=said, failing_since=since)


def an_update(url=ONE, pledge="a-pledge", **fields):
    create_pledge(slug=pledge, title=pledge.replace("-", " ").capitalize())
    return create_pledge_update(pledge=pledge, key=f"{pledge}-1", evidence_url=url, **fields)


def an_offer(url=TWO, kind=Offer.Kind.UPDATE, **fields) -> Offer:
    pledge = create_pledge(slug=f"offered-{Offer.objects.count()}")
    typed = content.News(said="We did it.", said_on=TODAY.isoformat(), evidence_url=url)
    return create_offer(kind=kind, typed=typed, pledge_id=pledge.pledge_id, organisation_id="a-charity", **fields)


# --- which are followed ---


def test_links_of_updates_that_the_public_sees_and_of_those_to_be_read():
    an_update(ONE, "first")
    an_update(ONE, "second")
    an_update("", "third")
    an_offer(TWO)
    an_offer("", state=Offer.State.ASKED)
    an_offer(THREE, state=Offer.State.DECLINED)
    assert links.named_now(Edition.objects.current()) == {ONE, TWO}


def test_link_of_an_update_that_is_not_public_any_more():
    ended = an_update(ONE)
    create_edition()
    ended.last_edition = ended.first_edition
    ended.save()
    assert links.named_now(Edition.objects.current()) == set()


@pytest.mark.parametrize(
    "days, said, every, followed",
    [
        pytest.param(0, "", False, [TWO], id="works, today"),
        pytest.param(6, "", False, [TWO], id="works, six days ago"),
        pytest.param(7, "", False, [TWO, ONE], id="works, a week ago"),
        pytest.param(0, "", True, [TWO, ONE], id="all of them"),
        pytest.param(0.5, "Slow", False, [TWO], id="fails, half a day ago"),
        pytest.param(1, "Slow", False, [TWO, ONE], id="fails, yesterday"),
    ],
)
def test_link_is_followed_once_a_week_and_daily_where_it_fails(days, said, every, followed):
    an_update(ONE)
    an_offer(TWO)
    a_followed_link(ONE, days=days, said=said)
    assert links.to_follow(Edition.objects.current(), NOW, every=every) == followed


def test_link_that_was_followed_longest_ago_comes_first():
    for days, url in ((8, TWO), (9, ONE), (8, THREE)):
        an_offer(url)
        a_followed_link(url, days=days)
    assert links.to_follow(Edition.objects.current(), NOW) == [ONE, THREE, TWO]


# --- what is kept of it ---


def checked(result, said="", days=0):
    return links.check(ONE, follow=lambda url: (result, said), now=lambda: NOW + timedelta(days=days))


def test_since_when_it_fails_is_kept_until_it_works():
    assert checked(Result.WORKS).failing_since is None
    assert checked(Result.GONE, "404", days=7).failing_since == NOW + timedelta(days=7)
    again = checked(Result.FAILS, "500", days=14)
    assert (again.failing_since, again.checked_at) == (NOW + timedelta(days=7), NOW + timedelta(days=14))
    assert (again.result, again.said) == (Result.FAILS, "500")
    assert checked(Result.WORKS, days=21).failing_since is None
    assert checked(Result.REFUSED, "x" * 400, days=28).said == "x" * 300
    assert LinkCheck.objects.count() == 1


def test_what_nobody_names_any_more_is_forgotten():
    an_update(ONE)
    a_followed_link(ONE)
    a_followed_link(TWO)
    assert links.forget_others(Edition.objects.current()) == 1
    assert LinkCheck.objects.get().url == ONE


# --- how they stand ---


def test_standing_of_links(django_assert_num_queries):
    an_update(ONE, "second")
    an_update(ONE, "first")
    an_update(TWO, "third")
    an_update(f"{ONE}new", "fourth")
    offer = an_offer(THREE)
    an_offer(ONE)
    a_followed_link(ONE, days=1, said="Gone", fails_for=5)
    a_followed_link(TWO, days=2)
    a_followed_link(THREE, days=3, said="Slow", fails_for=9)
    a_followed_link(f"{TWO}old", said="Nobody names it.")
    edition = Edition.objects.current()
    with django_assert_num_queries(4):
        standing = links.standing(edition)
    slow, gone = standing.faults
    assert (slow.check.url, [p.title for p in slow.pledges], slow.offers) == (THREE, [], [offer])
    assert (gone.check.said, [p.title for p in gone.pledges], len(gone.offers)) == ("Gone", ["First", "Second"], 1)
    assert (standing.working, standing.not_followed) == (1, 1)
    assert standing.followed_at == NOW - timedelta(days=1)


# --- the command ---


@pytest.fixture
def followed(monkeypatch, clock):
    """Every link works but those with "two" in them; which ones were followed."""
    asked = []

    def follow(url, web):
        asked.append((url, web.agent))
        return (Result.GONE, "No such page.") if "two" in url else (Result.WORKS, "")

    monkeypatch.setattr(check_links, "follow", follow)
    return asked


def test_command_follows_what_is_due(followed, capsys, settings):
    settings.SITE_URL = "https://here.example"
    an_update(ONE)
    an_offer(TWO)
    a_followed_link(THREE)
    call_command("check_links")
    said = capsys.readouterr().out.splitlines()
    assert said == [f"Works: {ONE}", f"Not found: {TWO} No such page.", f"2 followed; 1 forgotten, {NOBODY}"]
    assert followed == [(url, "luton2040-link-check (+https://here.example)") for url in (ONE, TWO)]
    call_command("check_links")
    assert len(followed) == 2
    call_command("check_links", "--all")
    assert len(followed) == 4
    assert LinkCheck.objects.get(url=TWO).failing_since == LinkCheck.objects.get(url=TWO).checked_at


NOBODY = "as nobody names them any more."


def test_command_without_a_record():
    with pytest.raises(CommandError, match="The record is empty"):
        call_command("check_links")
