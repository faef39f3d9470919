"""Cells pasted from a spreadsheet, or a file of them: read into a draft, which reviewing.py shows as a difference."""

import hashlib

from django import forms
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone

from luton2040.desk.access import desk_page
from luton2040.desk.records import CSV_TYPE, exported
from luton2040.editions import ChangedMeanwhile
from luton2040.problems import Problem, Refused
from luton2040.roles import Act
from outcomes import arranging, cells, drafts, due_files, officers, pasted, sheets
from outcomes import formatting as words
from outcomes.desk.forms import text
from outcomes.desk.home import tasks
from outcomes.downloads import XLSX_TYPE
from outcomes.headings import TITLES
from outcomes.models import MeasureVersion, Submission
from outcomes.pasted import Kept
from outcomes.series import periods

TOPIC = "paste"
LONGEST_NAME = 200
NEEDED = ("measure", "period", "value", "retrieved_on")
FILES = {"csv": (due_files.due_csv, CSV_TYPE), "xlsx": (due_files.due_xlsx, XLSX_TYPE)}


class _OneOfTwo:
    """Either is needed, and neither alone: the form asks whether there is anything."""

    def validate(self, value):
        pass


class CellsField(_OneOfTwo, forms.CharField):
    pass


class SheetField(_OneOfTwo, forms.FileField):
    pass


class PasteForm(forms.Form):
    """Once it is valid: `sheet`, and what tells it from any other."""

    use_required_attribute = False

    cells = CellsField(
        label="Paste cells from your spreadsheet",
        help_text="With the row of headings, if there is one.",
        strip=False,
        widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false", "wrap": "off"}),
    )
    file = SheetField(
        label="Or hand in a file",
        help_text=f"A workbook (.xlsx) or CSV, of at most {sheets.MAX_BYTES // 1_000_000} MB. It is read, not stored.",
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.txt,.tsv"}),
    )
    measure = forms.ChoiceField(label="Measure, where the rows name none", required=False)
    released = text(
        "Release date, where the rows give none", help_text="The day on which the source published them.", longest=40
    )

    def __init__(self, *args, measures, today, **options):
        super().__init__(*args, **options)
        self.today = today
        self.sheet: sheets.Sheet | None = None
        self.name = self.checksum = ""
        self.fields["measure"].choices = [("", "The rows name it")] + [(m.measure_id, str(m.name)) for m in measures]

    def clean_released(self):
        typed = self.cleaned_data["released"]
        try:
            return cells.day(typed) if typed else None
        except Refused as error:
            raise forms.ValidationError(str(error)) from None

    def clean(self):
        typed, file = self.cleaned_data.get("cells", ""), self.cleaned_data.get("file")
        if typed.strip() and file is not None:
            self.add_error("file", "There are cells in the box too. Give one or the other.")
        elif file is not None:
            data, self.name = file.read(), file.name[:LONGEST_NAME]
            self._take("file", data, sheets.read(data, self.name))
        elif typed.strip():
            self._take("cells", typed.encode(), sheets.read_pasted(typed))
        elif not self.errors:
            self.add_error("cells", "Paste some cells, or choose a file.")
        return self.cleaned_data

    def _take(self, field: str, data: bytes, read: tuple[sheets.Sheet | None, list[Problem]]) -> None:
        self.checksum = hashlib.sha256(data).hexdigest()
        self.sheet, problems = read
        self.refuse(problems)

    def refuse(self, problems: list[Problem]) -> None:
        """What is wrong with the whole of it, beside the field that it came in by."""
        for problem in problems:
            self.add_error("file" if self.name else "cells", f"{problem.what} {problem.mend}")


@desk_page(Act.ENTER_VALUES)
def paste(request):
    own = officers.own_measures(request.user)
    measures = list(MeasureVersion.objects.at(request.edition).filter(measure__in=own).order_by("name"))
    options = {"measures": measures, "today": request.today}
    if request.method == "POST":
        form = PasteForm(request.POST, request.FILES, **options)
        kept = _read(request, form, own) if form.is_valid() else None
        draft = kept and _keep(request, form, kept)
        if draft:
            return redirect("desk:paste_review", draft.pk)
    else:
        form = PasteForm(initial=request.kept and request.kept.dict(), **options)
    found = tasks(request, own)
    context = {
        "form": form,
        "measures": measures,
        "begun": Submission.objects.drafts_of(request.user).filter(topic=TOPIC).first(),
        "due": len(due_files.due_table(task.due for task in found).rows),
        "example": [task.report for task in found if task.report.latest][:2],
        "needed": [TITLES[name] for name in NEEDED],
        "others": [title for name, title in TITLES.items() if name not in NEEDED],
    }
    return render(request, "desk/paste.html", context)


def _read(request, form: PasteForm, own) -> Kept | None:
    """None, and why in the form, where not a single row can be told from the others."""
    given = form.cleaned_data
    arranged = arranging.arrange(
        form.sheet,
        known=pasted.known_at(request.edition),
        home_area=request.vision.home_area,
        series=periods(request.edition, measures=own, area=request.vision.home_area),
        default_measure=given["measure"] or None,
        default_day=given["released"],
    )
    form.refuse([problem for problem in arranged.problems if problem.row is None])
    if not len(arranged.table) and not form.errors:
        form.refuse([_nothing(arranged.left_out)])
    return None if form.errors else Kept.of(form.sheet, arranged, form.name)


def _nothing(left_out: int) -> Problem:
    has = words.count(left_out, "row has:rows have")
    return Problem("", "", "", f"{has} no value yet, and there is no other.", "Fill in at least one value.")


@transaction.atomic
def _keep(request, form: PasteForm, kept: Kept) -> Submission | None:
    """In the place of what this officer pasted before; None, and why in the form, where another window was faster."""
    now, by = timezone.now(), request.user
    origin = Submission.Origin.FILE if form.name else Submission.Origin.PASTE
    draft = drafts.begin(by=by, topic=TOPIC, now=now, origin=origin, kind=Submission.Kind.VALUES)
    if draft.typed:
        kept = kept.with_choices_of(Kept(**draft.typed))
    about = {"origin": origin, "file_name": form.name, "checksum": form.checksum}
    try:
        return drafts.save(draft, kept.as_typed(), by=by, saves=draft.saves, now=now, **about)
    except ChangedMeanwhile as error:
        form.add_error(None, str(error))
        return None


@desk_page(Act.ENTER_VALUES)
def due_file(request, kind):
    if kind not in FILES:
        raise Http404("The list of what is due comes as CSV (due.csv) or as a workbook (due.xlsx).")
    write, content_type = FILES[kind]
    own = officers.own_measures(request.user)
    table = due_files.due_table(task.due for task in tasks(request, own))
    name = f"values-due-{request.today.isoformat()}.{kind}"
    return exported(request, write(table), name, content_type=content_type)
