"""An offer becomes part of the register, or is refused and leaves everything as it was."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.utils import timezone

from luton2040.audit import Action, Entry
from luton2040.editions import ChangedMeanwhile, Edition
from luton2040.hold import HoldIsOn
from luton2040.roles import Role
from luton2040.verbs import NotAllowed
from pledges import content, offers, publishing
from pledges.models import (
    CommitmentOutcome,
    CommitmentStage,
    CommitmentVersion,
    Contact,
    Offer,
    OrganisationVersion,
    PledgeOrganisation,
    PledgeUpdate,
    PledgeVersion,
)
from tests.factories import NOW, create_hold, create_organisation, create_outcome, create_person, create_place
from tests.factories_pledges import (
    a_wording,
    create_commitment,
    create_contact,
    create_evidence,
    create_offer,
    create_pledge,
    create_pledge_update,
    create_stage,
)

pytestmark = pytest.mark.django_db
TODAY = NOW.date()
Kind, State = Offer.Kind, Offer.State


@pytest.fixture
def officer():
    create_place()
    create_outcome(code="XA1")
    create_outcome(code="XA2", position=2)
    return create_person(role=Role.PLEDGE_OFFICER)


@pytest.fixture
def pledge(officer):
    """Of two commitments, of the first of which nothing is reported; a bakery made it."""
    create_pledge(slug="bread", title="Bread", organisations=["a-bakery"], plan="Counting.", focus=["good-work"])
    create_commitment(slug="bread-1", pledge="bread", what="Take on apprentices.", target="20", serves=["XA1"])
    create_commitment(slug="bread-2", pledge="bread", what="Bake with local flour.", position=2, serves=["XA1", "XA2"])
    return create_contact(speaks_for=["a-bakery"])


def publish(offer, officer, *, now=NOW, **given):
    return publishing.publish(offer, **{"saves": offer.saves, "by": officer, "now": now} | given)


def of_pledge(kind, typed, **fields):
    about = {"pledge_id": "bread", "organisation_id": "a-bakery"}
    return create_offer(kind=kind, typed=typed, contact=Contact.objects.get(), **about | fields)


def news(**given):
    return content.News(**{"said": "We took on five.", "said_on": "2026-05-20"} | given)


def now_says(**changed):
    """The register's wording of the pledge, with what is given in its place."""
    promises = [
        content.Promise(what="Take on apprentices.", target="20", outcomes=["XA1"], slug="bread-1"),
        content.Promise(what="Bake with local flour.", outcomes=["XA1", "XA2"], slug="bread-2"),
    ]
    given = {"focus": ["good-work"], "plan": "Counting.", "commitments": promises, "why": "The mill closed."}
    return content.Wording(**given | changed)


def promises(**of_first):
    first, second = now_says().commitments
    return [replace(first, **of_first), second]


def links(commitment):
    found = CommitmentOutcome.objects.current().filter(commitment=commitment)
    return dict(found.order_by("outcome").values_list("outcome", "standing"))


def stages():
    return dict(CommitmentStage.objects.current().values_list("commitment", "stage"))


# --- a new pledge ---

AGAINST = content.Promise(what="Something.", outcomes=["XA1", "ZZ9"])


