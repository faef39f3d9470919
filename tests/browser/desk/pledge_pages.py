"""Every kind of page of pledges that is filled in: by makers, by partners and at the desk, with its states."""

from dataclasses import replace
from datetime import timedelta
from importlib import import_module

from django.conf import settings
from django.urls import reverse
from playwright.sync_api import Page, expect

from luton2040.editions import Edition
from pledges import contacts, content, offers, rewording
from pledges.models import CommitmentVersion, Contact, LinkCheck, Offer, PledgeUpdate, Question
from pledges.offering import draft as drafts
from priorities.models import PriorityVersion
from tests.browser.desk import steps
from tests.browser.desk.conftest import email
from tests.browser.desk.kinds import hold, kind, plain
from tests.browser.desk.pages import button, expect_problem
from tests.factories_pledges import (
    a_wording,
    create_contact,
    create_evidence,
    create_offer,
    create_pledge_update,
    create_stage,
)
from tests.record import NOW

LONG = "A rather long account of what is to be done, with whom and by when, and of how it is to be followed up. "
LONG_URL = f"https://example.org/{'a-page-of-rather-a-long-name/' * 9}"


def promise(desk, **fields) -> content.Promise:
    said = {"what": LONG[:80], "target": "20 of them", "target_by": "2030-03", "helps": LONG}
    return content.Promise(**said | {"outcomes": [report.code for report in desk.due[:3]]} | fields)


def a_whole_wording(desk, **fields) -> content.Wording:
    focus = list(PriorityVersion.objects.current().order_by("position").values_list("priority", flat=True)[:2])
    promises = [promise(desk), promise(desk, what="Do more where possible.", target="", target_by="")]
    said = {"focus": focus, "commitments": promises, "plan": LONG * 5, "community": LONG * 3}
    return a_wording(**{"organisation": "The Rather Long Name of a Bakery, and Mill, Ltd"} | said | fields)


# --- making one ---


def begin(page: Page, desk, place: str = drafts.MAKING, **fields) -> None:
    """In a session in which all that is not given is filled in."""
    said = {"wording": a_whole_wording(desk), "numbers": [1, 2], "last_number": 2, "email": "baker@example.org"}
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    drafts.keep(session, drafts.Draft(**{"key": "k" * 32, "began": NOW.timestamp()} | said | fields), place)
    session.create()
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session.session_key, "url": desk.url}])


def step(page: Page, desk, name: str, *args, **fields) -> None:
    begin(page, desk, **fields)
    page.goto(reverse(f"offering:{name}", args=args))


plain("making a pledge", "offering:start", "/pledges/new/", who="")


@kind("offering:start", who="")
def making_a_pledge_that_was_begun(page: Page, desk):
    begin(page, desk)
    page.goto(f"/pledges/new/?outcome={desk.due[0].slug}")
    expect(page.get_by_role("main")).to_contain_text("You have begun a pledge")


@kind("offering:focus", who="")
def choosing_a_focus_with_faults(page: Page, desk):
    page.goto("/pledges/new/focus/")
    button(page, "Save and go on")
    expect_problem(page, "Choose at least one priority.")


@kind("offering:actions", who="")
def actions_with_hints(page: Page, desk):
    step(page, desk, "actions")
    expect(page.get_by_role("main")).to_contain_text("You can go on as it is")


@kind("offering:add_action", who="")
def first_action_with_faults(page: Page, desk):
    step(page, desk, "add_action", wording=replace(a_whole_wording(desk), commitments=[]), numbers=[])
    page.get_by_label("What will you do?").fill(LONG * 4)
    page.get_by_label("By when?").fill("soon")
    button(page, "Save this action")
    expect_problem(page, "Keep it to 300 characters", "Choose at least one outcome.")


@kind("offering:action", who="")
def changing_an_action(page: Page, desk):
    step(page, desk, "action", 1)
    expect(page.get_by_role("main")).to_contain_text("3 chosen")


@kind("offering:remove_action", who="")
def removing_an_action(page: Page, desk):
    step(page, desk, "remove_action", 1)


