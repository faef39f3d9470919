"""Whose work a measure is, and who may see a submission."""

from django.db.models import Q

from luton2040.roles import Act, Role, may, people_with
from outcomes.models import Measure, Submission
from outcomes.proposals import about_measures


def own_measures(person) -> frozenset[str]:
    """The codes of the measures that the person keeps up to date; none without the role."""
    return frozenset(person.measures.values_list("code", flat=True)) if may(person, Act.ENTER_VALUES) else frozenset()


def visible_measures(person) -> frozenset[str]:
    """Approvers and administrators look after all of them."""
    if may(person, Act.SEE_ALL):
        return frozenset(Measure.objects.values_list("code", flat=True))
    return own_measures(person)


def officers_of(measure: str):
    return people_with(Role.OFFICER).filter(measures=measure)


def visible_submissions(person):
    """One's own, and what others handed in for one's own measures; for those who see all of any. No others' drafts."""
    found = Submission.objects.made_by_people()
    mine, handed_in = Q(proposed_by=person), ~Q(state=Submission.State.DRAFT)
    if may(person, Act.SEE_ALL):
        return found.filter(mine | handed_in)
    return found.filter(mine | handed_in & about_measures(own_measures(person)))


def may_see(person, submission: Submission) -> bool:
    return visible_submissions(person).filter(pk=submission.pk).exists()
