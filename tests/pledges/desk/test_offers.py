"""The desk's page of one offer: what an officer reads, and what the buttons do."""

from dataclasses import replace
from datetime import date
from smtplib import SMTPException

import pytest
from django.core import mail

from luton2040.editions import Edition
from luton2040.roles import Role
from pledges import content
from pledges.models import Contact, Offer, OrganisationVersion, PledgeUpdate, PledgeVersion
from tests import factories as make
from tests import factories_pledges as pledges
from tests.html_validity import problems
from tests.reading import Page, words

pytestmark = pytest.mark.django_db
Kind, State = Offer.Kind, Offer.State


@pytest.fixture
def officer(client, clock):
    """Signed in, where there is a pledge of a bakery that a partner speaks for."""
    make.create_place(edition=make.create_edition(now=clock))
    make.create_outcome(code="XA1", name="Good jobs")
    make.create_outcome(code="XA2", name="Fair pay", position=2)
    pledges.create_pledge(slug="bread", title="Bread", organisations=["a-bakery"], plan="Counting.")
    pledges.create_commitment(slug="bread-1", pledge="bread", what="Take on 20 apprentices.", serves=["XA1"])
    pledges.create_contact(speaks_for=["a-bakery"], now=clock)
    return make.sign_in(client, make.create_person(role=Role.PLEDGE_OFFICER, name="Polly Officer"))


def path_of(offer, more=""):
    return f"/desk/pledges/offers/{offer.pk}/{more}"


def show(client, offer):
    answer = client.get(path_of(offer))
    assert answer.status_code == 200
    return Page(answer)


def send(client, offer, act, status=302, **typed):
    answer = client.post(path_of(offer), {"act": act, "saves": offer.saves} | typed)
    assert answer.status_code == status
    offer.refresh_from_db()
    return answer


def of_bread(kind, typed, **fields):
    given = {"pledge_id": "bread", "organisation_id": "a-bakery", "contact": Contact.objects.get()}
    return pledges.create_offer(kind=kind, typed=typed, **given | fields)


def reworded(**changed):
    promise = content.Promise(what="Take on 30 apprentices.", outcomes=["XA1"], slug="bread-1")
    return content.Wording(**{"plan": "Counting.", "why": "It goes well.", "commitments": [promise]} | changed)


# --- reading it ---


def test_new_pledge_reads_as_readers_would_see_it_with_what_may_be_the_same(client, officer):
    make.create_organisation(slug="bakery-cic", name="The A. Bakery C.I.C.")
    pledges.create_offer(contact=Contact.objects.get(), typed=pledges.a_wording(organisation="A bakery limited"))
    offer = pledges.create_offer(contact=Contact.objects.get())
    main = show(client, offer).main
    assert "A Bakery Ltd: Anytown 2040 pledge" in main
    assert "By A Bakery Ltd, small business" in main
    assert "Target: 20 apprentices, by 2030" in main and "Good jobs" in main and "our reading" not in main
    assert "from partner@example.org (never public)" in main
    same = "the same name but for capitals, punctuation or words such as Ltd"
    assert f"A bakery: {same}" in main and f"The A. Bakery C.I.C.: {same}" in main
    assert "Other pledges of these Bread, by A bakery" in main
    assert "New pledge of 1 June 2026, from the same address" in main


def test_change_shows_word_by_word_what_differs_from_the_register_and_from_what_was_typed(client, officer):
    corrected = reworded(commitments=[replace(reworded().commitments[0], outcomes=["XA1", "XA2"])])
    offer = of_bread(Kind.CHANGE, reworded(), corrected=content.stored(corrected))
    page = show(client, offer)
    register = page.section("What changes in the register")
    assert [words(e) for e in register.iter("del")] == ["removed: 20"]
    assert [words(e) for e in register.iter("ins")] == ["added: 30", "added: Fair pay;"]
    assert [words(e) for e in page.section("What was corrected").iter("ins")] == ["added: Fair pay;"]
    assert "Fair pay (our reading)" in page.main
    assert "It goes well." in page.main


