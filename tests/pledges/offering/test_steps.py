"""The pages on which a pledge is made: each from the draft in the session, in any order, losing nothing."""

import pytest
from django.test import Client
from django.urls import reverse

from pledges import contacts
from pledges.content import Promise
from pledges.hints import hints
from pledges.models import Offer
from pledges.offering.draft import STEPS
from priorities.models import PriorityVersion
from tests.factories import TODAY
from tests.factories_pledges import create_contact, create_pledge
from tests.pledges.offering.conftest import SAID, led_to
from tests.reading import CHECKS, Page, words

pytestmark = pytest.mark.django_db
SCRIPT = '"><script>alert(1)</script>'


def faults(page):
    return {check.__name__: found for check in CHECKS if (found := check(page))}


# --- the first page ---


def test_first_page_says_what_there_is_to_know_and_sets_no_cookie(maker):
    page = maker.page("start")
    assert faults(page) == {} and not page.response.cookies
    assert "noindex" in page.one("meta", name="robots").get("content")
    assert page.link("Begin") == "/pledges/new/focus/"
    for said in ("no account", "deleted within 8 days", "6 months after that"):
        assert said in page.main


def test_examples_are_what_the_hints_say_of_them(maker):
    for vague, clear in maker.page("start").rows():
        assert hints(Promise(what=vague), today=TODAY) and not hints(Promise(what=clear), today=TODAY), (vague, clear)


@pytest.mark.parametrize(
    "query, said, focus, outcomes",
    [
        pytest.param("?outcome=xa1", "You begin with", ["good-work"], ["XA1"], id="an outcome"),
        pytest.param("?outcome=xm1", "You begin with", [], ["XM1"], id="one of the mission"),
        pytest.param("?priority=clean-air", "You begin with Clean air", ["clean-air"], [], id="a priority"),
        pytest.param("?outcome=nothing&priority=nowhere", "", [], [], id="what is not there"),
        pytest.param("?outcome=%00&priority=good-work%00", "", [], [], id="null characters"),
    ],
)
def test_link_may_name_what_to_begin_with(maker, query, said, focus, outcomes):
    page = maker.page("start", query=query)
    assert (said in page.main) if said else "You begin with" not in page.main
    assert page.link("Begin").endswith(query)
    chosen = [box.get("value") for box in maker.page("focus", query=query).all("input", checked="")]
    assert chosen == focus
    maker.send("focus", query=query, focus=["good-work"])
    boxes = maker.page("add_action").all("input", type="checkbox", checked="")
    assert [box.get("value") for box in boxes] == outcomes


def test_link_to_an_outcome_adds_an_action_to_a_pledge_that_was_begun(maker):
    maker.fill_in()
    assert led_to(maker.send("focus", query="?outcome=xb2", focus=["good-work"])) == "actions/new/"
    chosen = [box.get("value") for box in maker.page("add_action").all("input", type="checkbox", checked="")]
    assert chosen == ["XB2"]
    maker.send("add_action", what="Plant 4 trees in 2030.", outcomes=["XB2"])
    assert not maker.page("add_action").all("input", type="checkbox", checked="")


def test_draft_can_be_gone_on_with_or_deleted(maker):
    maker.fill_in(until="plan")
    page = maker.page("start")
    assert page.link("Go on with it") == "/pledges/new/focus/" and faults(page) == {}
    assert led_to(maker.send("start")) == ""
    assert maker.draft() is None and "You have begun" not in maker.page("start").main


# --- the way ---


def test_whole_way_leads_from_page_to_page(maker):
    assert led_to(maker.send("focus", **SAID["focus"])) == "actions/"
    assert led_to(maker.get("/pledges/new/actions/")) == "actions/new/"
    assert led_to(maker.send("add_action", **SAID["add_action"])) == "actions/"
    assert maker.page("actions").link("Go on") == "/pledges/new/plan/"
    assert led_to(maker.send("plan", **SAID["plan"])) == "community/"
    assert led_to(maker.send("community", **SAID["community"])) == "you/"
    assert led_to(maker.send("you", **SAID["you"])) == "check/"
    page = maker.page("check")
    for said in ("Good work", "20 apprentices", "Our manager counts.", "With the college.", "baker@example.org"):
        assert said in page.main
    # Whoever changes something then comes straight back.
    assert led_to(maker.send("plan", plan="We all count.")) == "check/"
    assert "We all count." in maker.page("check").main
    assert not Offer.objects.exists()


