"""Getting into a page of the desk: by role, by second factor, by time; and that nothing typed is lost on the way."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.http import HttpResponse
from django.urls import reverse

from luton2040.audit import Action, Entry
from luton2040.desk import access
from luton2040.roles import Role
from tests import factories as make
from tests import reading, record
from tests.html_validity import problems
from tests.reading import Page, words

pytestmark = pytest.mark.django_db
AT_SIGN_IN, AT_SECOND_STEP = "/accounts/login/", "/accounts/2fa/"

# Every page of the desk that luton2040 has, and who may open it.
EVERYBODY = frozenset(Role)
ADMINISTRATORS = frozenset({Role.ADMINISTRATOR})
PAGES = {
    "account": EVERYBODY,
    "people": ADMINISTRATORS,
    "invite": ADMINISTRATORS,
    "person": ADMINISTRATORS,
    "hold": ADMINISTRATORS,
    "lift": ADMINISTRATORS,
    "audit": ADMINISTRATORS,
    "audit_csv": ADMINISTRATORS,
    "wordings": ADMINISTRATORS,
    "reword": ADMINISTRATORS,
}
FOR_ADMINISTRATORS = ["Wording", "People", "Hold", "Record"]
FORMS = ("invite", "person", "hold", "lift", "reword")


@pytest.fixture(autouse=True)
def place(exampleton):
    return exampleton


def address(name):
    """Of a page, with somebody and something for it to show."""
    match name:
        case "person":
            somebody = make.User.objects.filter(email="shown@example.org").first()
            return reverse("staff:person", args=[(somebody or make.create_user(email="shown@example.org")).pk])
        case "lift":
            return reverse("staff:lift", args=[make.create_hold().pk])
        case "reword":
            return reverse("staff:reword", args=["measures", "XA1"])
    return reverse(f"staff:{name}")


def sent_to(answer):
    """Where a redirect leads, and where it leads back to."""
    assert answer.status_code == 302
    parts = urlsplit(answer["Location"])
    return parts.path, parse_qs(parts.query).get("next", [""])[0]


@pytest.fixture
def administrator(client):
    return make.sign_in(client, make.create_person(role=Role.ADMINISTRATOR, name="Ann Admin"))


def sign_in(client, role=Role.ADMINISTRATOR):
    return make.sign_in(client, make.create_person(role=role))


# --- by role ---


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("role", Role, ids=lambda role: role.label)
def test_page_is_open_to_those_whose_work_it_is(client, name, role):
    path = address(name)
    sign_in(client, role)
    assert client.get(path).status_code == (200 if role in PAGES[name] else 403)


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("role", Role, ids=lambda role: role.label)
def test_form_is_taken_from_those_whose_work_it_is(client, name, role):
    """What it answers them is its own affair: here only that it is not a refusal."""
    path = address(name)
    sign_in(client, role)
    assert (client.post(path, {"act": "save"}).status_code == 403) == (role not in PAGES[name])


@pytest.mark.parametrize("name", PAGES)
def test_page_sends_a_stranger_to_sign_in_and_back(client, name):
    path = address(name)
    assert sent_to(client.get(f"{path}?page=2")) == (AT_SIGN_IN, f"{path}?page=2")


@pytest.mark.parametrize("name", PAGES)
def test_page_is_closed_to_somebody_without_a_role(client, name):
    path = address(name)
    make.sign_in(client, make.create_person())
    assert client.get(path).status_code == 403


def test_deactivated_person_is_out_with_the_next_click(client, administrator):
    assert client.get("/desk/people/").status_code == 200
    make.User.objects.filter(pk=administrator.pk).update(is_active=False)
    assert sent_to(client.get("/desk/people/")) == (AT_SIGN_IN, "/desk/people/")


def test_role_that_was_taken_away_is_gone_with_the_next_click(client, administrator):
    administrator.groups.clear()
    assert client.get("/desk/people/").status_code == 403


def test_every_page_of_the_desk_is_in_the_table():
    from luton2040.desk.urls import urlpatterns

    assert {pattern.name for pattern in urlpatterns} == set(PAGES)


# --- a refusal ---


def test_refusal_says_why_and_what_to_do_and_is_on_the_record(client):
    officer = sign_in(client, Role.OFFICER)
    answer = client.get("/desk/people/?page=3")
    page = Page(answer)
    assert "You may not see this page" in page.main
    assert "Only an administrator may manage people and their roles." in page.main
    assert "ask an administrator for the role" in page.main
    assert page.link("To the desk") == "/desk/"
    assert answer["Cache-Control"] == "no-store"
    entry = Entry.objects.of_action(Action.DENIED).get()
    assert (entry.by, entry.address) == (officer, "/desk/people/")
    assert entry.what.startswith("Wanted to open this page. Only an administrator may")


def test_refusal_to_do_something_says_so(client):
    sign_in(client, Role.APPROVER)
    page = Page(client.post("/desk/hold/", {"reason": "x"}))
    assert "You may not do this" in page.main
    assert "Wanted to change something at this page." in Entry.objects.of_action(Action.DENIED).get().what


def test_refused_person_can_sign_out_of_the_page_that_refuses(client):
    make.sign_in(client, make.create_person(name="No Role"))
    page = Page(client.get("/desk/account/"))
    assert "No Role" in page.text
    assert page.one("form").get("action") == "/accounts/logout/"


# --- the second step ---


def test_account_names_each_second_step_once_in_our_words(client):
    person = sign_in(client, Role.APPROVER)
    for _ in range(2):
        access.Authenticator.objects.create(user=person, type="webauthn", data={"name": "Laptop"})
    said = "When you sign in you are asked for a second step: an app that makes codes or a passkey."
    assert said in Page(client.get("/desk/account/")).main


@pytest.mark.parametrize(
    "role, second_factor, asked",
    [
        pytest.param(Role.OFFICER, False, False, id="officer without"),
        pytest.param(Role.APPROVER, False, True, id="approver without"),
        pytest.param(Role.APPROVER, True, False, id="approver with"),
        pytest.param(Role.ADMINISTRATOR, False, True, id="administrator without"),
        pytest.param(Role.ADMINISTRATOR, True, False, id="administrator with"),
    ],
)
def test_second_factor_is_asked_of_those_who_must_have_one(client, role, second_factor, asked):
    make.sign_in(client, make.create_person(role=role, second_factor=second_factor))
    answer = client.get("/desk/account/")
    if asked:
        assert sent_to(answer) == (AT_SECOND_STEP, "/desk/account/")
        assert "Your role needs a second step when you sign in." in Page(client.get(AT_SECOND_STEP)).main
    else:
        assert answer.status_code == 200


def test_recovery_codes_alone_are_no_second_factor(client):
    approver = make.create_person(role=Role.APPROVER, second_factor=False)
    access.Authenticator.objects.create(user=approver, type="recovery_codes", data={})
    make.sign_in(client, approver)
    assert sent_to(client.get("/desk/account/"))[0] == AT_SECOND_STEP


def test_second_factor_is_not_asked_where_the_setting_is_off(client, settings):
    settings.ASK_SECOND_FACTOR = False
    make.sign_in(client, make.create_person(role=Role.APPROVER, second_factor=False))
    assert client.get("/desk/account/").status_code == 200


# --- how long ---


def at(monkeypatch, **later):
    monkeypatch.setattr("django.utils.timezone.now", lambda: record.NOW + timedelta(**later))


@pytest.mark.parametrize(
    "later, stays",
    [
        pytest.param({"hours": 7, "minutes": 59}, True, id="just under 8 hours"),
        pytest.param({"hours": 8, "minutes": 1}, False, id="just over 8 hours"),
    ],
)
def test_sign_in_lasts_eight_hours_after_the_last_use(client, administrator, monkeypatch, later, stays):
    at(monkeypatch, **later)
    assert (client.get("/desk/account/").status_code == 200) == stays


def test_each_use_begins_the_eight_hours_anew_until_twelve_are_over(client, administrator, monkeypatch):
    for hours in (5, 10, 11.9):
        at(monkeypatch, hours=hours)
        assert client.get("/desk/account/").status_code == 200
    at(monkeypatch, hours=12.1)
    assert sent_to(client.get("/desk/account/")) == (AT_SIGN_IN, "/desk/account/")
    assert "signed out because you had been signed in for 12 hours" in Page(client.get(AT_SIGN_IN)).main
    assert Entry.objects.of_action(Action.SIGNED_OUT).get().by == administrator


def test_reading_does_not_write_the_sign_in_down_each_time(client, administrator, django_assert_max_num_queries):
    client.get("/desk/account/")
    with django_assert_max_num_queries(8) as captured:
        client.get("/desk/account/")
    assert not [q["sql"] for q in captured if q["sql"].startswith(("UPDATE", "INSERT"))]


# --- nothing typed is lost ---


TYPED = {"name": "Ben & Co", "roles": ["approver", "measure officer"], "csrfmiddlewaretoken": "x"}


def test_what_a_stranger_typed_comes_back_after_signing_in(client):
    answer = client.post("/desk/people/invite/", TYPED)
    assert sent_to(answer) == (AT_SIGN_IN, "/desk/people/invite/")
    assert "What you typed is kept and comes back after this step." in Page(client.get(AT_SIGN_IN)).main
    assert not make.User.objects.filter(name="Ben & Co").exists()
    sign_in(client)
    page = Page(client.get("/desk/people/invite/"))
    (name,) = page.all("input", name="name")
    assert name.get("value") == "Ben & Co"
    ticked = [e.get("value") for e in page.all("input", name="roles") if "checked" in e.attrib]
    assert ticked == ["measure officer", "approver"]


def test_what_was_typed_comes_back_once(client):
    client.post("/desk/people/invite/", TYPED)
    sign_in(client)
    client.get("/desk/people/invite/")
    (name,) = Page(client.get("/desk/people/invite/")).all("input", name="name")
    assert name.get("value", "") == ""


def test_what_was_typed_comes_back_to_nobody_else(client, administrator):
    """Two people at one browser: neither sees, nor hands in as their own, what the other typed."""
    make.sign_in(client, administrator)
    typed = Page(client.get("/desk/hold/")).typed(reason="Elections")
    client.logout()
    client.post("/desk/hold/", typed)
    client.force_login(make.create_person(role=Role.ADMINISTRATOR))
    assert "Elections" not in client.get("/desk/hold/").content.decode()
    client.logout()
    client.post("/desk/hold/", typed)
    client.force_login(administrator)
    assert Page(client.get("/desk/hold/")).all("input", name="reason")[0].get("value") == "Elections"


def test_what_was_typed_comes_back_only_where_it_was_typed(client):
    client.post("/desk/people/invite/", TYPED)
    sign_in(client)
    assert Page(client.get("/desk/hold/")).all("input", name="reason")[0].get("value", "") == ""
    (name,) = Page(client.get("/desk/people/invite/")).all("input", name="name")
    assert name.get("value") == "Ben & Co"


def test_what_was_typed_comes_back_after_the_second_step_was_set_up(client):
    person = make.sign_in(client, make.create_person(role=Role.ADMINISTRATOR, second_factor=False))
    assert sent_to(client.post("/desk/hold/", {"reason": "Elections"})) == (AT_SECOND_STEP, "/desk/hold/")
    make.TOTP.activate(person, "A" * 32)
    assert Page(client.get("/desk/hold/")).all("input", name="reason")[0].get("value") == "Elections"


def test_what_was_typed_comes_back_where_twelve_hours_were_over(client, administrator, monkeypatch):
    monkeypatch.setattr(access, "LONGEST_SIGNED_IN", -1)
    client.post("/desk/hold/", {"reason": "Elections"})
    monkeypatch.undo()
    client.force_login(administrator)
    assert Page(client.get("/desk/hold/")).all("input", name="reason")[0].get("value") == "Elections"


def test_form_is_kept_for_the_page_on_which_it_stood(client):
    """An autosave is sent to an address of its own."""
    answer = client.post("/desk/people/", TYPED, headers={"Referer": "http://testserver/desk/people/invite/?a=1"})
    assert sent_to(answer) == (AT_SIGN_IN, "/desk/people/invite/?a=1")
    sign_in(client)
    (name,) = Page(client.get("/desk/people/invite/?a=1")).all("input", name="name")
    assert name.get("value") == "Ben & Co"


@pytest.mark.parametrize(
    "shown, back",
    [
        pytest.param("http://testserver/desk/hold/", "/desk/hold/", id="page of the desk"),
        pytest.param("http://evil.example/desk/hold/", "/desk/people/", id="another site"),
        pytest.param("http://testserver/outcomes/", "/desk/people/", id="public page"),
        pytest.param("", "/desk/people/", id="none"),
    ],
)
def test_htmx_is_told_to_load_the_sign_in_and_come_back_to_the_page_shown(client, shown, back):
    headers = {"HX-Request": "true", "HX-Current-URL": shown}
    answer = client.get("/desk/people/", headers=headers)
    assert answer.status_code == 200
    parts = urlsplit(answer["HX-Redirect"])
    assert (parts.path, parse_qs(parts.query)["next"]) == (AT_SIGN_IN, [back])


def test_too_much_is_not_kept_and_its_sender_is_told(client, monkeypatch):
    monkeypatch.setattr(access, "LONGEST_KEPT", 40)
    client.post("/desk/hold/", {"reason": "x" * 50})
    assert "What you sent was too much to keep. Go back in your browser" in Page(client.get(AT_SIGN_IN)).main
    assert "kept" not in client.session


def test_strangers_cannot_fill_the_database(client, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"keep_typed": "1/h/ip"}
    client.post("/desk/hold/", {"reason": "one"})
    assert "one" in client.session["kept"]["typed"]
    client.post("/desk/hold/", {"reason": "two"})
    assert "one" in client.session["kept"]["typed"]


def test_files_are_not_kept(client, tmp_path):
    file = tmp_path / "values.csv"
    file.write_text("secret")
    with file.open() as sent:
        client.post("/desk/hold/", {"reason": "one", "file": sent})
    assert client.session["kept"]["typed"] == "reason=one"


def test_stranger_without_anything_typed_is_given_no_cookie(client):
    assert "sessionid" not in client.get("/desk/").cookies
    assert "sessionid" not in client.post("/desk/hold/").cookies


def test_what_a_stranger_typed_is_kept_for_an_hour(client, monkeypatch):
    client.post("/desk/hold/", {"reason": "one"})
    assert client.session.get_expiry_age() == access.KEPT_FOR
    sign_in(client)
    assert client.session.get_expiry_age() == 8 * 60 * 60


# --- what every page of the desk has ---


@pytest.fixture
def answers(client, administrator):
    return {name: client.get(address(name)) for name in PAGES if name != "audit_csv"}


def test_every_page_is_valid_html(answers):
    assert problems({name: answer.content.decode() for name, answer in answers.items()}) == []


def test_every_page_is_sound(answers):
    pages = {name: Page(answer) for name, answer in answers.items()}
    found = {(name, check.__name__): check(page) for name, page in pages.items() for check in reading.CHECKS}
    assert {where: faults for where, faults in found.items() if faults} == {}


def test_every_page_has_safe_headers_and_is_kept_by_nobody_else(answers):
    for name, answer in answers.items():
        assert [fault for fault in reading.header_faults(answer) if fault != "cookie"] == [], name
        assert answer["Cache-Control"] == "private, no-cache"
        assert "Cookie" in answer["Vary"]
        assert Page(answer).all("meta", name="robots")[0].get("content") == "noindex, nofollow"


def test_every_page_says_who_is_signed_in_and_lets_them_out(answers):
    for answer in answers.values():
        page = Page(answer)
        assert "Ann Admin Administrator" in page.text
        (out,) = (form for form in page.all("form") if form.get("action") == "/accounts/logout/")
        assert (out.get("method"), words(out)) == ("post", "Sign out")


@pytest.mark.parametrize(
    "role, left_out",
    [
        pytest.param(Role.OFFICER, {"Boards", *FOR_ADMINISTRATORS}, id="officer"),
        pytest.param(Role.APPROVER, {"Paste or upload", "Boards", *FOR_ADMINISTRATORS}, id="approver"),
        pytest.param(Role.ADMINISTRATOR, {"Paste or upload"}, id="administrator"),
        pytest.param(Role.BOARD_CLERK, {"Paste or upload", *FOR_ADMINISTRATORS}, id="board clerk"),
        pytest.param(Role.BOARD_MEMBER, {"Paste or upload", *FOR_ADMINISTRATORS}, id="board member"),
    ],
)
def test_navigation_offers_what_the_role_may_open(client, role, left_out):
    sign_in(client, role)
    page = Page(client.get("/desk/account/"))
    (nav,) = page.all("nav", **{"aria-label": "Desk"})
    links = [words(a) for a in nav.iter("a")]
    every = ["My work", "Measures", "Submissions", "Paste or upload", "Boards", *FOR_ADMINISTRATORS]
    assert links == [name for name in every if name not in left_out]


def test_page_that_is_open_is_marked_in_the_navigation(client, administrator):
    for name, label in (("people", "People"), ("invite", "People"), ("hold", "Hold"), ("audit", "Record")):
        page = Page(client.get(address(name)))
        assert [words(a) for a in page.all("a", **{"aria-current": "true"})] == [label]


def test_demo_banner_is_shown_only_while_debugging(client, administrator, settings):
    assert "This is a trial on one machine" not in Page(client.get("/desk/account/")).text
    settings.DEBUG = True
    assert "This is a trial on one machine" in Page(client.get("/desk/account/")).text


def test_public_page_knows_nothing_of_who_is_signed_in(client, administrator):
    client.get("/desk/account/")
    answer = client.get("/")
    assert "Ann Admin" not in answer.content.decode()
    assert "Cookie" not in answer["Vary"]
    assert reading.header_faults(answer) == []


def test_desk_of_an_empty_record_says_what_to_do(client, administrator, monkeypatch):
    monkeypatch.setattr("luton2040.editions.EditionQuerySet.current", lambda self: None)
    answer = client.get("/desk/people/")
    assert answer.status_code == 503
    assert "Nothing has been published yet" in Page(answer).main


def test_view_of_the_desk_is_given_the_newest_edition_and_today(rf, place):
    from luton2040.roles import Act

    seen = {}

    @access.desk_page(Act.OPEN_DESK)
    def view(request):
        seen.update(edition=request.edition, today=request.today, kept=request.kept, vision=request.vision.name)
        return HttpResponse()

    request = rf.get("/desk/")
    request.user = make.create_person(role=Role.OFFICER)
    request.session = {"signed_in_at": record.NOW.timestamp()}
    view(request)
    assert seen == {"edition": place, "today": record.TODAY, "kept": None, "vision": "Exampleton 2035"}