def test_update_shows_its_stages_and_its_file_which_an_officer_may_look_at(client, officer):
    pledges.create_stage(commitment="bread-1", stage="under-way", update="before")
    pledges.create_evidence(key="a-file", data=b"\x89PNG")
    news = content.News(
        said="All there.", said_on="2026-05-20", stages={"bread-1": "done"}, evidence_url="https://a.example/"
    )
    offer = of_bread(Kind.UPDATE, news, evidence_id="a-file")
    page = show(client, offer)
    assert "20 May 2026, from A bakery said by the partner" in page.main
    assert "Done: Take on 20 apprentices. (by now: under way)" in page.main
    answer = client.get(page.link("PNG picture, 4 bytes"))
    assert (
        answer.content == b"\x89PNG" and answer["Content-Disposition"] == f'attachment; filename="offer-{offer.pk}.png"'
    )
    assert "sandbox" in answer["Content-Security-Policy"]


def test_update_says_of_which_commitments_it_will_not_count_and_why(client, officer):
    pledges.create_pledge_update(pledge="bread", key="later", said_on=date(2026, 5, 21))
    pledges.create_stage(commitment="bread-1", stage="under-way", update="later")
    offer = of_bread(Kind.UPDATE, content.News(said="All.", said_on="2026-05-20", stages={"bread-1": "done"}))
    why = "It will not count: the register knows of a later day, 21 May 2026: under way."
    assert f"Done: Take on 20 apprentices. (by now: under way) {why}" in show(client, offer).main
    PledgeVersion.objects.update(withdrawn_on=date(2026, 5, 22), withdrawn_why="It closed.")
    assert "It will not count: the pledge ended on 22 May 2026." in show(client, offer).main
    send(client, offer, "publish")
    assert "Done: Take on 20 apprentices. It did not count." in show(client, offer).main


def test_what_is_not_there_is_not_found(client, officer):
    unconfirmed = pledges.create_offer(state=State.UNCONFIRMED)
    for path in (path_of(unconfirmed), path_of(unconfirmed, "correct/"), path_of(unconfirmed, "evidence/")):
        assert client.get(path).status_code == 404
    offer = pledges.create_offer()
    assert client.get(path_of(offer, "evidence/")).status_code == 404
    assert client.post(path_of(offer), {"act": "eat"}).status_code == 400


def test_decided_offer_says_how_and_offers_no_button(client, officer):
    offer = pledges.create_offer(state=State.DECLINED)
    page = show(client, offer)
    assert "It is not about this town." in page.main and "Publish it" not in page.main
    answer = client.get(path_of(offer, "correct/"))
    assert answer.status_code == 302


def test_partner_who_speaks_for_nobody_any_more_or_is_gone_is_told(client, officer):
    offer = of_bread(Kind.UPDATE, content.News(said="Hi.", said_on="2026-05-20"))
    offer.contact.organisations.clear()
    assert "This address does not speak for it any more." in show(client, offer).main
    offer.contact.delete()
    main = show(client, offer).main
    assert "the address that it came from was deleted" in main and "Ask the partner something" not in main


def test_what_an_older_form_let_through_is_shown_as_it_is(client, officer):
    """So that an officer can see what to correct."""
    offer = of_bread(Kind.UPDATE, content.News(said="Hi.", said_on="in May", stages={"bread-1": "nearly", "x": "done"}))
    main = show(client, offer).main
    assert "in May, from A bakery" in main and "It does not say how far any commitment is." in main
    promise = replace(pledges.a_wording().commitments[0], target_by="soon", outcomes=["ZZ9"])
    offer = pledges.create_offer(typed=pledges.a_wording(commitments=[promise]), contact=offer.contact)
    assert "Target: 20 apprentices ZZ9" in show(client, offer).main


# --- publishing ---


