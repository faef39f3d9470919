"""The audit log, to read and to take away."""

from datetime import date, datetime, time, timedelta

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from luton2040 import audit
from luton2040.accounts import User
from luton2040.audit import Action, Entry, EntryQuerySet
from luton2040.desk.access import desk_page
from luton2040.desk.people_forms import DAY
from luton2040.roles import Act
from outcomes.downloads import Table, csv_of
from outcomes.forms import QueryForm, choice

ON_A_PAGE = 50
CSV_TYPE = "text/csv; charset=utf-8"
LAST_DAY = date.max - timedelta(days=1)  # the calendar has no day after the last


class RecordForm(QueryForm):
    person = choice("Person", "Anybody")
    action = choice("What was done", "Anything", Action.choices)
    about = forms.CharField(label="About", required=False, max_length=80)
    first = forms.DateField(label="From", required=False, widget=DAY)
    last = forms.DateField(label="To", required=False, widget=DAY)


@desk_page(Act.READ_AUDIT)
def audit_pages(request):
    form, found = _asked(request)
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "desk/audit.html", {"form": form, "page": page})


@desk_page(Act.READ_AUDIT)
def audit_csv(request):
    """Taking it away is itself put on the record, after the file is made."""
    _, found = _asked(request)
    columns = ("at", "action", "by", "about", "what", "address")
    rows = [
        (timezone.localtime(e.at).isoformat(timespec="seconds"), e.action, e.by_email, e.about, e.what, e.address)
        for e in found
    ]
    name = f"record-{request.today.isoformat()}.csv"
    return exported(request, csv_of(Table(columns, rows)), name)


def _asked(request: HttpRequest) -> tuple[RecordForm, EntryQuerySet]:
    people = [(str(user.pk), str(user)) for user in User.objects.order_by("name", "email")]
    form = RecordForm.of(request, person=people)
    asked = form.cleaned_data
    found = Entry.objects.newest_first().select_related("by")
    if asked["person"]:
        found = found.by_person(asked["person"])
    if asked["action"]:
        found = found.of_action(asked["action"])
    if asked["about"]:
        found = found.filter(about__iexact=asked["about"])
    if asked["first"]:
        found = found.since(_midnight(asked["first"]))
    if asked["last"]:
        found = found.before(_midnight(min(asked["last"], LAST_DAY) + timedelta(days=1)))
    return form, found


def _midnight(day) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def exported(request, content: bytes, name: str, *, about: str = "", content_type: str = CSV_TYPE) -> HttpResponse:
    """A file to take away, which is put on the record."""
    audit.record(audit.Action.EXPORTED, what=f"Took away {name}.", by=request.user, about=about, address=request.path)
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