def test_new_pledge_is_in_the_register_with_its_maker_who_may_speak_for_it(officer):
    offer = create_offer()
    edition = publish(offer, officer)
    assert (edition.kind, edition.issued_by) == (Edition.Kind.PLEDGE, officer)
    assert edition.summary == "“A Bakery Ltd: Anytown 2040 pledge”: a new pledge, by A Bakery Ltd."
    (pledge,) = PledgeVersion.objects.at(edition)
    assert (pledge.pledge_id, pledge.kind, pledge.made_on, pledge.focus) == (
        "a-bakery-ltd-anytown-2040-pledge",
        PledgeVersion.Kind.PLEDGE,
        "2026-06-01",
        ["good-work"],
    )
    (maker,) = OrganisationVersion.objects.at(edition)
    assert (maker.organisation_id, maker.kind, maker.kind_standing) == ("a-bakery-ltd", "small business", "published")
    assert PledgeOrganisation.objects.get().organisation_id == "a-bakery-ltd"
    (commitment,) = CommitmentVersion.objects.at(edition)
    assert commitment.commitment_id == f"{pledge.pledge_id}-1"
    assert (commitment.what, commitment.target, commitment.target_by) == (
        "Take on apprentices from the town.",
        "20 apprentices",
        "2030",
    )
    assert links(commitment.commitment_id) == {"XA1": "published"}
    assert not CommitmentStage.objects.exists()  # nobody has reported anything
    offer.refresh_from_db()
    assert (offer.state, offer.edition, offer.decided_by) == (State.PUBLISHED, edition, officer)
    assert (offer.pledge_id, offer.organisation_id) == (pledge.pledge_id, "a-bakery-ltd")
    assert [o.pk for o in offer.contact.organisations.all()] == ["a-bakery-ltd"]
    assert Entry.objects.of_action(Action.PUBLISHED).about(offer.about).count() == 1


def test_new_pledge_as_corrected_tells_the_partners_choice_from_our_reading(officer):
    first = a_wording().commitments[0]
    rephrased = replace(first, what="Take on apprentices who live in the town.", outcomes=["XA1", "XA2"])
    added = content.Promise(what="Something quite different.", outcomes=["XA1"])
    corrected = a_wording(title="Twenty apprentices", commitments=[rephrased, added])
    publish(create_offer(corrected=content.stored(corrected)), officer)
    assert PledgeVersion.objects.get().title == "Twenty apprentices"
    assert links("twenty-apprentices-1") == {"XA1": "published", "XA2": "inferred"}
    assert links("twenty-apprentices-2") == {"XA1": "inferred"}


@pytest.mark.parametrize("speaks", [True, False])
def test_new_pledge_of_a_known_organisation_lets_its_address_speak_only_if_the_officer_says_so(officer, speaks):
    create_organisation(slug="a-bakery", name="The Bakery")
    offer = create_offer()
    publish(offer, officer, organisation="a-bakery", speaks=speaks)
    assert OrganisationVersion.objects.get().name == "The Bakery"
    assert PledgeVersion.objects.get().title == "The Bakery: Anytown 2040 pledge"
    assert offer.contact.organisations.exists() is speaks


@pytest.mark.parametrize(
    "title, expected",
    [
        pytest.param("New", "new-2", id="an address of the site"),
        pytest.param("Offers", "offers-2", id="an address of the desk"),
        pytest.param("Bread", "bread-2", id="another pledge has it"),
        pytest.param("面包", "pledge", id="no letter of it can be in an address"),
        pytest.param("b" * 200, "b" * 70, id="as long as it may be"),
    ],
)
def test_address_of_a_new_pledge_is_its_own(officer, title, expected):
    create_pledge(slug="bread")
    publish(create_offer(typed=a_wording(title=title)), officer)
    assert PledgeVersion.objects.current().get(title=title).pledge_id == expected
    assert CommitmentVersion.objects.get(pledge=expected).commitment_id == f"{expected}-1"


def test_new_pledge_whose_address_was_deleted_is_published_without(officer):
    offer = create_offer()
    offer.contact.delete()
    publish(offer, officer)
    assert PledgeVersion.objects.current().exists() and not Contact.objects.exists()


