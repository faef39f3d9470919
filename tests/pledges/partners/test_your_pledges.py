"""A partner's own pages: only their pledges, what was handed in and how it stands, and questions that wait."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from luton2040.roles import Role
from pledges import content, offers
from pledges.contacts import sign_in_token
from pledges.content import Ending, News
from pledges.models import Evidence, Offer, PledgeVersion
from tests import factories_pledges as make
from tests import reading, record
from tests.factories import create_person
from tests.html_validity import problems
from tests.pledges.test_evidence import picture, png_with_secrets
from tests.reading import Page, words
from tests.record import NOW

pytestmark = pytest.mark.django_db
HOME, OURS = "/pledges/yours/", "/pledges/yours/a-pledge/"
Kind, State = Offer.Kind, Offer.State
ABOUT = {"pledge_id": "a-pledge", "organisation_id": "a-charity"}
NEWS = {"said": "We took on five.", "said_on": "2026-11-30", "key": "a-key"}


def page(client, path=HOME):
    return Page(client.get(path))


def ask(offer, text="How many?"):
    return offers.ask(offer, text, saves=offer.saves, by=create_person(role=Role.PLEDGE_OFFICER), now=NOW)


def file(data=None, name="report.png"):
    return SimpleUploadedFile(name, picture("PNG") if data is None else data, "image/png")


# --- what there is to see ---


def test_home_shows_what_is_theirs_and_nothing_of_others(signed_in, partner):
    make.create_pledge(slug="other", title="Of others", organisations=["a-school"])
    make.create_offer(contact=make.create_contact(email="b@example.org"), typed=make.a_wording(organisation="A School"))
    make.create_offer(kind=Kind.UPDATE, **ABOUT)
    ask(make.create_offer(contact=partner))
    make.create_offer(kind=Kind.UPDATE, state=State.DECLINED, **ABOUT)
    home = page(signed_in)
    assert "You speak for A charity." in home.main
    assert home.entry(
        "Better work"
    ) == "Better work 2 commitments: nothing reported yet. Post an update : Better work".replace(" :", ":")
    assert "Update of 1 June 2026 Better work Waiting for the council" in home.main
    assert "It is not about this town. Declined" in home.main
    assert "Read and answer" in words(home.section("The council asks you"))
    assert "Of others" not in home.main and "A School" not in home.main


def test_home_of_somebody_who_speaks_for_nobody_yet(client, signed_in, partner):
    partner.organisations.clear()
    home = page(signed_in)
    assert "None yet. A pledge stands here once the council has published it." in home.main
    assert "What you handed in" not in home.headings


@pytest.mark.parametrize("path", ["", "update/", "change/", "end/"])
def test_pledges_of_others_are_not_there_for_them(signed_in, path):
    make.create_pledge(slug="other", organisations=["a-school"])
    answers = [signed_in.get(f"{HOME}{slug}/{path}") for slug in ("other", "none")]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert len({Page(answer).main for answer in answers}) == 1


def test_offers_of_others_are_not_there_for_them(signed_in, partner):
    other = make.create_contact(email="b@example.org", speaks_for=["a-charity"])
    offer = make.create_offer(kind=Kind.UPDATE, contact=other, **ABOUT)
    mine = make.create_offer(state=State.UNCONFIRMED)
    assert {signed_in.get(f"{HOME}offers/{pk}/").status_code for pk in (offer.pk, mine.pk, 99_999)} == {404}
    assert "Handed in by another address of your organisation." in page(signed_in).main
    assert "b@example.org" not in page(signed_in).html


def test_queries_do_not_grow_with_what_there_is(signed_in, partner):
    def count():
        with CaptureQueriesContext(connection) as queries:
            signed_in.get(HOME)
        return len(queries)

    make.create_offer(kind=Kind.UPDATE, contact=partner, **ABOUT)
    few = count()
    for number in range(2, 6):
        make.create_pledge(slug=f"pledge-{number}", serves=["XA1"])
        make.create_offer(kind=Kind.UPDATE, contact=partner, pledge_id=f"pledge-{number}", organisation_id="a-charity")
    assert count() == few


# --- an update ---


def test_update_waits_for_an_officer_with_its_evidence(signed_in, partner):
    stages = {"stage-a-pledge-1": "under-way", "stage-a-pledge-2": ""}
    given = NEWS | stages | {"evidence_url": "example.org/report", "file": file(png_with_secrets())}
    answer = signed_in.post(f"{OURS}update/", given, follow=True)
    offer = Offer.objects.get()
    assert answer.redirect_chain == [(f"{HOME}offers/{offer.pk}/", 302)]
    assert (offer.kind, offer.state, offer.contact, offer.organisation_id) == (
        Kind.UPDATE,
        State.WAITING,
        partner,
        "a-charity",
    )
    stages = {"a-pledge-1": "under-way"}
    news = News("We took on five.", "2026-11-30", "https://example.org/report", stages)
    assert content.news(offer.typed) == news
    assert bytes(offer.evidence.content).startswith(b"\x89PNG") and b"SECRET" not in bytes(offer.evidence.content)
    main = Page(answer).main
    assert "It is with the council now" in main and "Take on apprentices.Under way" in main
    assert "30 November 2026" in main and "PNG picture, " in main


def test_form_sent_twice_is_one_update_and_sent_anew_with_other_words_another(signed_in):
    for said in ("First.", "First.", "Second."):
        signed_in.post(f"{OURS}update/", NEWS | {"said": said, "file": file()})
    assert sorted(offer.typed["said"] for offer in Offer.objects.all()) == ["First.", "Second."]
    assert Evidence.objects.count() == 2
    for _ in range(2):
        signed_in.post(f"{OURS}update/", NEWS | {"key": ""})
    assert Offer.objects.count() == 4


@pytest.mark.parametrize(
    "changes, why",
    [
        pytest.param({"said": ""}, "What was done? This is needed", id="nothing said"),
        pytest.param({"said": "x" * 2001}, "Keep it to 2,000 characters", id="too long"),
        pytest.param({"said_on": "2026-12-02"}, "2 December 2026 is still to come", id="a day to come"),
        pytest.param({"said_on": "1926-12-02"}, "very long ago. Check the year", id="a mistyped year"),
        pytest.param({"said_on": "soon"}, "no day of the calendar", id="no day"),
        pytest.param({"evidence_url": "javascript:alert(1)"}, "Write an address such as", id="a script as link"),
        pytest.param({"evidence_url": "ftp://example.org"}, "Write an address such as", id="another protocol"),
        pytest.param({"stage-a-pledge-1": "kept"}, "Select a valid choice", id="no such standing"),
        pytest.param({"file": b"<html>"}, "none of the kinds that can be shown", id="HTML as PNG"),
        pytest.param({"file": b""}, "It is empty", id="an empty file"),
        pytest.param({"file": bytes(10 * 1024 * 1024 + 1)}, "larger than 10 MB", id="a file that is too large"),
        pytest.param(
            {"said": "", "file": picture("PNG")}, "This file is in order. Choose it again", id="file in order"
        ),
    ],
)
def test_update_is_refused_in_words_and_nothing_typed_is_lost(signed_in, changes, why):
    given = NEWS | {"said": "We did.", "evidence_url": "https://example.org/a", "stage-a-pledge-2": "done"} | changes
    if "file" in given:
        given["file"] = file(given["file"])
    answer = signed_in.post(f"{OURS}update/", given)
    assert answer.status_code == 200 and not Offer.objects.exists() and not Evidence.objects.exists()
    assert why in words(Page(answer).one("div", role="alert"))
    told = [words(item) for item in Page(answer).one("div", role="alert").iter("li")]
    assert len(told) == len(set(told))
    typed = Page(answer).typed()
    again = {name: value for name, value in given.items() if name != "file" and typed.get(name) != value}
    assert set(again) <= {"stage-a-pledge-1"}  # a choice that is none cannot be shown chosen


def test_what_ended_is_not_asked_about_and_what_was_reported_is_said(signed_in):
    make.create_stage(stage="under-way")
    make.create_pledge_update()
    make.create_stage(commitment="a-pledge-2", stage="ended")
    shown = page(signed_in, f"{OURS}update/")
    assert "Take on apprentices. So far: under way" in shown.main and "Pay fairly." not in shown.main


def test_partner_sends_only_so_much(signed_in, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"partner_hand_in": "1/h/key"}
    answers = [signed_in.post(f"{OURS}{path}/", {}).status_code for path in ("update", "update", "change", "end")]
    assert answers == [200, 429, 429, 429] and signed_in.get(f"{OURS}update/").status_code == 200


# --- a change of wording ---


def _uncounted(typed):
    """Without what is another in every page."""
    return {name: value for name, value in typed.items() if name != "csrfmiddlewaretoken"}


def wording(client, path=f"{OURS}change/", **changes):
    return _uncounted(page(client, path).typed(**{n.replace("__", "-"): value for n, value in changes.items()}))


def test_change_says_all_of_the_new_wording(signed_in):
    given = wording(signed_in, commitments__0__target="30", why="We grew.")
    given |= {"commitments-1-outcomes": ["XA2", "XB1"]}
    answer = signed_in.post(f"{OURS}change/", given, follow=True)
    typed = content.wording(Offer.objects.get(kind=Kind.CHANGE).typed)
    assert [(p.slug, p.what, p.target) for p in typed.commitments] == [
        ("a-pledge-1", "Take on apprentices.", "30"),
        ("a-pledge-2", "Pay fairly.", ""),
    ]
    assert (typed.plan, typed.community, typed.why) == ("We count.", "With all.", "We grew.")
    assert "Why it changesWe grew." in Page(answer).main


@pytest.mark.parametrize(
    "changes, why",
    [
        pytest.param({"why": "Because."}, "Nothing is worded otherwise yet", id="nothing changed"),
        pytest.param({"plan": "We count twice."}, "Why does it change? This is needed", id="no reason"),
        pytest.param({"plan": "", "why": "x"}, "This is needed", id="a plan taken out"),
        pytest.param(
            {"commitments-0-what": "", "why": "x"},
            "Commitment 1, What will you do? This is needed",
            id="a commitment emptied",
        ),
        pytest.param(
            {"commitments-2-target": "9", "why": "x"},
            "Commitment 3, What will you do? This is needed",
            id="a new one half written",
        ),
    ],
)
def test_change_is_refused_in_words_and_nothing_typed_is_lost(signed_in, changes, why):
    given = wording(signed_in) | {"commitments-1-outcomes": ["XB1", "XA2"]} | changes
    answer = signed_in.post(f"{OURS}change/", given)
    assert answer.status_code == 200 and not Offer.objects.exists()
    assert why in words(Page(answer).one("div", role="alert"))
    typed = Page(answer).typed()
    assert {n: v for n, v in given.items() if typed.get(n) != v and not n.endswith("outcomes")} == {}


def test_what_the_register_never_had_need_not_be_made_up(signed_in):
    PledgeVersion.objects.update(plan="", community="")
    make.create_commitment(slug="a-pledge-3", what="Serve all.", position=3, serves_all=True)
    given = wording(signed_in, commitments__2__what="Serve everybody.", why="Plainer.")
    signed_in.post(f"{OURS}change/", given | {"commitments-1-outcomes": ["XA2", "XB1"]})
    assert content.wording(Offer.objects.get().typed).commitments[2].what == "Serve everybody."


# --- an end ---


def test_end_is_asked_for_with_a_reason_and_a_day(signed_in):
    for why, day in (("", "2026-11-01"), ("Closed.", "2026-12-24")):
        answer = signed_in.post(f"{OURS}end/", {"why": why, "ended_on": day, "key": "k"})
        assert answer.status_code == 200 and Page(answer).one("div", role="alert") is not None
    assert not Offer.objects.exists()
    answer = signed_in.post(f"{OURS}end/", {"why": "Closed.", "ended_on": "2026-11-01", "key": "k"}, follow=True)
    assert content.ending(Offer.objects.get(kind=Kind.END).typed) == Ending("Closed.", "2026-11-01")
    assert "Since1 November 2026" in Page(answer).main


def test_change_of_a_pledge_that_was_changed_meanwhile_is_told_once_and_keeps_what_is_typed(signed_in):
    given = wording(signed_in, why="We grew.", commitments__0__target="30 apprentices")
    record.issue(
        record.changed(PledgeVersion.objects.current().get(pledge="a-pledge"), plan="Another plan."), key=("pledge_id",)
    )
    told = Page(signed_in.post(f"{OURS}change/", given))
    assert "The pledge was changed in edition 2, after you opened this page." in told.main
    assert told.typed()["commitments-0-target"] == "30 apprentices" and not Offer.objects.exists()
    assert signed_in.post(f"{OURS}change/", _uncounted(told.typed())).status_code == 302
    assert Offer.objects.get().typed["commitments"][0]["target"] == "30 apprentices"


@pytest.mark.parametrize("kind, path", [(Kind.CHANGE, "change/"), (Kind.END, "end/")], ids=["change", "end"])
@pytest.mark.parametrize("by_another", [False, True], ids=["by this address", "by another"])
def test_what_waits_is_not_asked_for_again(signed_in, partner, kind, path, by_another):
    contact = make.create_contact(email="b@example.org", speaks_for=["a-charity"]) if by_another else partner
    typed = Ending("Closed.", "2026-11-01") if kind == Kind.END else make.a_wording()
    offer = make.create_offer(kind=kind, contact=contact, typed=typed, **ABOUT)
    answer = signed_in.get(f"{OURS}{path}", follow=True)
    assert answer.redirect_chain == [(OURS if by_another else f"{HOME}offers/{offer.pk}/", 302)]
    assert "was asked for already, and waits" in Page(answer).main


def test_pledge_that_ended_stays_as_it_is(signed_in):
    PledgeVersion.objects.update(withdrawn_on="2026-10-01", withdrawn_why="Closed.")
    for path in ("update", "change", "end"):
        assert signed_in.post(f"{OURS}{path}/", NEWS)["Location"] == OURS
    shown = page(signed_in, OURS)
    assert "ended on 1 October 2026. Closed." in shown.main and "Post an update" not in shown.main
    assert "It has ended." in page(signed_in).main and not Offer.objects.exists()


def test_address_taken_away_meanwhile_is_told(signed_in, partner, monkeypatch):
    """Between reading the page's rights and handing in."""
    hand_in = offers.hand_in

    def late(*given, **fields):
        partner.organisations.clear()
        return hand_in(*given, **fields)

    for path, given in (("update", NEWS), ("end", {"why": "x", "ended_on": "2026-11-01"})):
        with monkeypatch.context() as patch:
            patch.setattr(offers, "hand_in", late)
            answer = signed_in.post(f"{OURS}{path}/", given)
        assert "You do not speak for this organisation any more" in Page(answer).main
        partner.organisations.set(["a-charity"])
    assert not Offer.objects.exists()


