"""What every form of the desk does with its draft: whose work it is, keeping what is typed, giving it back."""

from secrets import token_urlsafe

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone

from luton2040.desk.access import SENDER, forbid
from luton2040.editions import ChangedMeanwhile
from outcomes import drafts, officers, report
from outcomes.models import Measure, MeasureVersion, Submission
from outcomes.report import OutcomeReport

HANDED_IN = "What you typed on this page was handed in already. To change it, open it from “My work”."
NOT_KEPT = {"csrfmiddlewaretoken", "saves", "step", SENDER}


def own_report(request, code: str) -> OutcomeReport:
    """The report of a measure that the signed-in officer keeps up to date; else 404, or 403 saying whose it is."""
    measure = MeasureVersion.objects.at(request.edition).filter(measure=code.upper()).first()
    if measure is None:
        raise Http404("There is no measure with that code. The list of measures has them all.")
    if measure.measure_id not in officers.own_measures(request.user):
        names = [str(person) for person in officers.officers_of(measure.measure_id)]
        whose = f"It is looked after by {', '.join(names)}." if names else "Nobody looks after it yet."
        forbid(request, f"{measure.name} is not one of your measures. {whose} An administrator can change that.")
    found = report.full_report(measure.outcome_id, request.edition, request.today, vision=request.vision)
    if found is None:
        raise Http404("The outcome of this measure is not published any more.")
    return found


class Work:
    """A form of one topic, with the draft that its officer has of it, if any."""

    def __init__(self, request: HttpRequest, *, kind: str, measure: Measure, topic: str = ""):
        self.request, self.kind, self.measure = request, kind, measure
        self.topic = topic or f"{kind} {measure.code}"
        self.draft: Submission | None = Submission.objects.drafts_of(request.user).filter(topic=self.topic).first()
        self.saves = self._sent_saves() if request.method == "POST" else getattr(self.draft, "saves", 0)
        # Tells what this very page has saved from what another window has.
        self.window = plain(request.POST.get("window", ""))[:20] or token_urlsafe(9)
        if request.kept:
            self._save(request.kept, insists=True)

    @classmethod
    def on(cls, request, *, kind: str, measure: Measure, topic: str = "") -> "Work":
        return cls(request, kind=kind, measure=measure, topic=topic)

    @property
    def step(self) -> str:
        return self.request.POST.get("step", "") if self.request.method == "POST" else ""

    def _sent_saves(self) -> int:
        """The state of the draft that the page was made from."""
        sent = self.request.POST.get("saves", "")
        return int(sent) if sent.isascii() and sent.isdecimal() and len(sent) < 9 else 0

    def typed(self) -> QueryDict | None:
        """What to show in the form: as sent now, as sent when the session had ended, or as the draft keeps it."""
        if self.request.method == "POST":
            return self.request.POST
        if self.request.kept:
            return self.request.kept
        if self.draft is None or not self.draft.typed:
            return None
        typed = QueryDict(mutable=True)
        for name, values in self.draft.typed.items():
            typed.setlist(name, values)
        return typed

    def keep(self) -> Submission:
        """Save what was sent. Raises ChangedMeanwhile where another window saved since this page was made."""
        return self._save(self.request.POST, insists=self.step == "overwrite")

    @transaction.atomic
    def _save(self, sent: QueryDict, *, insists: bool) -> Submission:
        # Read behind the lock: a page that saves itself may be sent while its last save is on its way.
        own = Submission.objects.filter(proposed_by=self.request.user, topic=self.topic)
        draft = own.filter(state=Submission.State.DRAFT).select_for_update().first()
        if draft is None and not insists and own.filter(typed__window=[self.window]).exists():
            raise ChangedMeanwhile(HANDED_IN)
        now = timezone.now()
        draft = draft or drafts.begin(
            by=self.request.user,
            topic=self.topic,
            now=now,
            origin=Submission.Origin.FORM,
            kind=self.kind,
            measure=self.measure,
        )
        is_own = draft.typed.get("window") == [self.window]
        typed = {plain(n): [plain(v) for v in values] for n, values in sent.lists() if n not in NOT_KEPT}
        saves = draft.saves if is_own or insists else self.saves
        self.draft = drafts.save(draft, typed, by=self.request.user, saves=saves, now=now)
        self.saves = self.draft.saves
        return self.draft

    def discard(self) -> None:
        if self.draft is not None:
            drafts.discard(self.draft, by=self.request.user)


def plain(text: str) -> str:
    """PostgreSQL keeps no NUL."""
    return text.replace("\0", "")


def autosaved(work: Work) -> HttpResponse:
    """The answer to a form that saves itself: when it was saved, or that another window was faster."""
    try:
        draft = work.keep()
    except ChangedMeanwhile as error:
        return render(work.request, "desk/_saved.html", {"refused": str(error), "saves": work.saves}, status=409)
    return render(work.request, "desk/_saved.html", {"draft": draft, "saves": draft.saves})
