"""What may be wrong with any page as a browser shows it; each finds a list, which should be empty."""

from collections.abc import Iterator

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

PHONE = {"width": 320, "height": 640}
TWICE = {"width": 640, "height": 450}  # the desk's screen at 200%
ZOOMED = {"width": 320, "height": 256}  # 1280 by 1024 at 400%
DESK = {"width": 1280, "height": 900}

# WCAG 1.4.12. Letters and words of drawn text too, as a reader's style sheet would.
WIDER_TEXT = """* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }
p { margin-bottom: 2em !important; }"""
# The reader's own style sheet is no part of the page: its policy does not apply.
PUT_ON = """(css) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    document.adoptedStyleSheets = [sheet];
}"""

SIDEWAYS = "() => document.documentElement.scrollWidth - innerWidth"

# Words that stand outside the window, or are cut off by a box that hides what does not fit.
CUT_OFF = """() => {
    const found = new Set();
    const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const range = document.createRange();
    while (words.nextNode()) {
        const text = words.currentNode, parent = text.parentElement;
        if (!text.data.trim() || parent.closest("script, style, title, .unseen, .skip")) continue;
        if (!parent.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true })) continue;
        range.selectNodeContents(text);
        for (const box of range.getClientRects()) {
            if (box.width < 1) continue;
            for (let around = parent; around; around = around.parentElement) {
                const look = getComputedStyle(around), edge = around.getBoundingClientRect();
                if (look.clipPath !== "none" && edge.width <= 1) break;
                if (/auto|scroll/.test(look.overflowX)) break;
                const isRoot = around === document.documentElement;
                const left = isRoot ? 0 : edge.left, right = isRoot ? innerWidth : edge.right;
                const hidesX = isRoot || /hidden|clip/.test(look.overflowX);
                const hidesY = !isRoot && /hidden|clip/.test(look.overflowY);
                if ((hidesX && (box.left < left - 2 || box.right > right + 2))
                    || (hidesY && (box.top < edge.top - 4 || box.bottom > edge.bottom + 4))) {
                    found.add(`${text.data.trim().slice(0, 60)} (in ${around.localName}.${around.classList})`);
                }
            }
        }
    }
    return [...found];
}"""

# WCAG 2.5.8: targets that are smaller than 24 by 24 pixels and do not stand in a line of text. Segments of the wheel
# are narrower on a phone: the list below it is their equivalent, and its links are measured.
SMALL_TARGETS = """() => {
    const found = [];
    for (const target of document.querySelectorAll("a[href], button, input, select, summary")) {
        if (target.type === "hidden" || target.matches(".skip, .unseen")) continue;
        if (!target.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true })) continue;
        if (target.closest("svg.wheel")) continue;
        const box = target.getBoundingClientRect();
        if (box.width >= 23.9 && box.height >= 23.9) continue;
        const isInline = getComputedStyle(target).display === "inline";
        const around = target.closest("p, dd, dt, td, th, li, caption, figcaption, div, span:not(.unseen)");
        const said = (element) => element.textContent.replace(/\\s+/g, " ").trim().length;
        if (isInline && around && said(around) > said(target)) continue;
        const name = target.getAttribute("aria-label") || target.textContent.trim().replace(/\\s+/g, " ");
        found.push(`${name} (${Math.round(box.width)} by ${Math.round(box.height)})`);
    }
    return found;
}"""

EVERY_RULE = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}
COLOUR_RULES = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
CHECK = """async ([part, rules]) => {
    const answer = await axe.run(part, { runOnly: rules, resultTypes: ["violations"] });
    return { violations: answer.violations, passed: answer.passes.length };
}"""


def told(found: dict[str, list[str]]) -> str:
    """All that was found, a line each; empty where there is nothing."""
    return "\n".join(f"{what}: {fault}" for what, faults in found.items() for fault in faults)


# --- accessibility: the rules of WCAG 2.2 A and AA that axe can check ---


def violations(page: Page) -> list[str]:
    """One line for each, narrow and wide, and in both schemes, which differ in nothing but colours."""
    views = [(PHONE, "light", EVERY_RULE), (DESK, "light", EVERY_RULE), (DESK, "dark", COLOUR_RULES)]
    return _violations(page, "html", views)


def violations_in_short(page: Page) -> list[str]:
    """For another state of a page that is looked at in full: of its main part, all rules narrow, the colours wide."""
    return _violations(page, "main", [(PHONE, "light", EVERY_RULE), (DESK, "dark", COLOUR_RULES)])


def _violations(page: Page, part: str, views: list[tuple[dict, str, dict]]) -> list[str]:
    found = {}
    page.evaluate(Axe().axe_script)
    for viewport, scheme, rules in views:
        page.set_viewport_size(viewport)
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        answer = page.evaluate(CHECK, [part, rules])
        assert answer["passed"], "axe has checked nothing"
        for line in _lines(answer["violations"]):
            found.setdefault(line, []).append(f"{viewport['width']} {scheme}")
    page.emulate_media(color_scheme="light")
    return [f"{', '.join(views)}: {line}" for line, views in found.items()]


def _lines(violations: list[dict]) -> Iterator[str]:
    for violation in violations:
        for node in violation["nodes"]:
            why = "; ".join(check["message"] for check in node["any"] + node["all"] + node["none"])
            yield f"{violation['id']} at {' '.join(map(str, node['target']))}: {why}"


# --- layout ---