def test_every_page_is_sound_and_kept_by_nobody_else(maker):
    maker.fill_in()
    pages = [maker.page(at) for at in ("focus", "actions", "add_action", "plan", "community", "you", "check")]
    pages += [maker.page("action", 1), maker.page("remove_action", 1)]
    for page in pages:
        assert faults(page) == {}, page.title
        assert page.response["Cache-Control"] == "private, no-cache"
        assert words(page.all("li", **{"aria-current": "step"})[0]) in STEPS.values()


@pytest.mark.parametrize("missing", ["focus", "actions", "plan", "community", "you"])
def test_whoever_comes_too_early_is_led_to_what_is_missing(maker, missing):
    maker.fill_in(until=missing.replace("actions", "add_action"))
    steps = list(STEPS)
    for early in steps[steps.index(missing) + 1 :]:
        assert led_to(maker.get(f"/pledges/new/{early}/")) == f"{missing}/"
    assert Page(maker.get(f"/pledges/new/{missing}/", follow=True)).all("p", class_="banner info")


def test_what_is_sent_after_the_session_ended_is_kept(maker):
    assert led_to(maker.send("plan", **SAID["plan"])) == "focus/"
    assert maker.draft().wording.plan == "Our manager counts."


def test_page_shows_again_what_was_saved_and_what_was_wrong(maker):
    maker.fill_in()
    assert maker.page("plan").typed()["plan"] == "Our manager counts."
    assert maker.page("you").typed()["email"] == "baker@example.org"
    answer = Page(maker.send("you", organisation="Another", organisation_kind="shop", email="nobody"))
    assert answer.typed()["organisation"] == "Another" and answer.one("div", id="problems") is not None
    assert answer.title.startswith("To put right") and faults(answer) == {}
    assert maker.draft().wording.organisation == "A Bakery"


# --- actions ---


def test_actions_are_added_changed_and_removed(maker):
    maker.fill_in(until="plan")
    maker.send("add_action", what="Support people.", outcomes=["XB1"], target_by="March 2031")
    page = maker.page("actions")
    assert [words(h) for h in page.all("h2")] == ["Take on 20 apprentices by 2030.", "Support people."]
    assert "by March 2031" in page.main and "“Support” can mean many things" in page.main
    assert page.main.count("anyone can tell") == 1
    assert maker.page("action", 2).typed()["target_by"] == "2031-03"
    maker.send("action", 2, what="Give 40 people time in 2031.", outcomes=["XB1"])
    assert led_to(maker.send("remove_action", 1)) == "actions/"
    assert [promise.what for _, promise in maker.draft().actions] == ["Give 40 people time in 2031."]
    assert led_to(maker.get(reverse("offering:action", args=[1]))) == "actions/"
    # A page of the removed one that is still open changes no other, and what is typed on it is kept.
    assert led_to(maker.send("action", 1, what="Another.", outcomes=["XB1"])) == "actions/"
    maker.send("add_action", what="Plant 4 trees in 2030.", outcomes=["XB1"])
    assert [(number, promise.what) for number, promise in maker.draft().actions] == [
        (2, "Give 40 people time in 2031."),
        (1, "Another."),
        (3, "Plant 4 trees in 2030."),
    ]


@pytest.mark.parametrize("first, then, numbers", [(3, 1, [3, 1]), (2, int("9" * 4300), [2, 3])], ids=["known", "huge"])
def test_actions_sent_after_the_session_ended_are_kept(maker, first, then, numbers):
    """From pages that were open, in any order: none takes the place of another."""
    assert led_to(maker.send("action", first, what="Plant 4 trees in 2030.", outcomes=["XB1"])) == "actions/"
    maker.post(f"/pledges/new/actions/{then}/", {"what": "Take on 2 people.", "outcomes": ["XA1"]})
    draft = maker.draft()
    assert draft.numbers == numbers and draft.wording.commitments[0].what == "Plant 4 trees in 2030."


def test_action_sent_twice_is_added_once(maker):
    maker.fill_in(until="plan")
    maker.send("add_action", **SAID["add_action"])
    assert len(maker.draft().actions) == 1