def test_new_pledge_of_a_new_organisation_is_published_and_its_maker_written_to(client, officer):
    offer = pledges.create_offer(typed=pledges.a_wording(organisation="Quite Other"), contact=Contact.objects.get())
    assert "hard to undo" in Page(send(client, offer, "publish", 200)).main  # nothing is chosen: the officer decides
    send(client, offer, "publish", organisation="new")
    assert offer.state == State.PUBLISHED and OrganisationVersion.objects.filter(name="Quite Other").exists()
    (letter,) = mail.outbox
    assert letter.to == ["partner@example.org"] and "is published" in letter.subject
    assert "/pledges/quite-other-anytown-2040-pledge/" in letter.body and "/pledges/yours/sign-in/" in letter.body
    assert "your new pledge “Quite Other: Anytown 2040 pledge” is published." in letter.body
    assert "badge and a certificate" in letter.body and "/organisations/quite-other/\n" in letter.body
    assert "Quite Other" not in letter.subject and "changed some of its words" not in letter.body


def test_new_pledge_asks_which_organisation_it_is_where_some_are_alike(client, officer):
    offer = pledges.create_offer(contact=pledges.create_contact(email="other@example.org"))
    page = Page(send(client, offer, "publish", 200))
    assert "in the register twice is hard to undo" in page.main
    page = Page(send(client, offer, "publish", 200, organisation="another", other="Nobody"))
    assert "The register has no organisation of this name." in page.main
    send(client, offer, "publish", organisation="another", other="a BAKERY", speaks="")
    assert offer.organisation_id == "a-bakery" and not offer.contact.organisations.exists()
    assert "ask us to let this address speak for it" in mail.outbox[0].body


def test_update_is_published_as_checked_by_the_council(client, officer):
    offer = of_bread(Kind.UPDATE, content.News(said="Done.", said_on="2026-05-20"))
    page = Page(send(client, offer, "publish", 409, checked_on="2026-05-19"))
    assert "between 20 May 2026" in page.main
    assert "said by the partner until the council has checked it" in show(client, offer).main
    send(client, offer, "publish", checked_on="2026-05-21")
    assert str(PledgeUpdate.objects.get().checked_on) == "2026-05-21"
    published = words(show(client, offer).section("As it was published"))
    assert "from A bakery checked by the council on 21 May 2026 Done." in published and "until" not in published
    assert "your update on the pledge “Bread” is published." in mail.outbox[0].body


def test_what_was_read_is_what_is_decided(client, officer):
    offer = of_bread(Kind.END, content.Ending(why="We closed.", ended_on="2026-05-20"))
    page = Page(client.post(path_of(offer), {"act": "publish", "saves": offer.saves + 1}))
    assert "changed since you opened it" in page.main and Edition.objects.count() == 1
    send(client, offer, "publish")
    assert PledgeVersion.objects.current().get().withdrawn_why == "We closed."
    page = Page(send(client, offer, "decline", 409, why="Too late."))
    assert "it stands at: published" in page.main


def test_hold_asks_for_a_reason(client, officer, clock):
    make.create_hold(starts_on=clock.date(), ends_on=clock.date(), now=clock)
    offer = of_bread(Kind.END, content.Ending(why="We closed.", ended_on="2026-05-20"))
    assert "waits until it is over" in show(client, offer).main
    page = Page(send(client, offer, "publish", 200))
    assert "or give the reason for an exception" in page.main
    send(client, offer, "publish", hold_reason="It is not about the election.")
    assert offer.state == State.PUBLISHED