@kind("offering:plan", who="")
def plan_with_faults(page: Page, desk):
    step(page, desk, "plan")
    page.get_by_label("How will you do it").fill(LONG * 30)
    button(page, "Save and go on")
    expect_problem(page, "Keep it to 2,000 characters")


@kind("offering:community", who="")
def community_of_a_pledge(page: Page, desk):
    step(page, desk, "community")


@kind("offering:you", who="")
def who_makes_it_with_faults(page: Page, desk):
    step(page, desk, "you")
    page.get_by_label("Name of your organisation").fill("")
    page.get_by_label("Its website").fill("ours")
    page.get_by_label("Your e-mail address").fill("me")
    button(page, "Save and go on")
    expect_problem(page, "Name of your organisation", "Write an address such as")


@kind("offering:check", who="")
def checking_a_pledge_too_quickly(page: Page, desk):
    step(page, desk, "check")
    button(page, "Hand in the pledge")
    expect_problem(page, "That was very quick.")


@kind("offering:sent", who="")
def pledge_that_was_sent(page: Page, desk):
    begin(page, desk, place=drafts.SENT)
    page.goto("/pledges/new/sent/")


@kind("offering:confirm", who="")
def confirming_an_address(page: Page, desk):
    offer = create_offer(state="unconfirmed", typed=a_whole_wording(desk), now=NOW)
    page.goto(reverse("offering:confirm", args=[offers.confirmation(offer)]))
    expect(page.get_by_role("heading", level=1)).to_have_text("Is this your pledge?")


@kind("offering:confirm", who="")
def link_that_does_not_confirm(page: Page, desk):
    page.goto("/pledges/new/confirm/nothing/")


# --- partners ---


def partner() -> Contact:
    return Contact.objects.get(email=email("partner"))


def handed_in(desk, kind: str, typed, **fields) -> Offer:
    """By the partner, about its pledge."""
    contact = partner()
    about = {"pledge_id": desk.pledge.pledge_id, "organisation": contact.organisations.get()} if kind != "new" else {}
    if fields.get("state") == "declined":
        about["decided_by"] = desk.person("pledges")
    return create_offer(kind=kind, typed=typed, contact=contact, now=NOW, **about | fields)


def news(desk, **fields) -> content.News:
    slug = CommitmentVersion.objects.current().filter(pledge=desk.pledge.pledge_id).first().commitment_id
    said = {"said": LONG * 4, "said_on": "2026-11-30", "evidence_url": LONG_URL, "stages": {slug: "under-way"}}
    return content.News(**said | fields)


def an_update(desk, **fields) -> Offer:
    return handed_in(desk, "update", news(desk), evidence=create_evidence(now=NOW), **fields)


def a_change(desk, **fields) -> Offer:
    """One commitment reads otherwise, one is left out, and one is new."""
    before = rewording.as_published(desk.pledge, rewording.held(desk.pledge.pledge_id).values())
    first, second, *rest = before.commitments
    promises = [replace(first, what=f"{first.what} And more of it.", target="30 of them"), *rest, promise(desk)]
    after = replace(before, commitments=promises, plan=LONG, community=LONG, why="The shop moved.")
    assert second not in after.commitments
    return handed_in(desk, "change", after, **fields)


def an_end(desk, **fields) -> Offer:
    return handed_in(desk, "end", content.Ending(why=LONG, ended_on="2026-11-30"), **fields)


def asked(desk, offer: Offer) -> Offer:
    Question.objects.create(offer=offer, text=LONG, asked_by=desk.person("pledges"), asked_at=NOW)
    return offer


def published_update(desk, **fields) -> PledgeUpdate:
    pledge = desk.pledge.pledge_id
    edition = Edition.objects.current()
    commitment = CommitmentVersion.objects.current().filter(pledge=pledge).first().commitment_id
    update = create_pledge_update(edition=edition, pledge=pledge, said=LONG * 3, evidence_url=LONG_URL, **fields)
    create_stage(edition=edition, commitment=commitment, update=update.key)
    return update


def yours(desk, *below: str) -> str:
    return "/".join(["/pledges/yours", *below, ""])


