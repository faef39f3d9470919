"""Every kind of page at the desk and of signing in: all that is asked of each, in one visit."""

from urllib.parse import urlsplit

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, resolve
from playwright.sync_api import expect

from tests.browser import faults
from tests.browser.desk import account_pages, board_pages, pages, pledge_pages
from tests.browser.desk.kinds import KINDS

pytestmark = pytest.mark.browser

assert pages and account_pages and board_pages and pledge_pages  # which fill the table of kinds

# Addresses that show no page of their own.
FILES = {
    "desk:measure_csv",
    "desk:submission_csv",
    "desk:due_file",
    "staff:audit_csv",
    "mfa_download_recovery_codes",
    "board_desk:pack",
    "pledge_desk:offer_evidence",
}
SCRIPTS = {"mfa_login_webauthn"}  # asked by passkey.js, which is sent on from there
LEADS_ON = {"partners:sign_out"}
BEHIND = ("desk/", "accounts/", "pledges/new/", "pledges/yours/")
FIRST_OF_THEIR_ADDRESS = set({kind.address: name for name, kind in reversed(KINDS.items())}.values())
IN_THE_PLACE_OF = {
    "luton2040.desk.account.SignOut": "account_logout",
    "luton2040.desk.account.TakeCode": "account_confirm_login_code",
    "luton2040.desk.account.closed": "account_signup",
}
CLOSED = {
    "account_email",
    "account_email_verification_sent",
    "account_confirm_email",
    "account_set_password",
    "socialaccount_signup",
    "socialaccount_connections",
    "openid_connect_login",
    "openid_connect_callback",
}


@pytest.mark.parametrize("name", KINDS)
def test_page(opened, windows, desk, name):
    kind = KINDS[name]
    page = opened(kind.who)
    watch = windows.watch(page, desk.url)
    kind.show(page, desk)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.wait_for_load_state()
    view = resolve(urlsplit(page.url).path).view_name
    assert IN_THE_PLACE_OF.get(view, view) == kind.address
    found = {
        "complaints": list(watch.said),
        "asked elsewhere": watch.elsewhere,
        "Plotly": [address for address in watch.requests if "plotly" in address],
        "layout": faults.layout(page),
    }
    if name in FIRST_OF_THEIR_ADDRESS:
        found["accessibility"] = faults.violations(page)
        found["wider text"] = faults.layout_of_wider_text(page)
        found["keyboard"] = faults.tab_order(page)
    else:
        found["accessibility"] = faults.violations_in_short(page)
    assert not faults.told(found), faults.told(found)


def space_of(part: URLResolver) -> str:
    return f"{part.namespace}:" if part.namespace else ""


def names(resolver: URLResolver, space: str = "") -> set[str]:
    found = set()
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            found |= {f"{space}{pattern.name}"} if pattern.name else set()
        else:
            found |= names(pattern, space + space_of(pattern))
    return found


def test_every_address_behind_a_sign_in_or_a_form_has_a_kind():
    behind = [p for p in get_resolver().url_patterns if str(p.pattern).startswith(BEHIND)]
    wanted = set().union(*(names(part, space_of(part)) for part in behind if isinstance(part, URLResolver)))
    assert {kind.address for kind in KINDS.values()} - {"by_link"} == wanted - FILES - SCRIPTS - LEADS_ON - CLOSED