@pytest.mark.parametrize(
    "typed, given, why",
    [
        pytest.param({"commitments": []}, {}, "promises nothing", id="no commitment"),
        pytest.param({"organisation": "x" * 201}, {}, "“Name” cannot be published", id="too long a name"),
        pytest.param({"commitments": [AGAINST]}, {}, "There is no outcome ZZ9", id="unknown outcome"),
        pytest.param({}, {"organisation": "nobody"}, "does not know this organisation", id="unknown organisation"),
        pytest.param({"organisation_url": "javascript:alert(1)"}, {}, "“Url” cannot", id="no address of the web"),
    ],
)
def test_new_pledge_that_cannot_be_is_refused_whole(officer, typed, given, why):
    offer = create_offer(typed=a_wording(**typed))
    with pytest.raises(NotAllowed, match=why):
        publish(offer, officer, **given)
    offer.refresh_from_db()
    assert offer.state == State.WAITING and Edition.objects.count() == 1
    assert not OrganisationVersion.objects.exists() and not PledgeVersion.objects.exists()


# --- who may, and when ---


def test_only_officers_of_pledges_publish(officer):
    offer = create_offer()
    for act in (
        lambda by: publish(offer, by),
        lambda by: publishing.check_update("x", checked_on=TODAY, by=by, now=NOW),
        lambda by: publishing.withdraw("x", "Why", on=TODAY, by=by, now=NOW),
    ):
        with pytest.raises(NotAllowed, match="Only a pledge officer may look after the register"):
            act(create_person(role=Role.APPROVER))


def test_what_was_read_is_what_is_published(officer):
    offer = create_offer()
    offers.correct(offer, content.stored(a_wording(title="Other")), saves=0, by=officer, now=NOW)
    with pytest.raises(ChangedMeanwhile, match="changed since you opened it"):
        publish(offer, officer)
    publish(offer, officer, saves=1)
    with pytest.raises(ChangedMeanwhile, match="it stands at: published"):
        publish(offer, officer, saves=1)
    assert PledgeVersion.objects.get().title == "Other" and Edition.objects.count() == 2


def test_hold_waits_unless_there_is_a_reason_which_is_on_the_record(officer):
    create_hold(by=officer)
    offer = create_offer()
    with pytest.raises(HoldIsOn, match="until 1 June 2026"):
        publish(offer, officer, hold_reason=" ")
    edition = publish(offer, officer, hold_reason="It is not about the election.")
    assert Entry.objects.of_action(Action.HOLD_EXCEPTION).get().what == "It is not about the election."
    assert edition.number == 2


# --- an update ---


def test_update_says_who_says_so_and_how_far_each_commitment_is(officer, pledge):
    create_evidence(key="a-file")
    typed = news(
        evidence_url="https://example.org/", stages={"bread-1": "under-way", "bread-2": "", "of-others": "done"}
    )
    edition = publish(of_pledge(Kind.UPDATE, typed, evidence_id="a-file"), officer)
    assert edition.summary == "“Bread”: an update, said by the partner."
    (update,) = PledgeUpdate.objects.at(edition)
    assert (update.key, update.organisation_id, update.said, update.said_on, update.checked_on) == (
        "bread-2026-05-20",
        "a-bakery",
        "We took on five.",
        date(2026, 5, 20),
        None,
    )
    assert (update.evidence_id, update.evidence_url) == ("a-file", "https://example.org/")
    assert stages() == {"bread-1": "under-way"}
    second = publish(of_pledge(Kind.UPDATE, news(), confirmed_at=NOW), officer, checked_on=TODAY)
    assert second.summary == "“Bread”: an update, checked by the council."
    assert PledgeUpdate.objects.get(key="bread-2026-05-20-2").checked_on == TODAY


@pytest.mark.parametrize(
    "earlier, expected",
    [
        pytest.param(date(2026, 5, 19), "under-way", id="newer news"),
        pytest.param(date(2026, 5, 20), "under-way", id="of the same day"),
        pytest.param(date(2026, 5, 21), "done", id="older news that came in late"),
    ],
)
def test_older_news_does_not_put_back_what_is_known(officer, pledge, earlier, expected):
    create_pledge_update(pledge="bread", key="before", said_on=earlier)
    create_stage(commitment="bread-1", stage="done", update="before")
    publish(of_pledge(Kind.UPDATE, news(stages={"bread-1": "under-way"})), officer)
    assert stages() == {"bread-1": expected}