@kind("partners:home", who="partner")
def pledges_of_a_partner(page: Page, desk):
    """In every state that something handed in can be in."""
    asked(desk, a_change(desk, state="asked"))
    an_update(desk)
    for state in ("declined", "withdrawn"):
        an_end(desk, state=state)
    page.goto("/pledges/yours/")
    expect(page.get_by_role("heading", name="The council asks you")).to_be_visible()


@kind("partners:home", who="partner")
def pledges_of_a_partner_who_has_none(page: Page, desk):
    partner().organisations.clear()
    page.goto("/pledges/yours/")


@kind("partners:sign_in", who="")
def partner_signing_in_with_faults(page: Page, desk):
    page.goto("/pledges/yours/")
    page.get_by_label("Your e-mail address").fill("me")
    button(page, "Send me a link")
    expect_problem(page, "Write an address such as")


@kind("partners:sign_in", who="")
def partner_who_was_sent_a_link(page: Page, desk):
    page.goto("/pledges/yours/")
    page.get_by_label("Your e-mail address").fill("christopher.bartholomew-fotheringay@a-rather-long-name.example.org")
    button(page, "Send me a link")
    expect(page.get_by_role("heading", level=1)).to_have_text("Look into your e-mail")


@kind("partners:enter", who="")
def link_that_signs_in(page: Page, desk):
    page.goto(reverse("partners:enter", args=[contacts.sign_in_token(partner())]))
    expect(page.get_by_role("button", name="Sign in", exact=True)).to_be_visible()


@kind("partners:enter", who="")
def link_that_does_not_sign_in(page: Page, desk):
    page.goto("/pledges/yours/enter/nothing/")


@kind("partners:delete", who="partner")
def deleting_an_address(page: Page, desk):
    an_end(desk)
    page.goto("/pledges/yours/delete/")


@kind("partners:offer", who="partner")
def question_about_a_new_pledge_with_faults(page: Page, desk):
    offer = asked(desk, handed_in(desk, "new", a_whole_wording(desk), state="asked"))
    page.goto(yours(desk, "offers", str(offer.pk)))
    page.get_by_text("Change what you handed in, too").click()
    page.get_by_text("Commitment 1:").click()
    page.get_by_label("What will you do?").first.fill("")
    button(page, "Send the answer")
    expect_problem(page, "Your answer")


@kind("partners:offer", who="partner")
def update_that_waits(page: Page, desk):
    page.goto(yours(desk, "offers", str(an_update(desk).pk)))


@kind("partners:offer", who="partner")
def end_that_was_declined(page: Page, desk):
    page.goto(yours(desk, "offers", str(an_end(desk, state="declined").pk)))


@kind("partners:pledge", who="partner")
def pledge_of_a_partner(page: Page, desk):
    published_update(desk)
    an_update(desk)
    page.goto(yours(desk, desk.pledge.pledge_id))


@kind("partners:update", who="partner")
def update_with_faults(page: Page, desk):
    published_update(desk)
    page.goto(yours(desk, desk.pledge.pledge_id, "update"))
    page.get_by_label("A link that shows it").fill("ours")
    html = {"name": "proof.png", "mimeType": "image/png", "buffer": b"<script>alert(1)</script>"}
    page.get_by_label("A file that shows it").set_input_files(html)
    button(page, "Send the update")
    expect_problem(page, "What was done?", "A link that shows it", "A file that shows it")


@kind("partners:change", who="partner")
def change_of_wording_with_faults(page: Page, desk):
    page.goto(yours(desk, desk.pledge.pledge_id, "change"))
    page.get_by_text("Commitment 1:").click()
    page.get_by_label("What will you do?").first.fill("")
    button(page, "Send the new wording")
    expect_problem(page, "What will you do?", "Why does it change?")


@kind("partners:end", who="partner")
def end_with_faults(page: Page, desk):
    page.goto(yours(desk, desk.pledge.pledge_id, "end"))
    button(page, "Ask to end it")
    expect_problem(page, "Why does it end?")


# --- at the desk ---


@kind("pledge_desk:queue", who="pledges")
def queue_with_some_of_everything(page: Page, desk):
    handed_in(desk, "new", a_whole_wording(desk))
    an_update(desk)
    asked(desk, a_change(desk, state="asked"))
    an_end(desk, state="declined")
    hold(desk)
    page.goto("/desk/pledges/")
    for summary in page.locator("summary").all():
        summary.click()