# --- what was handed in ---


def test_question_is_answered_with_the_wording_amended(signed_in, partner):
    offer = make.create_offer(contact=partner)
    ask(offer, "How many do you have now?")
    path = f"{HOME}offers/{offer.pk}/"
    assert "How many do you have now?" in page(signed_in, path).main
    given = {"answer": "Five.", "commitments-0-what": "Take on twenty.", "commitments-0-outcomes": "XA2"}
    signed_in.post(path, wording(signed_in, path) | given)
    offer.refresh_from_db()
    assert (offer.state, offer.typed["commitments"][0]["what"]) == (State.WAITING, "Take on twenty.")
    assert offer.typed["organisation"] == "A Bakery Ltd"
    shown = page(signed_in, path).main
    assert "You answered on 1 December 2026: Five." in shown and "Send the answer" not in shown


def test_answer_alone_leaves_what_an_officer_corrected(signed_in, partner):
    offer, officer = make.create_offer(contact=partner), create_person(role=Role.PLEDGE_OFFICER)
    corrected = content.stored(make.a_wording(title="Corrected"))
    offer = offers.correct(offer, corrected, saves=0, by=officer, now=NOW)
    offers.ask(offer, "Is that right?", saves=offer.saves, by=officer, now=NOW)
    path = f"{HOME}offers/{offer.pk}/"
    signed_in.post(path, wording(signed_in, path, answer="Yes."))
    assert Offer.objects.get().corrected == corrected and Offer.objects.get().state == State.WAITING


