"""The register changes: by an offer, as an officer read it, or by what the council itself has to record.

Each verb issues one edition, or refuses and leaves everything as it was. Nothing that was promised vanishes: what a
new wording leaves out has ended, and a pledge that has ended stays with its reason.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from textwrap import shorten

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.text import slugify
from django.utils.timezone import localdate

from luton2040 import audit, editions, hold
from luton2040.accounts import User
from luton2040.editions import ChangedMeanwhile, Edition, Published, issuing, wait_for_issuing
from luton2040.verbs import NotAllowed
from luton2040.vision import Vision
from luton2040.wording import natural_key, reworded
from outcomes import formatting as words
from outcomes.models import Outcome
from pledges import contacts, content, rewording
from pledges.matching import counterpart
from pledges.models import (
    ADDRESSES,
    Commitment,
    CommitmentOutcome,
    CommitmentStage,
    CommitmentVersion,
    Contact,
    Offer,
    Organisation,
    OrganisationVersion,
    Pledge,
    PledgeOrganisation,
    PledgeUpdate,
    PledgeVersion,
)
from pledges.offers import must_moderate, settle
from pledges.standing import Stage
from priorities.models import Standing

Kind = Offer.Kind
LONGEST_SUMMARY = Edition._meta.get_field("summary").max_length
LONGEST_SLUG = 70  # of a new pledge: its commitments add their numbers
# Below the desk's own address of pledges, and below that of partners.
TAKEN = frozenset({*ADDRESSES, "offers", "organisations", "links", "sign-in", "sign-out", "enter", "delete"})
ORDER = (
    OrganisationVersion,
    PledgeVersion,
    PledgeOrganisation,
    CommitmentVersion,
    CommitmentOutcome,
    PledgeUpdate,
    CommitmentStage,
)


@dataclass
class Draft:
    """What one edition is to say of a pledge."""

    pledge: str
    organisation: str
    summary: str
    rows: list[Published]
    links_are_all: bool = False  # links of its commitments to outcomes that are not among the rows end

    def among(self, model: type[Published]) -> models.QuerySet:
        if model is OrganisationVersion:
            return model.objects.filter(organisation=self.organisation)
        if model in (CommitmentOutcome, CommitmentStage):
            own = CommitmentVersion.objects.filter(pledge=self.pledge).values("commitment")
            return model.objects.filter(commitment__in=own)
        return model.objects.filter(pledge=self.pledge)


# --- the verbs ---


@transaction.atomic
def publish(
    offer: Offer,
    *,
    saves: int,
    by: User,
    now: datetime,
    organisation: str = "",
    speaks: bool = False,
    checked_on: date | None = None,
    hold_reason: str = "",
) -> Edition:
    """An offer as it was read when its counter was `saves`.

    A new pledge is by the `organisation` that the register knows, else by a new one. Its address speaks for a new
    organisation, and for a known one where the officer has made sure (`speaks`). An update may be one that the council
    has checked. Raises NotAllowed, ChangedMeanwhile, HoldIsOn.
    """
    wait_for_issuing()
    must_moderate(by)
    offer, day = Offer.objects.get(pk=offer.pk), localdate(now)
    if offer.kind == Kind.NEW:
        draft = _new(offer, day, organisation=organisation)
    elif offer.kind == Kind.UPDATE:
        draft = _update(offer, day, checked_on=checked_on)
    else:
        draft = _change(offer) if offer.kind == Kind.CHANGE else _end(offer, day)
    edition = _issue(draft, about=offer.about, by=by, now=now, hold_reason=hold_reason)
    # Until this transaction ends the address is not deleted.
    contact = Contact.objects.select_for_update(no_key=True).filter(pk=offer.contact_id).first()
    if offer.kind == Kind.NEW and contact and (speaks or not organisation):
        contacts.speak_for(contact, draft.organisation, by=by, now=now)
    about = {"pledge_id": draft.pledge, "organisation_id": draft.organisation, "edition": edition}
    settle(offer, to=Offer.State.PUBLISHED, saves=saves, decided_by=by, decided_at=now, **about)
    return edition


@transaction.atomic
def check_update(key: str, *, checked_on: date, by: User, now: datetime, hold_reason: str = "") -> Edition:
    """The council has checked what a partner said. Raises NotAllowed, ChangedMeanwhile, HoldIsOn."""
    wait_for_issuing()
    must_moderate(by)
    update = PledgeUpdate.objects.current().filter(key=key).first()
    if update is None:
        raise ChangedMeanwhile("This update is not in the register any more. Load the page again.")
    if update.checked_on:
        raise NotAllowed(f"This update was checked already, on {words.day(update.checked_on)}.")
    _mind_the_check(checked_on, update.said_on, localdate(now))
    pledge = _current(update.pledge_id)
    row = reworded(update, {"checked_on": checked_on})
    draft = Draft(pledge.pledge_id, "", _told(pledge.title, "an update was checked by the council."), [row])
    return _issue(draft, about=about_pledge(pledge.pledge_id), by=by, now=now, hold_reason=hold_reason)


@transaction.atomic
def withdraw(pledge: str, why: str, *, on: date, by: User, now: datetime, hold_reason: str = "") -> Edition:
    """A pledge has ended, as whoever made it told the council. Raises NotAllowed, ChangedMeanwhile, HoldIsOn."""
    wait_for_issuing()
    must_moderate(by)
    draft = _ended(pledge, "", why=why, on=on, day=localdate(now))
    return _issue(draft, about=about_pledge(pledge), by=by, now=now, hold_reason=hold_reason)


def about_pledge(slug: str) -> str:
    """As the audit log names it."""
    return f"pledge {slug}"[:80]


# --- issuing ---


def _issue(draft: Draft, *, about: str, by: User, now: datetime, hold_reason: str) -> Edition:
    """In the caller's transaction, which waits for its turn to issue."""
    hold.mind(hold_reason, waits="what is published of pledges", about=about, by=by, now=now)
    for row in draft.rows:
        _must_be_sound(row)
    named = {row.outcome_id for row in draft.rows if isinstance(row, CommitmentOutcome)}
    unknown = named.difference(Outcome.objects.filter(pk__in=named).values_list("pk", flat=True))
    if unknown:
        raise NotAllowed(f"There is no outcome {words.listed(sorted(unknown))}. Correct which outcomes it helps.")
    with issuing(kind=Edition.Kind.PLEDGE, summary=draft.summary, by=by) as edition:
        for model in ORDER:
            rows = [row for row in draft.rows if type(row) is model]
            complete = model is CommitmentOutcome and draft.links_are_all
            if rows or complete:
                key = natural_key(model)
                editions.publish(edition, rows, key=key, among=draft.among(model), complete=complete)
    what = f"{draft.summary} Edition {edition.number}."
    audit.record(audit.Action.PUBLISHED, what=what, by=by, about=about, now=now)
    return edition