def test_update_of_a_pledge_that_ended_says_nothing_of_how_far_it_is(officer, pledge):
    late = of_pledge(Kind.UPDATE, news(stages={"bread-1": "under-way"}))
    publishing.withdraw("bread", "They wrote to us.", on=TODAY, by=officer, now=NOW)
    publish(late, officer)
    assert PledgeUpdate.objects.get().said == "We took on five." and stages() == {}


@pytest.mark.parametrize(
    "typed, given, why",
    [
        pytest.param({"said_on": "2026-06-02"}, {}, "still to come", id="said tomorrow"),
        pytest.param({"said_on": "in May"}, {}, "does not tell the day", id="no day"),
        pytest.param({"said": ""}, {}, "“Said” cannot be published", id="nothing said"),
        pytest.param({"stages": {"bread-1": "nearly"}}, {}, "“Stage” cannot", id="no such stage"),
        pytest.param({}, {"checked_on": date(2026, 5, 19)}, "between 20 May 2026", id="checked before it was said"),
        pytest.param({}, {"checked_on": date(2026, 6, 2)}, "and today", id="checked tomorrow"),
    ],
)
def test_update_that_cannot_be_is_refused(officer, pledge, typed, given, why):
    with pytest.raises(NotAllowed, match=why):
        publish(of_pledge(Kind.UPDATE, news(**typed)), officer, **given)
    assert not PledgeUpdate.objects.exists() and not stages()


def test_update_is_checked_later_once(officer, pledge):
    create_pledge_update(pledge="bread", key="before", said_on=date(2026, 5, 1))
    check = {"by": officer, "now": NOW}
    with pytest.raises(NotAllowed, match="between 1 May 2026"):
        publishing.check_update("before", checked_on=date(2026, 4, 30), **check)
    edition = publishing.check_update("before", checked_on=TODAY, **check)
    assert PledgeUpdate.objects.at(edition).get().checked_on == TODAY
    assert PledgeUpdate.objects.at(1).get().checked_on is None
    with pytest.raises(NotAllowed, match="checked already, on 1 June 2026"):
        publishing.check_update("before", checked_on=TODAY, **check)
    with pytest.raises(ChangedMeanwhile, match="not in the register"):
        publishing.check_update("other", checked_on=TODAY, **check)


# --- a change of wording ---


def test_reworded_commitment_is_changed_with_the_partners_reason_and_keeps_its_earlier_wording(officer, pledge):
    edition = publish(of_pledge(Kind.CHANGE, now_says(commitments=promises(target="30"))), officer)
    assert edition.summary == "“Bread”: 1 commitment changed."
    assert CommitmentVersion.objects.at(edition).get(commitment="bread-1").target == "30"
    assert CommitmentVersion.objects.at(1).get(commitment="bread-1").target == "20"
    (update,) = PledgeUpdate.objects.at(edition)
    assert (update.said, update.said_on, update.organisation_id) == ("The mill closed.", TODAY, "a-bakery")
    assert stages() == {"bread-1": "changed"}
    assert CommitmentVersion.objects.get(commitment="bread-2").first_edition_id == 1


def test_change_is_told_on_the_day_on_which_the_partner_last_said_so(officer, pledge):
    offer = of_pledge(Kind.CHANGE, now_says(commitments=promises(target="30")))
    other = of_pledge(Kind.CHANGE, now_says(commitments=promises(target="40")))
    publish(offer, officer, now=NOW + timedelta(days=59))
    assert PledgeUpdate.objects.get().said_on == TODAY
    answered = timezone.now()
    other.questions.create(text="Still?", asked_by=officer, asked_at=NOW, answer="Yes.", answered_at=answered)
    publish(other, officer, now=answered + timedelta(days=59))
    assert PledgeUpdate.objects.get(said="The mill closed.", said_on=timezone.localdate(answered))