def test_more_actions_than_allowed_are_not_added(maker):
    maker.fill_in(until="plan")
    for number in range(2, 21):
        maker.send("add_action", what=f"Plant {number} trees in 2030.", outcomes=["XB1"])
    assert "Add another action" not in maker.page("actions").main
    assert led_to(maker.get(reverse("offering:add_action"))) == "actions/"
    for at in (["add_action"], ["action", 99]):
        page = Page(maker.send(*at, what="One more.", outcomes=["XB1"]))
        assert "20 actions are the most" in page.main and page.typed()["what"] == "One more." and faults(page) == {}
    # Not so the last of them sent twice.
    assert led_to(maker.send("add_action", what="Plant 20 trees in 2030.", outcomes=["XB1"])) == "actions/"
    assert len(maker.draft().actions) == 20


def test_outcomes_of_the_focus_come_first_and_the_wheel_leads_to_their_boxes(maker):
    maker.fill_in(until="plan", focus={"focus": ["clean-air"]})
    page = maker.page("action", 1)
    groups = page.all("details")
    assert [(group.get("id"), "open" in group.attrib) for group in groups] == [
        ("of-clean-air", True),
        ("of-good-work", True),  # something is chosen in it
        ("of-mission", True),
    ]
    segments = {a.get("data-card"): a for a in page.root.iter("a") if "seg" in a.get("class", "").split()}
    for code, segment in segments.items():
        assert page.one("input", id=segment.get("href")[1:]).get("value") == code
        assert (segment.get("aria-current") == "true") == (code == "XA1")
    assert set(segments) == {"XA1", "XA2", "XB1", "XB2"}


def test_outcomes_of_a_priority_that_is_not_in_the_record_are_not_offered(maker):
    PriorityVersion.objects.filter(priority="clean-air").delete()
    maker.fill_in(until="plan")
    page = maker.page("action", 1)
    assert [box.get("value") for box in page.all("input", type="checkbox")] == ["XA1", "XA2", "XM1"]


# --- who they are ---


def test_whoever_is_signed_in_as_a_partner_types_nothing_twice(maker):
    create_pledge(organisations=["a-bakery"])
    contact = create_contact(speaks_for=["a-bakery"])
    maker.fill_in(until="you")
    maker.post(reverse("partners:enter", args=[contacts.sign_in_token(contact)]))
    typed = maker.page("you").typed()
    assert (typed["organisation"], typed["email"]) == ("A bakery", "partner@example.org")
    contact.organisations.clear()
    typed = maker.page("you").typed()
    assert (typed["organisation"], typed["email"]) == ("", "partner@example.org")
    maker.send("you", **SAID["you"])
    assert maker.page("you").typed()["email"] == "baker@example.org"


# --- what could be sent in ill will ---


def test_script_in_every_field_is_text(maker):
    said = {
        "add_action": {"what": SCRIPT, "target": SCRIPT, "helps": SCRIPT, "outcomes": ["XA1"]},
        "plan": {"plan": SCRIPT},
        "community": {"community": SCRIPT},
        "you": {"organisation": SCRIPT, "organisation_kind": SCRIPT},
    }
    maker.fill_in(**said)
    for page in (maker.page("check"), maker.page("actions"), maker.page("action", 1), maker.page("you")):
        assert "<script>alert" not in page.html and "&lt;script&gt;alert" in page.html


def test_megabyte_of_name_is_refused_and_not_kept(maker):
    maker.fill_in(until="you")
    answer = maker.send("you", **SAID["you"] | {"organisation": "x" * 1_000_000})
    assert "Keep it to 200 characters" in Page(answer).main
    assert not maker.draft().wording.organisation


def test_forms_are_taken_from_this_site_only(exampleton):
    stranger = Client(enforce_csrf_checks=True)
    for at in ("", "focus/", "check/", "sent/"):
        assert stranger.post(f"/pledges/new/{at}", {"focus": "good-work"}).status_code == 403


def test_pledges_cannot_be_begun_without_end(maker, settings):
    settings.ACCOUNT_RATE_LIMITS = {"begin_pledge": "2/h/ip"}
    statuses = [type(maker)().post("/pledges/new/focus/", SAID["focus"]).status_code for _ in range(3)]
    assert statuses == [302, 302, 429]