def _must_be_sound(row: Published) -> None:
    """Rows that are made many at once are not checked by the database in words."""
    try:
        row.clean_fields(exclude=[f.name for f in row._meta.concrete_fields if f.is_relation])
    except ValidationError as error:
        name, faults = next(iter(error.message_dict.items()))
        label = str(row._meta.get_field(name).verbose_name).capitalize()
        raise NotAllowed(f"“{label}” cannot be published like this: {faults[0]} Correct it first.") from error


def _told(title: str, what: str) -> str:
    """In public; as long as it may be."""
    return f"“{shorten(title, LONGEST_SUMMARY - len(what) - 4, placeholder='…')}”: {what}"


def _current(slug: str) -> PledgeVersion:
    found = PledgeVersion.objects.current().filter(pledge=slug).first()
    if found is None:
        raise ChangedMeanwhile("This pledge is not in the register any more.")
    return found


def _free(stem: str, others: models.QuerySet, field: str = "pk", taken: Iterable[str] = ()) -> str:
    """The stem, or with the first number that makes it one that nothing has. Only while others wait to issue."""
    number, slug = 1, stem
    while slug in taken or others.filter(**{field: slug}).exists():
        number += 1
        slug = f"{stem}-{number}"
    return slug


def _slug(text: str, or_else: str) -> str:
    return slugify(text)[:LONGEST_SLUG].strip("-") or or_else


# --- a new pledge ---


def _new(offer: Offer, day: date, *, organisation: str) -> Draft:
    wording = content.wording(offer.content)
    rows, maker = _maker(wording, organisation)
    title = wording.title or default_title(maker.name)
    pledge = Pledge.objects.create(slug=_free(_slug(title, "pledge"), Pledge.objects.all(), taken=TAKEN))
    said = {"title": title, "focus": wording.focus, "plan": wording.plan, "community": wording.community}
    kind = PledgeVersion.Kind.PLEDGE
    rows.append(PledgeVersion(pledge=pledge, kind=kind, made_on=day.isoformat(), **said))
    rows.append(PledgeOrganisation(pledge=pledge, organisation_id=maker.organisation_id, position=1))
    if not wording.commitments:
        raise NotAllowed("It promises nothing. Add a commitment, or ask the partner what they will do.")
    typed = content.wording(offer.typed).commitments
    for position, promise in enumerate(wording.commitments, 1):
        commitment = _new_commitment(pledge.slug)
        rows.append(_commitment(promise, commitment, pledge=pledge.slug, position=position))
        rows += _links(promise, commitment, typed)
    return Draft(pledge.slug, maker.organisation_id, _told(title, f"a new pledge, by {maker.name}."), rows)