plain("queue that is empty", "pledge_desk:queue", "/desk/pledges/", who="pledges")


def open_offer(page: Page, offer: Offer, *below: str) -> None:
    page.goto("/".join(["/desk/pledges/offers", str(offer.pk), *below, ""]))


@kind("pledge_desk:offer", who="pledges")
def new_pledge_to_decide_on_with_a_hold(page: Page, desk):
    """By an organisation that may be in the register already, and for which another offer waits."""
    hold(desk)
    name = partner().organisations.get().versions.current().get().name
    handed_in(desk, "new", a_whole_wording(desk))
    open_offer(page, handed_in(desk, "new", a_whole_wording(desk, organisation=f"{name} Ltd")))
    for summary in page.locator("main summary").all():
        summary.click()
    button(page, "Publish as it is shown above")
    expect(steps.problems(page)).to_be_visible()


@kind("pledge_desk:offer", who="pledges")
def change_to_decide_on(page: Page, desk):
    offer = a_change(desk)
    corrected = replace(content.wording(offer.typed), plan="Another plan.", title="Another title")
    Offer.objects.filter(pk=offer.pk).update(corrected=content.stored(corrected))
    open_offer(page, offer)
    expect(page.get_by_role("heading", name="What was corrected")).to_be_visible()


@kind("pledge_desk:offer", who="pledges")
def update_to_decide_on_with_faults(page: Page, desk):
    open_offer(page, an_update(desk))
    page.get_by_text("Decline it", exact=True).first.click()
    button(page, "Decline it")
    expect_problem(page, "Why is it declined?")


@kind("pledge_desk:offer", who="pledges")
def end_that_the_partner_was_asked_about(page: Page, desk):
    open_offer(page, asked(desk, an_end(desk, state="asked")))


@kind("pledge_desk:correct", who="pledges")
def correcting_a_new_pledge_with_faults(page: Page, desk):
    open_offer(page, handed_in(desk, "new", a_whole_wording(desk)), "correct")
    page.get_by_label("Title in the register").fill("")
    page.get_by_label("What will you do?").first.fill(LONG * 4)
    button(page, "Save the correction")
    expect_problem(page, "Title in the register", "Keep it to 300 characters")


@kind("pledge_desk:correct", who="pledges")
def correcting_an_update(page: Page, desk):
    open_offer(page, an_update(desk), "correct")


@kind("pledge_desk:pledge", who="pledges")
def pledge_at_the_desk_with_faults(page: Page, desk):
    published_update(desk)
    an_update(desk)
    page.goto(f"/desk/pledges/{desk.pledge.pledge_id}/")
    page.get_by_text("Record that this pledge has ended").click()
    button(page, "Publish that it has ended")
    expect(steps.problems(page)).to_be_visible()


@kind("pledge_desk:organisation", who="pledges")
def organisation_at_the_desk_with_faults(page: Page, desk):
    slug = partner().organisations.get().pk
    long = "christopher.bartholomew-fotheringay@a-rather-long-name-of-an-organisation.example.org"
    create_contact(email=long, speaks_for=[slug], now=NOW)
    page.goto(f"/desk/pledges/organisations/{slug}/")
    page.get_by_label("E-mail address").fill("me")
    button(page, "Add the address and send the letter")
    expect(steps.problems(page)).to_be_visible()


@kind("pledge_desk:links", who="pledges")
def links_that_fail(page: Page, desk):
    published_update(desk)
    an_update(desk)
    since = NOW - timedelta(days=9)
    for result, url in (("gone", LONG_URL), ("refused", "http://me@127.0.0.1/")):
        said = "The site says that there is no such page (404 Not Found)."
        LinkCheck.objects.create(url=url, result=result, said=said, checked_at=NOW, failing_since=since)
    handed_in(desk, "update", news(desk, evidence_url="http://me@127.0.0.1/"))
    page.goto("/desk/pledges/links/")
    expect(page.get_by_role("table").get_by_role("row")).to_have_count(3)