@pytest.mark.parametrize("reported_first", [True, False])
def test_what_is_reported_of_a_commitment_stays_when_it_is_reworded(officer, pledge, reported_first):
    report = of_pledge(Kind.UPDATE, news(stages={"bread-1": "done"}))
    change = of_pledge(Kind.CHANGE, now_says(commitments=promises(target="twenty")))
    for offer in (report, change) if reported_first else (change, report):
        edition = publish(offer, officer)
    assert stages() == {"bread-1": "done"}
    assert CommitmentStage.objects.current().get().update == "bread-2026-05-20"
    assert CommitmentVersion.objects.at(edition).get(commitment="bread-1").target == "twenty"
    assert {u.said for u in PledgeUpdate.objects.current()} == {"We took on five.", "The mill closed."}


def test_commitment_that_nothing_is_reported_of_is_changed_by_the_newest_wording(officer, pledge):
    for target in ("30", "40"):
        typed = now_says(commitments=promises(target=target), why=f"Now {target}.")
        edition = publish(of_pledge(Kind.CHANGE, typed, now=timezone.now()), officer, now=timezone.now())
    (stage,) = CommitmentStage.objects.at(edition)
    assert (stage.stage, PledgeUpdate.objects.get(key=stage.update).said) == ("changed", "Now 40.")


@pytest.mark.parametrize("reported_first", [True, False])
def test_left_out_commitment_has_ended_whatever_was_reported_before_that_was_public(officer, pledge, reported_first):
    change = of_pledge(Kind.CHANGE, now_says(commitments=promises()[1:]))
    report = of_pledge(Kind.UPDATE, news(said_on="2026-07-01", stages={"bread-1": "under-way"}))
    for offer in (report, change) if reported_first else (change, report):
        publish(offer, officer, now=NOW + timedelta(days=59))
    assert stages() == {"bread-1": "ended"}


def test_left_out_commitment_has_ended_and_stays_with_its_outcomes(officer, pledge):
    added = content.Promise(what="Give bread away.", outcomes=["XA2"])
    edition = publish(of_pledge(Kind.CHANGE, now_says(commitments=[*promises()[1:], added])), officer)
    assert edition.summary == "“Bread”: 1 commitment added and 1 ended."
    in_order = CommitmentVersion.objects.at(edition).values_list("commitment", flat=True)
    assert list(in_order) == ["bread-2", "bread-3", "bread-1"]
    assert stages() == {"bread-1": "ended"}
    assert (links("bread-1"), links("bread-3")) == ({"XA1": "inferred"}, {"XA2": "published"})
    # It has ended already: the next change does not end it again.
    again = now_says(commitments=[replace(promises()[1], target="All of it")])
    publish(of_pledge(Kind.CHANGE, again, now=timezone.now()), officer)
    assert stages() == {"bread-1": "ended", "bread-2": "changed", "bread-3": "ended"}


def test_outcomes_and_plan_change_without_changing_what_is_promised(officer, pledge):
    typed = now_says(plan="Weighing.", commitments=promises(outcomes=["XA1", "XA2"]))
    corrected = replace(typed, commitments=[promises(outcomes=["XA2"])[0], promises()[1]])
    edition = publish(of_pledge(Kind.CHANGE, typed, corrected=content.stored(corrected)), officer)
    assert edition.summary == "“Bread”: its wording changed."
    assert links("bread-1") == {"XA2": "published"} and stages() == {}
    assert PledgeVersion.objects.at(edition).get().plan == "Weighing."