def test_answer_to_a_question_about_an_update_needs_words_and_comes_once(signed_in, partner):
    offer = make.create_offer(kind=Kind.UPDATE, contact=partner, **ABOUT)
    ask(offer)
    path = f"{HOME}offers/{offer.pk}/"
    assert "Your answer: This is needed" in words(Page(signed_in.post(path, {"answer": " "})).one("div", role="alert"))
    given = wording(signed_in, path, answer="Five.")
    assert signed_in.post(path, given)["Location"] == path
    answer = signed_in.post(path, given | {"answer": "Six."})
    assert answer.status_code == 409 and "answered or decided meanwhile" in Page(answer).main
    assert "What you wrote, and was not sent" in Page(answer).headings and "Six." in Page(answer).main
    assert offer.questions.get().answer == "Five."


@pytest.mark.parametrize(
    "amended, shown",
    [
        pytest.param({}, "Corrected.", id="the correction stays where nothing was typed anew"),
        pytest.param({"plan": "Typed anew."}, "Typed anew.", id="what was typed anew stays to be sent again"),
    ],
)
def test_old_page_does_not_answer_the_next_question(signed_in, partner, amended, shown):
    offer = make.create_offer(contact=partner)
    officer = ask(offer).asked_by
    path = f"{HOME}offers/{offer.pk}/"
    old = wording(signed_in, path, answer="Five.")
    signed_in.post(path, old)
    corrected = content.stored(make.a_wording(plan="Corrected."))
    offer = offers.correct(Offer.objects.get(), corrected, saves=2, by=officer, now=NOW)
    offers.ask(offer, "May we say so?", saves=3, by=officer, now=NOW)
    answer = signed_in.post(path, old | {"answer": "Six."} | amended)
    assert answer.status_code == 409 and "asked something else since" in Page(answer).main
    offer.refresh_from_db()
    assert (offer.state, offer.corrected) == (State.ASKED, corrected)
    again = _uncounted(Page(answer).typed())
    assert (again["answer"], again["plan"]) == ("Six.", shown)
    assert signed_in.post(path, again)["Location"] == path
    offer.refresh_from_db()
    assert offer.questions.last().answer == "Six." and offer.content["plan"] == shown