def default_title(maker: str) -> str:
    vision = Vision.objects.current().first()
    longest = PledgeVersion._meta.get_field("title").max_length
    ending = f": {vision.name} pledge" if vision else ": pledge"
    return shorten(maker, longest - len(ending), placeholder="…") + ending


def _maker(wording: content.Wording, organisation: str) -> tuple[list[Published], OrganisationVersion]:
    """Rows for whoever makes it, and how the register knows them; it says itself what kind of organisation it is."""
    if organisation:
        known = OrganisationVersion.objects.current().filter(organisation=organisation).first()
        if known is None:
            raise NotAllowed("The register does not know this organisation any more. Choose another, or a new one.")
        return [], known
    slug = _free(_slug(wording.organisation, "organisation"), Organisation.objects.all())
    version = OrganisationVersion(
        organisation=Organisation.objects.create(slug=slug),
        name=wording.organisation,
        kind=wording.organisation_kind,
        kind_standing=Standing.PUBLISHED,
        url=wording.organisation_url,
    )
    return [version], version


def _new_commitment(pledge: str) -> str:
    """Its slug: of the pledge, with the first number that is free."""
    number, slugs = 1, set(Commitment.objects.filter(slug__startswith=pledge[:74]).values_list("slug", flat=True))
    while f"{pledge[:74]}-{number}" in slugs:
        number += 1
    return Commitment.objects.create(slug=f"{pledge[:74]}-{number}").slug


def _commitment(promise: content.Promise, slug: str, **given) -> CommitmentVersion:
    said = {name: getattr(promise, name) for name in rewording.TEXTS}
    pledge = given.pop("pledge")
    return CommitmentVersion(commitment_id=slug, pledge_id=pledge, **said, **given)


def _links(
    promise: content.Promise, slug: str, typed: list[content.Promise], held: Mapping[str, str] | None = None
) -> list[CommitmentOutcome]:
    """The outcomes that it serves: published where whoever makes it chose them, else our reading.

    `held` has the standing of those that the register names already, which stays.
    """
    theirs = counterpart(promise, typed)
    chosen, held = set(theirs.outcomes if theirs else ()), held or {}
    return [
        CommitmentOutcome(
            commitment_id=slug,
            outcome_id=code,
            standing=held.get(code) or (Standing.PUBLISHED if code in chosen else Standing.INFERRED),
        )
        for code in dict.fromkeys(promise.outcomes)
    ]


# --- an update ---


def _update(offer: Offer, day: date, *, checked_on: date | None) -> Draft:
    pledge, news = _current(offer.pledge_id), content.news(offer.content)
    said_on = _day(news.said_on, "said")
    if said_on > day:
        raise NotAllowed(f"It says what was done on {words.day(said_on)}, which is still to come. Correct the day.")
    if checked_on:
        _mind_the_check(checked_on, said_on, day)
    update = _news(offer, said_on, news.said, evidence_url=news.evidence_url, checked_on=checked_on)
    update.evidence_id = offer.evidence_id
    own = CommitmentVersion.objects.current().filter(pledge=pledge.pledge_id).values_list("commitment", flat=True)
    stages = {slug: stage for slug, stage in news.stages.items() if stage and slug in set(own)}
    what = "an update, checked by the council." if checked_on else "an update, said by the partner."
    left_out = uncounted(stages, said_on, pledge)
    rows = [update, *_stages({slug: stage for slug, stage in stages.items() if slug not in left_out}, update)]
    return Draft(pledge.pledge_id, offer.organisation_id, _told(pledge.title, what), rows)