@pytest.mark.parametrize(
    "kind, typed, corrected, named",
    [
        pytest.param(
            Kind.CHANGE,
            reworded(title="Bread and cake"),
            reworded(title="Bread and cake", plan="Weighing."),
            "your change of the wording of the pledge “Bread and cake”",
            id="change",
        ),
        pytest.param(
            Kind.END,
            content.Ending(why="We closed.", ended_on="2026-05-20"),
            content.Ending(why="It closed.", ended_on="2026-05-20"),
            "the end of the pledge “Bread”",
            id="end",
        ),
    ],
)
def test_letter_says_what_was_published_and_that_an_officer_corrected_it(
    client, officer, clock, kind, typed, corrected, named
):
    send(client, of_bread(kind, typed, corrected=content.stored(corrected), now=clock), "publish")
    (letter,) = mail.outbox
    assert f"{named} is published. An officer changed some of its words; you see them on its page:" in letter.body
    assert "Bread" not in letter.subject and "certificate" not in letter.body


# --- asking and declining ---


def test_question_goes_to_the_partner_with_a_link_that_signs_in(client, officer):
    offer = pledges.create_offer(contact=Contact.objects.get())
    assert "This is needed." in Page(send(client, offer, "ask", 200, text=" ")).main
    send(client, offer, "ask", text="How many?\nAnd when?")
    assert offer.state == State.ASKED
    send(client, offer, "ask-again")
    letters = mail.outbox
    assert [letter.to for letter in letters] == [["partner@example.org"]] * 2
    assert "How many?\nAnd when?" in letters[0].body
    assert f"next=%2Fpledges%2Fyours%2Foffers%2F{offer.pk}%2F" in letters[1].body
    assert "No answer yet." in show(client, offer).main
    Offer.objects.update(state=State.WAITING)
    offer.questions.update(answered_at=offer.handed_in_at, answer="Three.")
    assert "answered or decided meanwhile" in Page(send(client, offer, "ask-again", 409)).main
    assert "Three." in show(client, offer).main


def test_declined_with_a_reason_that_the_partner_reads(client, officer):
    offer = pledges.create_offer(contact=Contact.objects.get(), typed=pledges.a_wording(title="Jobs\nhere"))
    assert "This is needed." in Page(send(client, offer, "decline", 200, why="")).main
    send(client, offer, "decline", why="It is about another town.")
    assert (offer.state, offer.decision_note) == (State.DECLINED, "It is about another town.")
    (letter,) = mail.outbox
    assert "your new pledge “Jobs here”, for this reason:" in letter.body
    assert "It is about another town." in letter.body and "Jobs" not in letter.subject


def test_nobody_is_written_to_where_the_address_was_deleted(client, officer):
    offer = pledges.create_offer(contact=Contact.objects.get())
    offer.contact.delete()
    page = Page(client.post(path_of(offer), {"act": "decline", "saves": 0, "why": "Spam."}, follow=True))
    assert "Nobody is written to: the address that it came from was deleted." in page.main and mail.outbox == []


def test_mail_server_that_is_down_undoes_nothing_and_is_told(client, officer, monkeypatch):
    def fail(*args, **kwargs):
        raise SMTPException("no route")

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", fail)
    offer = pledges.create_offer(contact=Contact.objects.get())
    page = Page(client.post(path_of(offer), {"act": "decline", "saves": 0, "why": "Spam."}, follow=True))
    assert "The letter to partner@example.org could not be sent: no route." in page.main
    offer.refresh_from_db()
    assert offer.state == State.DECLINED


# --- correcting ---


def correct(client, offer, **typed):
    page = Page(client.get(path_of(offer, "correct/")))
    return client.post(path_of(offer, "correct/"), page.typed(saves=str(offer.saves)) | typed)


def test_correction_keeps_what_was_typed_beside_it(client, officer):
    offer = pledges.create_offer(contact=Contact.objects.get())
    assert correct(client, offer, **{"commitments-0-what": "Take on 20 apprentices."}).status_code == 302
    offer.refresh_from_db()
    assert content.wording(offer.typed) == pledges.a_wording()
    (promise,) = content.wording(offer.corrected).commitments
    assert (promise.what, promise.outcomes, content.wording(offer.corrected).title) == (
        "Take on 20 apprentices.",
        ["XA1"],
        "",
    )
    back = {"commitments-0-what": pledges.a_wording().commitments[0].what}
    assert correct(client, offer, **back).status_code == 302
    offer.refresh_from_db()
    assert offer.corrected == {}


