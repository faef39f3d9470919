"""The whole life of a pledge: made, confirmed, corrected, published, kept up, checked and ended."""

import io
import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.core import mail
from PIL import Image, PngImagePlugin
from playwright.sync_api import Page, expect

from tests.browser.desk import steps
from tests.browser.desk.pages import button
from tests.browser.desk.pledge_pages import a_whole_wording, begin
from tests.browser.steps import filters, wheel
from tests.record import NOW

pytestmark = pytest.mark.browser

EMAIL, MAKER = "baker@example.org", "The Good Bakery"
VAGUE = "Support young people where possible."
CLEAR, CORRECTED = "Take on 12 aprentices who live here by 2030.", "Take on 12 apprentices who live here by 2030."
PLAN, COMMUNITY = "Our manager counts them every spring.", "With the college."
DONE, WHY = "Four of them began in September.", "The bakery closes at the end of the year."


def follow_letter(page: Page, press: str) -> None:
    """The newest letter's link, and the button that it leads to."""
    link = urlsplit(re.search(r"https?://\S+", mail.outbox[-1].body).group())
    page.goto(link._replace(scheme="", netloc="").geturl())
    button(page, press)


def fill_in(page: Page, **fields: str) -> None:
    for label, text in fields.items():
        page.get_by_label(label.replace("_", " ")).fill(text)


def make_pledge(page: Page, desk, outcome) -> None:
    """From the page of an outcome to the letter."""
    page.goto(f"/outcomes/{outcome.slug}/")
    page.get_by_role("link", name=re.compile("^Make (the first|a pledge for it)$")).click()
    expect(page.get_by_role("main")).to_contain_text(f"You begin with {outcome.outcome.short_label}")
    page.get_by_role("link", name="Begin", exact=True).click()
    expect(page.get_by_role("checkbox", name=re.compile(f"^{outcome.priority.name}"))).to_be_checked()
    button(page, "Save and go on")
    fill_in(page, What_will_you_do=VAGUE)
    expect(page.get_by_label(outcome.outcome.name).first).to_be_checked()
    button(page, "Save this action")
    expect(page.get_by_role("main")).to_contain_text("You can go on as it is, or make it clearer")
    page.get_by_role("link", name="Change it").click()
    fill_in(page, What_will_you_do=CLEAR, How_much_or_how_many="12 apprentices", By_when="2030")