def sideways(page: Page) -> list[str]:
    pixels = page.evaluate(SIDEWAYS)
    return [f"scrolls sideways by {pixels} pixels"] if pixels else []


def cut_off(page: Page) -> list[str]:
    return page.evaluate(CUT_OFF)


def layout(page: Page) -> list[str]:
    """On a phone, and zoomed in."""
    found = [f"on a phone: {fault}" for fault in _unfit(page, PHONE) + page.evaluate(SMALL_TARGETS)]
    found += [f"at 200%: {fault}" for fault in _unfit(page, TWICE)]
    page.set_viewport_size(ZOOMED)
    found += [f"zoomed: {fault}" for fault in sideways(page)]
    if not page.get_by_role("heading", level=1).is_visible():
        found.append("zoomed: the heading is not there")
    return found


def at_any_width(page: Page) -> list[str]:
    return [
        f"{width} wide: {fault}"
        for width in (400, 600, 768, 960, 1024, 1280, 1920)
        for fault in _unfit(page, {"width": width, "height": 900})
    ]


def layout_of_wider_text(page: Page) -> list[str]:
    page.evaluate(PUT_ON, WIDER_TEXT)
    found = [f"{viewport['width']} wide: {fault}" for viewport in (PHONE, DESK) for fault in _unfit(page, viewport)]
    page.evaluate(PUT_ON, "")
    return found


def _unfit(page: Page, viewport: dict) -> list[str]:
    page.set_viewport_size(viewport)
    return sideways(page) + cut_off(page)


# --- the keyboard ---

# Notes what has the focus whenever Tab is pressed, and when asked: whether it is shown to have it, and is in view.
WALK = """() => {
    const walked = [], stops = [];
    window.noteStop = () => {
        const element = document.activeElement;
        if (!element || element === document.body || element === walked.at(-1)) return;
        const before = walked.at(-1);
        const look = getComputedStyle(element), box = element.getBoundingClientRect();
        const outlined = look.outlineStyle !== "none" && parseFloat(look.outlineWidth) >= 2;
        const drawnWide = ({ stroke, strokeWidth }) => stroke !== "none" && parseFloat(strokeWidth) >= 3;
        const redrawn = element instanceof SVGElement && [...element.querySelectorAll("path, circle")].some(
            (shape) => drawnWide(getComputedStyle(shape)));
        const inside = (selector) => element.closest(selector) !== null;
        const label = element.labels && element.labels.length ? element.labels[0].textContent : element.textContent;
        stops.push({
            name: element.getAttribute("aria-label") || label.trim().replace(/\\s+/g, " ") || element.id,
            isNew: !walked.includes(element),
            isAfter: !before || Boolean(before.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING),
            isMarked: outlined || redrawn,
            isInView: box.width > 0
                && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
            isSegment: inside("svg.wheel") && element.hasAttribute("data-card"),
            isInChart: inside("figure"),
            isInFooter: inside("footer"),
        });
        walked.push(element);
    };
    window.stopsWalked = () => { window.noteStop(); return stops; };
    document.addEventListener("keydown", (event) => { if (event.key === "Tab") window.noteStop(); }, true);
}"""
# A group of radio buttons is one stop; the parts of a date are a stop each, of one element.
STOPS = """() => {
    const all = [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")];
    const stops = all.filter((element) => element.type !== "hidden" && !element.disabled && element.tabIndex >= 0
        && element.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true }));
    const isTheOne = (radio) => {
        const isOfIt = ({ type, name, form }) => type === "radio" && name === radio.name && form === radio.form;
        const group = stops.filter(isOfIt);
        return radio === (group.find((other) => other.checked) || group[0]);
    };
    return stops.filter((element) => element.type !== "radio" || isTheOne(element)).length;
}"""
PARTS = """() => 3 * document.querySelectorAll("input[type=date], input[type=time]").length"""


# Some pages put the focus somewhere when they load, or are opened at a place. The place of what is gone again is the
# one that the focus goes on from.
TO_THE_TOP = """() => {
    const first = document.createElement("button");
    document.body.prepend(first);
    first.focus();
    first.remove();
}"""


def walk(page: Page) -> list[dict]:
    """Every stop of the Tab key, from the top of the page until it leaves it."""
    page.set_viewport_size(DESK)
    page.emulate_media(reduced_motion="reduce")
    page.evaluate(TO_THE_TOP)
    page.evaluate(WALK)
    for _ in range(page.evaluate(STOPS) + page.evaluate(PARTS) + 2):
        page.keyboard.down("Tab")
    page.keyboard.up("Tab")
    stops = page.evaluate("stopsWalked()")
    again = next((place for place, stop in enumerate(stops) if not stop["isNew"]), len(stops))
    return stops[:again]


def tab_order(page: Page) -> list[str]:
    wanted, stops = page.evaluate(STOPS), walk(page)
    found = [f"{len(stops)} stops of {wanted}"] if len(stops) != wanted else []
    if stops[0]["name"] != "Skip to the main content":
        found.append(f"begins with {stops[0]['name']}")
    if not stops[-1]["isInFooter"]:
        found.append(f"the keyboard is caught at {stops[-1]['name']}")
    for stop in stops:
        faults = {
            "a stop without a name": not stop["name"],
            "out of order": not stop["isAfter"],
            "not shown to have the focus": not stop["isMarked"],
            "out of view": not stop["isInView"],
            "in the chart": stop["isInChart"],
        }
        found += [f"{stop['name']}: {fault}" for fault, is_so in faults.items() if is_so]
    return found