def test_commitment_that_serves_every_priority_goes_on_to_unless_outcomes_are_chosen(officer, pledge):
    create_commitment(slug="bread-3", pledge="bread", what="Be kind.", position=3, serves_all=True)
    kind = content.Promise(what="Be kind to all.", slug="bread-3")
    publish(of_pledge(Kind.CHANGE, now_says(commitments=[*promises(), kind])), officer)
    assert CommitmentVersion.objects.current().get(commitment="bread-3").serves_all
    chosen = now_says(commitments=[*promises(), replace(kind, outcomes=["XA1"])])
    publish(of_pledge(Kind.CHANGE, chosen, now=timezone.now()), officer)
    assert not CommitmentVersion.objects.current().get(commitment="bread-3").serves_all


def test_change_that_changes_nothing_is_refused(officer, pledge):
    with pytest.raises(NotAllowed, match="says all of this already"):
        publish(of_pledge(Kind.CHANGE, now_says()), officer)


@pytest.mark.parametrize(
    "earlier, typed, is_refused",
    [
        pytest.param({"plan": "A."}, {"plan": "B."}, True, id="the same text"),
        pytest.param({"plan": "A."}, {"community": "B."}, True, id="another, but it brings the old text back"),
        pytest.param({"plan": "A."}, {"plan": "A.", "community": "B."}, False, id="another, with the newer text"),
        pytest.param({"plan": "A."}, {"plan": "A.", "commitments": promises(target="9")}, False, id="another place"),
        pytest.param(
            {"commitments": promises(target="8")}, {"commitments": promises(target="9")}, True, id="the same commitment"
        ),
        pytest.param(
            {"commitments": promises(target="8")}, {"commitments": promises()[1:]}, True, id="a commitment left out"
        ),
        pytest.param(
            {"commitments": promises(outcomes=["XA1", "XA2"])}, {"plan": "B."}, True, id="an outcome chosen since"
        ),
    ],
)
def test_change_does_not_undo_what_was_changed_since_in_the_same_place(officer, pledge, earlier, typed, is_refused):
    late = of_pledge(Kind.CHANGE, now_says(**typed))
    publish(of_pledge(Kind.CHANGE, now_says(**earlier)), officer)
    if not is_refused:
        assert publish(late, officer).number == 3
        return
    with pytest.raises(ChangedMeanwhile, match="changed in the same place"):
        publish(late, officer)
    # The partner who answers a question has seen what is published now.
    late.questions.create(text="Still?", asked_by=officer, asked_at=NOW, answer="Yes.", answered_at=timezone.now())
    assert publish(late, officer).number == 3


# --- an end ---


def test_pledge_that_ends_stays_with_its_reason(officer, pledge):
    ending = content.Ending(why="The bakery closed.", ended_on="2026-05-31")
    other = of_pledge(Kind.END, ending)
    edition = publish(of_pledge(Kind.END, ending), officer)
    assert edition.summary == "“Bread”: ended on 31 May 2026."
    ended = PledgeVersion.objects.at(edition).get()
    assert (ended.withdrawn_on, ended.withdrawn_why) == (date(2026, 5, 31), "The bakery closed.")
    with pytest.raises(ChangedMeanwhile, match="ended already, on 31 May 2026"):
        publish(other, officer)
    with pytest.raises(ChangedMeanwhile, match="has ended meanwhile"):
        publish(of_pledge(Kind.CHANGE, now_says(plan="A.")), officer)


def test_officer_records_an_end_that_nobody_asked_for_here(officer, pledge):
    def withdraw(why="They wrote to us.", on=TODAY, slug="bread"):
        return publishing.withdraw(slug, why, on=on, by=officer, now=NOW)

    with pytest.raises(NotAllowed, match="2 June 2026 is still to come"):
        withdraw(on=TODAY + timedelta(days=1))
    with pytest.raises(NotAllowed, match="Say why"):
        withdraw(why=" ")
    with pytest.raises(ChangedMeanwhile, match="not in the register"):
        withdraw(slug="other")
    edition = withdraw(why="They wrote\nto us.")
    assert PledgeVersion.objects.at(edition).get().withdrawn_why == "They wrote to us."
    assert Entry.objects.about("pledge bread").get().action == Action.PUBLISHED