def test_correction_tells_all_faults_and_loses_nothing(client, officer):
    offer = pledges.create_offer(contact=Contact.objects.get())
    page = Page(correct(client, offer, **{"commitments-0-what": "", "title": "", "plan": "Other."}))
    assert (
        "Commitment 1, What will you do? This is needed." in page.main
        and "Title in the register: This is needed." in page.main
    )
    assert page.typed()["plan"] == "Other."
    page = Page(correct(client, offer, **{"saves": "7", "plan": "Other."}))
    assert "changed since you opened it" in page.main and page.typed()["plan"] == "Other."


@pytest.mark.parametrize(
    "kind, typed, mine, theirs",
    [
        pytest.param(Kind.CHANGE, reworded(), {"plan": "Weighing."}, {"plan": "Asking."}, id="wording"),
        pytest.param(
            Kind.END,
            content.Ending(why="Closed.", ended_on="2026-05-20"),
            {"why": "Weighing."},
            {"why": "Asking."},
            id="end",
        ),
    ],
)
def test_what_a_colleague_saved_meanwhile_is_seen_before_it_is_overwritten(client, officer, kind, typed, mine, theirs):
    offer = of_bread(kind, typed)
    opened = Page(client.get(path_of(offer, "correct/")))
    assert correct(client, offer, **theirs).status_code == 302
    first = next(iter(mine))
    wrong = client.post(path_of(offer, "correct/"), opened.typed() | {first: "", "ended_on": ""})
    if wrong.status_code == 200:  # it told of faults: what the colleague saved is not seen yet
        assert Page(wrong).typed()["saves"] == "0"
    answer = client.post(path_of(offer, "correct/"), opened.typed() | mine)
    page = Page(answer)
    beside = page.section("What is saved by now, and what you typed")
    assert answer.status_code == 409 and "changed since you opened it" in page.main
    assert [words(e) for e in beside.iter("del")] == ["removed: Asking"]
    assert [words(e) for e in beside.iter("ins")] == ["added: Weighing"]
    assert problems({"correct": answer.content.decode()}) == []
    assert client.post(path_of(offer, "correct/"), page.typed()).status_code == 302
    offer.refresh_from_db()
    assert offer.content[first] == "Weighing."


@pytest.mark.parametrize(
    "kind, typed, changed",
    [
        pytest.param(
            Kind.UPDATE,
            content.News(said="Five.", said_on="2026-05-20", stages={"bread-1": "done"}),
            {"said": "Six.", "stage-bread-1": "under-way"},
            id="update",
        ),
        pytest.param(Kind.END, content.Ending(why="Closed.", ended_on="2026-05-20"), {"why": "We closed."}, id="end"),
        pytest.param(Kind.CHANGE, reworded(), {"plan": "Weighing.", "commitments-0-target": "30"}, id="change"),
    ],
)
def test_every_kind_is_corrected(client, officer, kind, typed, changed):
    offer = of_bread(kind, typed)
    assert correct(client, offer, **changed).status_code == 302
    page = show(client, offer)
    assert any(page.section("What was corrected").iter("ins"))
    offer.refresh_from_db()
    assert offer.corrected != {} and offer.typed == content.stored(typed)


# --- their HTML ---


def test_pages_are_valid_html(client, officer):
    offers = [
        pledges.create_offer(contact=Contact.objects.get()),
        of_bread(Kind.CHANGE, reworded(), corrected=content.stored(reworded(plan="Other."))),
        of_bread(Kind.UPDATE, content.News(said="Done.", said_on="2026-05-20", stages={"bread-1": "done"})),
    ]
    paths = [path_of(offer, more) for offer in offers for more in ("", "correct/")]
    assert problems({path: client.get(path).content.decode() for path in paths}) == []
