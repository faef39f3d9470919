"""A new wording beside what the register says: which commitment is which, what becomes of each, and what collides.

Nothing is written here; pledges/publishing.py does that.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from luton2040.editions import ChangedMeanwhile, Edition, Published
from luton2040.wording import changes, reworded
from outcomes import formatting as words
from pledges.content import Promise, Wording
from pledges.models import CommitmentOutcome, CommitmentStage, CommitmentVersion, Offer, PledgeVersion
from pledges.standing import Stage

TEXTS = ("what", "target", "target_by", "helps")
PROMISED = ("what", "target", "target_by")  # whoever says these otherwise promises something else
OF_PLEDGE = ("focus", "plan", "community")


@dataclass(frozen=True)
class Held:
    """A commitment as the register has it."""

    row: CommitmentVersion
    links: list[CommitmentOutcome]
    stage: str  # empty: nothing is reported

    @property
    def slug(self) -> str:
        return self.row.commitment_id

    @property
    def standings(self) -> dict[str, str]:
        return {link.outcome_id: link.standing for link in self.links}

    @property
    def promise(self) -> Promise:
        texts = {name: getattr(self.row, name) for name in TEXTS}
        return Promise(**texts, outcomes=[link.outcome_id for link in self.links], slug=self.slug)


Pairs = Sequence[tuple[Promise, Held | None]]


def held(pledge: str) -> dict[str, Held]:
    """By slug, in their order."""
    rows = list(CommitmentVersion.objects.current().filter(pledge=pledge))
    slugs, links = [row.commitment_id for row in rows], defaultdict(list)
    for link in CommitmentOutcome.objects.current().filter(commitment__in=slugs).order_by("outcome"):
        links[link.commitment_id].append(link)
    stages = dict(CommitmentStage.objects.current().filter(commitment__in=slugs).values_list("commitment", "stage"))
    return {slug: Held(row, links[slug], stages.get(slug, "")) for slug, row in zip(slugs, rows, strict=True)}


def as_published(pledge: PledgeVersion, commitments: Iterable[Held]) -> Wording:
    """What the register says now, without the commitments that have ended."""
    promises = [each.promise for each in commitments if each.stage != Stage.ENDED]
    own = {name: getattr(pledge, name) for name in ("title", *OF_PLEDGE)}
    return Wording(commitments=promises, **own)


def after(pledge: PledgeVersion, wording: Wording) -> PledgeVersion:
    """Not saved."""
    said = {name: getattr(wording, name) for name in OF_PLEDGE} | {"title": wording.title or pledge.title}
    return reworded(pledge, said)


def paired(promises: Iterable[Promise], commitments: dict[str, Held]) -> tuple[Pairs, list[Held]]:
    """Each commitment of the new wording with what it was, and those that it leaves out."""
    rest = dict(commitments)
    pairs = [(promise, rest.pop(promise.slug, None)) for promise in promises]
    return pairs, list(rest.values())


def is_reworded(promise: Promise, old: Held | None) -> bool:
    return old is not None and any(getattr(promise, name) != getattr(old.row, name) for name in PROMISED)


def stages(pairs: Pairs, left_out: Iterable[Held]) -> dict[str, str]:
    """How far commitments are because of it: ended where left out, changed where reworded.

    What somebody reported stays: that a commitment was reworded is then told by its earlier wording alone.
    """
    unreported = ("", Stage.CHANGED)
    found = {old.slug: Stage.CHANGED for promise, old in pairs if is_reworded(promise, old) and old.stage in unreported}
    return found | {old.slug: Stage.ENDED for old in left_out if old.stage != Stage.ENDED}


def told(pairs: Pairs, left_out: Iterable[Held]) -> str:
    """For the log of changes: 2 commitments changed, 1 added and 1 ended."""
    counts = [
        (sum(is_reworded(promise, old) for promise, old in pairs), "changed"),
        (sum(old is None for _, old in pairs), "added"),
        (sum(old.stage != Stage.ENDED for old in left_out), "ended"),
    ]
    said = [(number, what) for number, what in counts if number]
    if not said:
        return "its wording changed"
    (number, what), *rest = said
    return words.listed([f"{words.count(number, 'commitment')} {what}", *(f"{n} {what}" for n, what in rest)])


def says_the_same(pledge: PledgeVersion, commitments: dict[str, Held], rows: Iterable[Published]) -> bool:
    now = set()
    for row in rows:
        if isinstance(row, CommitmentOutcome):
            now.add((row.commitment_id, row.outcome_id))
        else:
            old = _now(row, pledge, commitments)
            if old is None or changes(old, row):
                return False
    return now == {(slug, code) for slug, each in commitments.items() for code in each.standings}


# --- what somebody else changed since ---


def read_at(offer: Offer) -> datetime:
    """When the partner last saw what the register says."""
    answered = offer.questions.exclude(answer="").order_by("-answered_at").values_list("answered_at", flat=True)
    return max(offer.handed_in_at, answered.first() or offer.handed_in_at)


def moved_on(offer: Offer) -> Edition | None:
    """The newest edition, if any, that changed the wording of the pledge since the partner saw it."""
    return _changed(offer.pledge_id, first_edition__issued_at__gt=read_at(offer))


def changed_after(pledge: str, edition: int) -> Edition | None:
    """The newest edition after this one, if any, that changed the wording of the pledge."""
    return _changed(pledge, first_edition__gt=edition)


def _changed(pledge: str, **since) -> Edition | None:
    versions = (model.objects.filter(pledge=pledge, **since) for model in (PledgeVersion, CommitmentVersion))
    numbers = [number for found in versions for number in found.values_list("first_edition", flat=True)]
    return Edition.objects.filter(number__in=numbers).newest_first().first()


def refuse_conflicts(
    pledge: PledgeVersion,
    commitments: dict[str, Held],
    rows: Iterable[Published],
    left_out: Iterable[Held],
    *,
    since: datetime,
) -> None:
    """Raises ChangedMeanwhile where it would undo what was published since in the same place."""
    seen = Edition.objects.filter(issued_at__lte=since).newest_first().first()
    base, wanted = (seen.number if seen else 0), set()
    undone = [old.row for old in left_out if old.stage != Stage.ENDED and _began_since(old.row, base)]
    for row in rows:
        if isinstance(row, CommitmentOutcome):
            wanted.add((row.commitment_id, row.outcome_id))
        elif _undoes(_now(row, pledge, commitments), row, base):
            undone.append(row)
    links = [link for each in commitments.values() for link in each.links]
    undone += [
        link for link in links if (link.commitment_id, link.outcome_id) not in wanted and _began_since(link, base)
    ]
    if undone:
        raise ChangedMeanwhile(
            "The pledge was changed in the same place after this was handed in, and publishing it would undo that. "
            "Look at the differences: correct what should stay, or ask the partner."
        )


def _now(row: Published, pledge: PledgeVersion, commitments: dict[str, Held]) -> Published | None:
    if isinstance(row, PledgeVersion):
        return pledge
    old = commitments.get(row.commitment_id)
    return old.row if old else None


def _began_since(row: Published, base: int) -> bool:
    return row.first_edition_id > base


def _undoes(old: Published | None, row: Published, base: int) -> bool:
    """Whether a field that it changes was changed since."""
    if old is None or not _began_since(old, base):
        return False
    key = "pledge_id" if isinstance(row, PledgeVersion) else "commitment_id"
    before = type(row).objects.at(base).filter(**{key: getattr(row, key)}).first()
    changed = [change for change in changes(old, row) if change.field != "position"]
    return any(before is None or getattr(before, change.field) != change.was for change in changed)