def fill_in_the_rest(page: Page) -> None:
    """From the list of actions to the last look."""
    button(page, "Save this action")
    expect(page.get_by_role("main")).to_contain_text("Clear: anyone can tell when it is done")
    page.get_by_role("link", name="Go on", exact=True).click()
    fill_in(page, How_will_you_do_it=PLAN)
    button(page, "Save and go on")
    fill_in(page, Who_will_you_do_it_with=COMMUNITY)
    button(page, "Save and go on")
    fill_in(page, Name_of_your_organisation=MAKER, What_kind_of_organisation="small business")
    page.get_by_label("Your e-mail address").fill(EMAIL)
    button(page, "Save and go on")
    expect(page.get_by_role("heading", level=1, name="Check your pledge")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text(CLEAR)


def hand_in(page: Page, desk) -> None:
    """At the first try it was too quick for a person."""
    button(page, "Hand in the pledge")
    expect(steps.problems(page)).to_contain_text("That was very quick.")
    desk.clock.now = NOW + timedelta(minutes=10)
    button(page, "Hand in the pledge")
    expect(page.get_by_role("heading", level=1)).to_have_text("One thing is left: confirm your address")
    assert [letter.recipients() for letter in mail.outbox] == [[EMAIL]]


def confirm(page: Page) -> None:
    follow_letter(page, "Yes, confirm it")
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you: your address is confirmed")


def open_offer(officer: Page, what: str) -> None:
    officer.goto("/desk/")
    officer.get_by_role("navigation", name="Desk").get_by_role("link", name="Pledges").click()
    officer.get_by_role("link", name=re.compile(what)).first.click()
    expect(officer.get_by_role("heading", name="As readers would see it")).to_be_visible()


def publish(officer: Page) -> None:
    button(officer, "Publish as it is shown above")
    expect(steps.told(officer)).to_contain_text("Published as edition")


def sign_in(partner: Page) -> None:
    partner.goto("/pledges/yours/")
    partner.get_by_label("Your e-mail address").fill(EMAIL)
    button(partner, "Send me a link")
    expect(partner.get_by_role("heading", level=1)).to_have_text("Look into your e-mail")
    follow_letter(partner, "Sign in")
    expect(partner.get_by_role("heading", level=1)).to_have_text("Your pledges")


def a_picture() -> dict:
    """With a note of where it was taken."""
    note, file = PngImagePlugin.PngInfo(), io.BytesIO()
    note.add_text("Comment", "Taken at home")
    Image.new("RGB", (40, 30), "teal").save(file, "PNG", pnginfo=note)
    assert b"Taken at home" in file.getvalue()
    return {"name": "Me at home.png", "mimeType": "image/png", "buffer": file.getvalue()}


def main(page: Page):
    return page.get_by_role("main")


def test_pledge_is_made_published_kept_up_and_ended(opened, resident, desk):
    outcome, another = desk.due[0], next(r for r in desk.due if r.priority != desk.due[0].priority)
    maker, officer = opened(), opened("pledges")

    make_pledge(maker, desk, outcome)
    segment = wheel(maker).get_by_role("checkbox", name=another.outcome.short_label, exact=True)
    segment.focus()
    maker.keyboard.press("Space")
    expect(maker.get_by_label(another.outcome.name).first).to_be_checked()
    expect(main(maker)).to_contain_text("2 chosen")
    fill_in_the_rest(maker)
    maker.go_back()
    expect(maker.get_by_label("Name of your organisation")).to_have_value(MAKER)
    maker.go_forward()
    hand_in(maker, desk)
    officer.goto("/desk/pledges/")
    expect(main(officer)).not_to_contain_text(MAKER)
    confirm(maker)

    open_offer(officer, MAKER)
    officer.get_by_role("link", name="Correct it").click()
    officer.get_by_label("What will you do?").first.fill(CORRECTED)
    button(officer, "Save the correction")
    corrected = officer.get_by_role("region", name="What was corrected")
    expect(corrected.get_by_role("deletion").first).to_contain_text("aprentices")
    expect(corrected.get_by_role("insertion").first).to_contain_text("apprentices")
    officer.get_by_label("A new one: it is not in the register yet").check()
    publish(officer)

    resident.goto("/pledges/")
    filters(resident).get_by_label(re.compile("^Words|^Search|^Find")).fill("Good Bakery 12 apprentices")
    resident.keyboard.press("Enter")
    resident.get_by_role("region", name="Find a pledge").get_by_role("link", name=re.compile(MAKER)).first.click()
    expect(main(resident)).to_contain_text(CORRECTED)
    expect(main(resident)).not_to_contain_text(CLEAR)
    public = resident.url
    expect(main(resident)).to_contain_text("No update has been published yet.")

    sign_in(maker)
    maker.get_by_role("link", name=re.compile("^Post an update")).click()
    maker.get_by_label("What was done?").fill(DONE)
    maker.get_by_role("group", name=CORRECTED).get_by_label("Under way").check()
    maker.get_by_label("A file that shows it").set_input_files(a_picture())
    button(maker, "Send the update")
    expect(steps.told(maker)).to_contain_text("It is with the council now")
    resident.goto(public)
    expect(main(resident)).not_to_contain_text(DONE)

    open_offer(officer, "Update")
    officer.get_by_label("The council has checked it on").fill("2026-12-01")
    publish(officer)
    resident.goto(public)
    heard = resident.get_by_role("region", name="What came of it")
    expect(heard).to_contain_text(DONE)
    expect(heard).to_contain_text("checked by the council on 1 December 2026")
    with resident.expect_download() as download:
        heard.get_by_role("link", name=re.compile("PNG picture")).click()
    assert re.fullmatch(r"[a-z0-9-]+\.png", download.value.suggested_filename)
    picture = download.value.path().read_bytes()
    assert Image.open(io.BytesIO(picture)).size == (40, 30) and b"Taken at home" not in picture
    for each in (outcome, another):
        resident.goto(f"/outcomes/{each.slug}/")
        behind = resident.get_by_role("region", name="Pledges behind it")
        expect(behind.get_by_role("listitem").filter(has_text=MAKER).first).to_contain_text("Under way, reported on")

    resident.goto(public)
    resident.locator(".lede").get_by_role("link", name=MAKER).click()
    snippet = resident.locator("code.snippet").text_content()
    elsewhere = opened()
    elsewhere.set_content(snippet)
    badge = elsewhere.get_by_role("img")
    expect(badge).to_have_attribute("alt", re.compile(MAKER))
    expect(badge).to_have_js_property("complete", True)
    assert badge.evaluate("image => image.naturalWidth") > 100
    assert "1 under way" in elsewhere.request.get(badge.get_attribute("src")).text()

    maker.goto("/pledges/yours/")
    maker.get_by_role("region", name="In the register").get_by_role("heading").get_by_role("link").click()
    maker.get_by_role("link", name="Ask to end it").click()
    maker.get_by_label("Why does it end?").fill(WHY)
    button(maker, "Ask to end it")
    open_offer(officer, "End")
    publish(officer)
    resident.goto(public)
    expect(resident.get_by_role("heading", name="This pledge has ended")).to_be_visible()
    expect(main(resident)).to_contain_text(WHY)
    expect(main(resident)).to_contain_text(CORRECTED)
    resident.goto("/pledges/?q=Good+Bakery")
    expect(resident.locator("#results")).to_contain_text("1 ended pledge fits: show it")
    assert resident.context.cookies() == []


def test_pledge_is_made_without_javascript(browser, desk):
    context = browser.new_context(base_url=desk.url, java_script_enabled=False)
    maker = context.new_page()
    outcome = desk.due[0]
    make_pledge(maker, desk, outcome)
    another = next(r for r in desk.due if r.priority != outcome.priority)
    maker.get_by_text(another.priority.name, exact=True).first.click()
    maker.get_by_label(another.outcome.name).first.check()
    fill_in_the_rest(maker)
    hand_in(maker, desk)
    confirm(maker)
    sign_in(maker)
    expect(main(maker)).to_contain_text("Waiting for the council")
    context.close()


def test_wheel_and_list_choose_the_same(opened, desk):
    page, (one, other) = opened(), desk.due[:2]
    begin(page, desk, wording=a_whole_wording(desk, commitments=[]), numbers=[])
    page.goto("/pledges/new/actions/new/")
    page.locator("[data-picker] details").evaluate_all("all => all.forEach((each) => { each.open = true; })")
    names = [report.outcome.name for report in (one, other)]
    boxes = [page.locator(".picker-list").get_by_role("checkbox", name=name) for name in names]
    labels = [report.outcome.short_label for report in (one, other)]
    segments = [wheel(page).get_by_role("checkbox", name=label, exact=True) for label in labels]
    count = page.locator("[data-count]")
    boxes[0].check()
    expect(segments[0]).to_be_checked()
    segments[1].locator("path").first.click()
    expect(boxes[1]).to_be_checked()
    expect(count).to_have_text("2 chosen")
    boxes[1].uncheck()
    expect(segments[1]).not_to_be_checked()
    segments[1].focus()
    page.keyboard.press("ArrowRight")
    expect(segments[1]).not_to_be_focused()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Space")
    expect(boxes[1]).to_be_checked()
    page.get_by_label("What will you do?").fill("Plant 100 trees by 2028.")
    button(page, "Save this action")
    for label in labels:
        expect(main(page)).to_contain_text(label)
