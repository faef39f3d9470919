"""What may be filled in about a pledge, and how it is said what is wrong."""

import pytest
from django.http import QueryDict

from pledges.content import Promise, Wording
from pledges.forms import (
    MISSION,
    MOST_COMMITMENTS,
    CommunityForm,
    FocusForm,
    MakerForm,
    PlanForm,
    PromiseForm,
    TitleForm,
    WhyForm,
    WordingForms,
    as_iso,
    outcome_choices,
)
from tests import factories_pledges as make

pytestmark = pytest.mark.django_db
NINE = [f"X{number}" for number in range(1, 10)]
CHOICES = [("Good work", [(f"X{number}", f"Outcome {number}") for number in range(1, 12)])]
MEGABYTE = "x" * 1_000_000


def promise_form(**typed):
    data = QueryDict(mutable=True)
    for name, value in ({"what": "Plant trees.", "outcomes": ["X1"]} | typed).items():
        data.setlist(name, value if isinstance(value, list) else [value])
    return PromiseForm(data, choices=CHOICES, known=["a-pledge-1"])


def maker_form(**typed):
    return MakerForm({"organisation": "A bakery", "organisation_kind": "shop", "email": "a@example.org"} | typed)


@pytest.mark.parametrize(
    "typed, kept",
    [
        pytest.param("2030", "2030", id="a year"),
        pytest.param("2030-03", "2030-03", id="a month as kept"),
        pytest.param("March 2030", "2030-03", id="a month"),
        pytest.param("sept 2030", "2030-09", id="a short month"),
        pytest.param("31 March 2030", "2030-03-31", id="a day"),
        pytest.param("1st May, 2030", "2030-05-01", id="a day with an ending"),
        pytest.param("1/5/2030", "2030-05-01", id="a day in figures"),
        pytest.param("01.05.2030", "2030-05-01", id="a day with dots"),
        pytest.param("5/2030", "2030-05", id="a month in figures"),
        pytest.param("Smarch 2030", "Smarch 2030", id="no month"),
        pytest.param("soon", "soon", id="no day"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_day_is_kept_as_the_record_has_it(typed, kept):
    assert as_iso(typed) == kept


@pytest.mark.parametrize(
    "form, name, said",
    [
        pytest.param(lambda: promise_form(what=""), "what", "needed", id="no promise"),
        pytest.param(lambda: promise_form(what="x" * 301), "what", "Keep it to 300 characters", id="long promise"),
        pytest.param(lambda: promise_form(what=MEGABYTE), "what", "Keep it to 300", id="megabyte of promise"),
        pytest.param(lambda: promise_form(target_by="soon"), "target_by", "Write a year", id="no day"),
        pytest.param(lambda: promise_form(target_by="31/2/2030"), "target_by", "Write a year", id="a day that is none"),
        pytest.param(lambda: promise_form(outcomes=[]), "outcomes", "at least one", id="no outcome"),
        pytest.param(lambda: promise_form(outcomes=["X99"]), "outcomes", "X99", id="unknown outcome"),
        pytest.param(lambda: promise_form(outcomes=NINE), "outcomes", "8 at most", id="nine"),
        pytest.param(lambda: maker_form(organisation=MEGABYTE), "organisation", "200", id="megabyte of name"),
        pytest.param(lambda: maker_form(email="a@example.org\nBcc: b@example.org"), "email", "Write an", id="header"),
        pytest.param(lambda: maker_form(organisation_url="javascript:alert()"), "organisation_url", "https", id="code"),
        pytest.param(
            lambda: maker_form(organisation_url="http://10.0.0.3/"), "organisation_url", "can open", id="inner network"
        ),
        pytest.param(lambda: maker_form(email="nobody"), "email", "name@example.org", id="no address"),
        pytest.param(lambda: PlanForm({"plan": "x" * 2001}), "plan", "2,000 characters", id="long plan"),
        pytest.param(lambda: CommunityForm({"community": " "}), "community", "needed", id="blank community"),
        pytest.param(lambda: WhyForm({"why": ""}), "why", "needed", id="no reason"),
        pytest.param(lambda: TitleForm({"title": "\0 \x01"}), "title", "needed", id="nothing but control characters"),
    ],
)  # fmt: skip
def test_form_says_what_is_wrong(form, name, said):
    found = form()
    assert not found.is_valid()
    assert list(found.errors) == [name] and said in " ".join(found.errors[name])


def test_maker_is_taken_on_one_line_and_in_small_letters():
    form = maker_form(organisation=" A\r\nbakery ", email="A@Example.org", organisation_url="bakery.example")
    assert form.is_valid()
    assert form.cleaned_data["organisation"] == "A bakery"
    assert form.cleaned_data["email"] == "a@example.org"
    assert form.cleaned_data["organisation_url"] == "https://bakery.example"


@pytest.mark.parametrize(
    "typed, line, note",
    [
        pytest.param("Bad\x01\0Org\x7f\x9f", "BadOrg", "BadOrg", id="control characters"),
        pytest.param("One\x0btwo\x85three", "One two three", "One two three", id="that part words"),
        pytest.param("One \x01 two\n\tthree\x1b ", "One two three", "One  two\n\tthree", id="ends of lines and tabs"),
        pytest.param("Café 🌳 \u200f", "Café 🌳 \u200f", "Café 🌳 \u200f", id="letters and signs"),
    ],
)
def test_control_characters_are_not_taken(typed, line, note):
    name, plan = TitleForm({"title": typed}), PlanForm({"plan": typed})
    assert name.is_valid() and plan.is_valid()
    assert (name.cleaned_data["title"], plan.cleaned_data["plan"]) == (line, note)


@pytest.mark.parametrize("slug, kept", [("a-pledge-1", "a-pledge-1"), ("of-another", ""), ("", "")])
def test_promise_names_only_commitments_of_its_pledge(slug, kept):
    form = promise_form(slug=slug, target_by="March 2030")
    assert form.is_valid()
    assert form.promise() == Promise(what="Plant trees.", outcomes=["X1"], target_by="2030-03", slug=kept)


def test_commitment_in_the_register_may_go_on_serving_no_single_outcome():
    data, known = {"what": "Plant trees.", "slug": "a-pledge-1"}, ["a-pledge-1"]
    form = PromiseForm(data, initial={"slug": "a-pledge-1", "outcomes": []}, choices=CHOICES, known=known)
    assert form.is_valid() and form.promise().outcomes == []


def test_outcomes_are_offered_as_on_the_wheel_and_the_missions_last(exampleton):
    assert [(name, [code for code, _ in group]) for name, group in outcome_choices(exampleton)] == [
        ("Good work", ["XA1", "XA2"]),
        ("Clean air", ["XB1", "XB2"]),
        (MISSION, ["XM1"]),
    ]


# --- a whole wording on one page ---

SAID = Wording(
    organisation="A bakery",
    focus=["good-work"],
    commitments=[Promise(what="Plant trees.", outcomes=["XA1"], slug="a-1"), Promise(what="Bake.", outcomes=["XA2"])],
    plan="We will.",
    community="With all.",
)


def sent(forms, **changes):
    """What a browser sends of the page as it stands."""
    data = QueryDict(mutable=True)
    data.update({"commitments-TOTAL_FORMS": len(forms.commitments.forms), "commitments-INITIAL_FORMS": 2})
    for form in forms.all_forms:
        for bound in form:
            value = bound.value() or []
            data.setlist(bound.html_name, value if isinstance(value, list) else [value])
    data.update(changes)
    return data


@pytest.fixture
def filled_in(exampleton):
    def of(changes=None, **options):
        options = {"initial": SAID, "edition": exampleton} | options
        blank = WordingForms(**options)
        return blank if changes is None else WordingForms(sent(blank, **changes), **options)

    return of


def test_page_sent_as_it_stands_says_the_same(filled_in):
    forms = filled_in({})
    assert forms.is_valid()
    assert forms.wording() == SAID


def test_what_is_written_in_an_empty_form_is_another_commitment(filled_in):
    forms = filled_in({"commitments-2-what": "Read.", "commitments-2-outcomes": "XM1", "commitments-0-what": "Sow."})
    assert forms.is_valid()
    assert [(promise.what, promise.slug) for promise in forms.wording().commitments] == [
        ("Sow.", "a-1"),
        ("Bake.", ""),
        ("Read.", ""),
    ]


def test_all_faults_are_told_at_once(filled_in):
    forms = filled_in({"commitments-0-what": "", "commitments-2-helps": "Shade.", "plan": "", "focus": "nowhere"},
                 parts=(PlanForm, FocusForm))  # fmt: skip
    assert not forms.is_valid()
    assert [set(form.errors) for form in forms.all_forms] == [
        {"what"},
        set(),
        {"what", "outcomes"},
        {"plan"},
        {"focus"},
    ]


def test_what_is_not_on_the_page_stays(filled_in):
    forms = filled_in({"title": "Bread for all"}, parts=(TitleForm,))
    assert forms.is_valid()
    assert forms.wording() == Wording(**{**vars(SAID), "title": "Bread for all"})


def test_more_commitments_than_one_pledge_may_have_are_refused(filled_in):
    many = make.a_wording(commitments=[Promise(what=f"Act {n}.", outcomes=["XA1"]) for n in range(MOST_COMMITMENTS)])
    assert len(filled_in(initial=many).commitments.forms) == MOST_COMMITMENTS
    assert not filled_in({"commitments-TOTAL_FORMS": "21"}, initial=many).is_valid()