def test_offer_is_taken_back_and_stays_to_be_seen(signed_in, partner):
    offer = make.create_offer(kind=Kind.UPDATE, contact=partner, **ABOUT)
    path = f"{HOME}offers/{offer.pk}/"
    answer = signed_in.post(path, {"do": "take-back"}, follow=True)
    assert "You took it back." in Page(answer).main and Offer.objects.get().state == State.WITHDRAWN
    assert "This was changed since you opened it" in Page(signed_in.post(path, {"do": "take-back"}, follow=True)).main
    assert "Take it back" not in page(signed_in, path).headings


def in_every_state(partner):
    """Offers of each kind, in every state that each may be in once it was confirmed."""
    officer = create_person(role=Role.PLEDGE_OFFICER)
    typed = {Kind.UPDATE: None, Kind.CHANGE: make.a_wording(why="x"), Kind.END: Ending("x", "2026-11-01")}
    for state in State:
        decided = {"decided_by": officer} if state in (State.PUBLISHED, State.DECLINED) else {}
        decided |= {"edition_id": 1} if state == State.PUBLISHED else {}
        for kind in Kind if state != State.UNCONFIRMED else ():
            about = {} if kind == Kind.NEW and state != State.PUBLISHED else ABOUT
            given = {"kind": kind, "state": state, "typed": typed.get(kind)} | decided | about
            yield make.create_offer(contact=partner, **given)


def test_every_page_of_a_partner_is_sound(signed_in, partner):
    partner.refresh_from_db()  # signing in has used up the link before
    paths = [HOME, OURS, *(f"{OURS}{name}/" for name in ("update", "change", "end"))]
    paths += [f"{HOME}sign-in/", f"{HOME}delete/", f"{HOME}enter/{sign_in_token(partner)}/"]
    paths = {path: signed_in.get(path) for path in paths}
    paths |= {path: signed_in.get(path) for path in [f"{HOME}offers/{o.pk}/" for o in in_every_state(partner)] + [HOME]}
    faults = [(path, f) for path, a in paths.items() for check in reading.CHECKS for f in check(Page(a))]
    assert faults == [] and {answer.status_code for answer in paths.values()} == {200}
    assert problems({path: answer.content.decode() for path, answer in paths.items()}) == []
    kept = {answer["Cache-Control"] for path, answer in paths.items() if "/enter/" not in path}
    assert kept == {"private, no-cache"}