def uncounted(stages: Iterable[str], said_on: date, pledge: PledgeVersion) -> dict[str, str]:
    """Of which commitments an update's stages do not count, and why.

    What was done on an earlier day does not put back what is known of a later one. That a commitment was worded
    otherwise does not say how far it is, and that it ended was not undone by whoever reported before it was public.
    """
    if pledge.withdrawn_on:
        return dict.fromkeys(stages, f"the pledge ended on {words.day(pledge.withdrawn_on)}.")
    rows = CommitmentStage.objects.current().filter(commitment__in=stages).exclude(stage=Stage.CHANGED)
    held = list(rows.select_related("first_edition"))
    said = PledgeUpdate.objects.current().filter(key__in=[row.update for row in held]).values_list("key", "said_on")
    days, found = dict(said), {}
    for row in held:
        known_on = days.get(row.update, said_on)
        if row.stage == Stage.ENDED:
            known_on = max(known_on, localdate(row.first_edition.issued_at))
        if known_on > said_on:
            stage = row.get_stage_display().lower()
            found[row.commitment_id] = f"the register knows of a later day, {words.day(known_on)}: {stage}."
    return found


def _news(offer: Offer, said_on: date, said: str, **given) -> PledgeUpdate:
    stem = f"{offer.pledge_id[:60]}-{said_on}"
    key = _free(stem, PledgeUpdate.objects.all(), field="key")
    about = {"pledge_id": offer.pledge_id, "organisation_id": offer.organisation_id}
    return PledgeUpdate(key=key, said_on=said_on, said=said, **about, **given)


def _stages(stages: Mapping[str, str], update: PledgeUpdate) -> list[CommitmentStage]:
    return [CommitmentStage(commitment_id=slug, stage=stage, update=update.key) for slug, stage in stages.items()]


def _day(text: str, what: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise NotAllowed(f"It does not tell the day on which it was {what}. Correct it first.") from error


def _mind_the_check(checked_on: date, said_on: date, today: date) -> None:
    if not said_on <= checked_on <= today:
        raise NotAllowed(f"It can only have been checked between {words.day(said_on)}, when it was done, and today.")


# --- a change of wording, and an end ---


def _change(offer: Offer) -> Draft:
    pledge, wording = _current(offer.pledge_id), content.wording(offer.content)
    if pledge.withdrawn_on:
        raise ChangedMeanwhile("This pledge has ended meanwhile, so its wording stays as it is.")
    held, read_at = rewording.held(pledge.pledge_id), rewording.read_at(offer)
    after = rewording.after(pledge, wording)
    typed, rows, links = content.wording(offer.typed).commitments, [after], []
    promises, left_out = rewording.paired(wording.commitments, held)
    for position, (promise, old) in enumerate(promises, 1):
        slug = old.slug if old else _new_commitment(pledge.pledge_id)
        serves_all = bool(old and old.row.serves_all and not promise.outcomes)
        place = {"pledge": pledge.pledge_id, "position": position}
        rows.append(_commitment(promise, slug, serves_all=serves_all, **place))
        links += _links(promise, slug, typed, old and old.standings)
    for position, old in enumerate(left_out, len(promises) + 1):
        rows.append(reworded(old.row, {"position": position}))
        links += _links(old.promise, old.slug, [], old.standings)
    rewording.refuse_conflicts(pledge, held, [*rows, *links], left_out, since=read_at)
    stages = rewording.stages(promises, left_out)
    if not stages and rewording.says_the_same(pledge, held, [*rows, *links]):
        raise NotAllowed("The register says all of this already. Decline it, or ask the partner what should change.")
    update = _news(offer, localdate(read_at), wording.why)  # not the day on which an officer came to it
    rows += [*links, update, *_stages(stages, update)]
    summary = _told(after.title, f"{rewording.told(promises, left_out)}.")
    return Draft(pledge.pledge_id, offer.organisation_id, summary, rows, links_are_all=True)


def _end(offer: Offer, day: date) -> Draft:
    ending = content.ending(offer.content)
    on = _day(ending.ended_on, "ended")
    return _ended(offer.pledge_id, offer.organisation_id, why=ending.why, on=on, day=day)


def _ended(slug: str, organisation: str, *, why: str, on: date, day: date) -> Draft:
    pledge = _current(slug)
    if pledge.withdrawn_on:
        raise ChangedMeanwhile(f"This pledge ended already, on {words.day(pledge.withdrawn_on)}.")
    if on > day:
        raise NotAllowed(f"{words.day(on)} is still to come. Record the end once the pledge has ended.")
    if not why.strip():
        raise NotAllowed("Say why it ended: readers see the reason on its page.")
    row = reworded(pledge, {"withdrawn_on": on, "withdrawn_why": " ".join(why.split())})
    return Draft(slug, organisation, _told(pledge.title, f"ended on {words.day(on)}."), [row])
