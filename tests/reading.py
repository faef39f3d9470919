"""Pages as a browser takes them: a tree to look things up in, and what must be true of every public page."""

import re
from html.parser import HTMLParser
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, TreeBuilder

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


def words(element: Element | None) -> str:
    """All text inside, spaces as one sees them."""
    return "" if element is None else " ".join("".join(element.itertext()).split())


class Page:
    """An answer read as HTML; a fragment is read as what it is put into."""

    def __init__(self, response):
        self.response = response
        self.html = response.content.decode()
        parser = _Parser()
        parser.feed(self.html)
        self.root = parser.finish()
        self.parent = {child: element for element in self.root.iter() for child in element}

    def all(self, tag: str, **attributes: str) -> list[Element]:
        return [e for e in self.root.iter(tag) if all(e.get(n.strip("_")) == v for n, v in attributes.items())]

    def one(self, tag: str, **attributes: str) -> Element:
        (found,) = self.all(tag, **attributes)
        return found

    def around(self, element: Element, *tags: str) -> Element | None:
        """The nearest of these elements that the element stands in."""
        while element is not None and element.tag not in tags:
            element = self.parent.get(element)
        return element

    @property
    def text(self) -> str:
        return words(self.root)

    @property
    def main(self) -> str:
        return words(self.one("main"))

    @property
    def title(self) -> str:
        return words(self.one("head").find("title"))

    @property
    def headings(self) -> list[str]:
        return [words(e) for e in self.root.iter() if e.tag in HEADINGS]

    def section(self, heading: str) -> Element:
        """What stands under a heading: the section that it names."""
        (found,) = (e for e in self.root.iter() if e.tag in HEADINGS and words(e) == heading)
        return self.around(found, "section", "main")

    @property
    def links(self) -> list[str]:
        return [a.get("href") for a in self.root.iter("a")]

    def link(self, text: str) -> str:
        """The address behind a link's words; the same wherever it stands twice."""
        (found,) = {a.get("href") for a in self.root.iter("a") if words(a) == text}
        return found

    def entry(self, text: str, *tags: str) -> str:
        """The words of the list item or row that a link of these words stands in; the first where there are more."""
        around = (self.around(a, *(tags or ("li", "tr"))) for a in self.root.iter("a") if words(a) == text)
        return words(next(e for e in around if e is not None))

    def typed(self, **changes: str) -> dict[str, str]:
        """What a browser would send of the first form of the main part, with some fields typed over."""
        found = {}
        for element in next(self.one("main").iter("form")).iter():
            name, kind = element.get("name"), element.get("type")
            if element.tag == "textarea":
                found[name] = (element.text or "").removeprefix("\n")
            elif element.tag == "select":
                options = list(element.iter("option"))
                chosen = [o for o in options if "selected" in o.attrib] or options[:1]
                found[name] = chosen[0].get("value") if chosen else ""
            elif element.tag == "input" and kind in ("checkbox", "radio"):
                found |= {name: element.get("value", "on")} if "checked" in element.attrib else {}
            elif element.tag == "input":
                found[name] = element.get("value", "")
        return found | changes

    def rows(self, table: Element | None = None) -> list[list[str]]:
        """Cells of a table's body; of all tables unless one is given."""
        bodies = (self.root if table is None else table).iter("tbody")
        return [[words(cell) for cell in row if cell.tag in ("th", "td")] for body in bodies for row in body.iter("tr")]


class _Parser(HTMLParser):
    """Every element must be closed by its own tag, so that the tree is the one that was meant."""

    def __init__(self):
        super().__init__()
        self.builder = TreeBuilder()
        self.open = []
        self.builder.start("document", {})

    def handle_starttag(self, tag, attrs):
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"<{tag}> has an attribute twice: {names}"
        self.builder.start(tag, {name: value or "" for name, value in attrs})
        if tag in VOID:
            self.builder.end(tag)
        else:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag):
        assert self.open and self.open[-1] == tag, f"</{tag}> closes <{self.open[-1:]}> at {self.getpos()}"
        self.builder.end(self.open.pop())

    def handle_data(self, data):
        self.builder.data(data)

    def finish(self) -> Element:
        self.close()
        assert not self.open, f"never closed: {self.open}"
        self.builder.end("document")
        return self.builder.close()


# --- what must be true of every page; each gives the faults that it finds ---


def has_one_first_heading(page):
    found = page.all("h1")
    return [] if len(found) == 1 and words(found[0]) else [words(h) for h in found] or ["no h1"]


def has_headings_in_order(page):
    """No level is left out on the way down."""
    levels = [int(e.tag[1]) for e in page.one("main").iter() if e.tag in HEADINGS]
    return [f"h{a} then h{b}" for a, b in zip(levels, levels[1:], strict=False) if b > a + 1]


def has_title_and_language(page):
    faults = [] if len(page.title) > 8 and " – " in page.title else [f"title {page.title!r}"]
    return faults + ([] if page.one("html").get("lang") == "en-GB" else ["lang"])


def has_description(page):
    said = [m.get("content", "") for m in page.all("meta", name="description")]
    return [] if len(said) == 1 and len(said[0]) > 10 else said or ["no description"]


def has_no_trace_of_the_machine(page):
    found = re.findall(r"Traceback|\{\{|\{%|Decimal\(|Fraction\(|object at 0x|&amp;lt;|\bnan\b", page.html)
    return found


def has_no_style_of_its_own(page):
    faults = [f"style on <{e.tag}>" for e in page.root.iter() if "style" in e.attrib]
    return faults + ["<style>" for _ in page.all("style")]


def has_no_inline_script(page):
    faults = [f"{name} on <{e.tag}>" for e in page.root.iter() for name in e.attrib if name.startswith("on")]
    scripts = (s for s in page.all("script") if s.get("type") != "application/ld+json")
    return faults + [f"script {words(s)[:40]!r}" for s in scripts if not s.get("src") or words(s)]


def loads_nothing_from_elsewhere(page):
    """Links may lead away; what the page itself loads, or sends, stays here."""
    loaded = [
        e.get(name)
        for e in page.root.iter()
        for name in ("src", "srcset", "href", "xlink:href", "action", "data", "poster")
        if name in e.attrib and e.tag != "a"
    ]
    return [address for address in loaded if address.startswith("//") or urlsplit(address).scheme]


def has_no_broken_reference(page):
    """Names are given once, and whatever is pointed at is there."""
    ids = [e.get("id") for e in page.root.iter() if "id" in e.attrib]
    faults = [f"id {i} twice" for i in set(ids) if ids.count(i) > 1]
    for e in page.root.iter():
        wanted = [e.get("for")] if e.tag == "label" else []
        wanted += e.get("aria-labelledby", "").split() + e.get("aria-describedby", "").split()
        if e.get("href", "").startswith("#"):
            wanted.append(e.get("href")[1:])
        faults += [f"<{e.tag}> points at {name}" for name in wanted if name not in ids]
    return faults


def has_labelled_fields(page):
    labelled = {label.get("for") for label in page.all("label")}
    fields = [e for tag in ("input", "select", "textarea") for e in page.all(tag) if e.get("type") != "hidden"]
    return [f"{e.get('name')} has no label" for e in fields if e.get("id") not in labelled]


def has_links_with_words(page):
    """A link, button or picture that is not hidden says what it is."""
    return [
        f"<{e.tag}> {e.attrib}"
        for tag in ("a", "button")
        for e in page.all(tag)
        if not words(e) and not e.get("aria-label")
    ]


def has_tables_that_say_what_they_hold(page):
    faults = []
    for table in page.all("table"):
        if not words(table.find("caption")):
            faults.append("table without caption")
        faults += [
            f"th {words(th)!r} without scope" for th in table.iter("th") if th.get("scope") not in ("col", "row")
        ]
        widths = {sum(int(c.get("colspan", 1)) for c in row if c.tag in ("th", "td")) for row in table.iter("tr")}
        if len(widths) > 1:
            faults.append(f"rows of {sorted(widths)} cells")
    return faults


def has_pictures_that_are_named_or_hidden(page):
    return [
        f"svg {e.attrib}"
        for e in page.all("svg")
        if e.get("aria-hidden") != "true"
        and not (e.get("role") in ("img", "group") and (e.get("aria-label") or e.get("aria-labelledby")))
    ]


CHECKS = [
    has_one_first_heading,
    has_headings_in_order,
    has_title_and_language,
    has_description,
    has_no_trace_of_the_machine,
    has_no_style_of_its_own,
    has_no_inline_script,
    loads_nothing_from_elsewhere,
    has_no_broken_reference,
    has_labelled_fields,
    has_links_with_words,
    has_tables_that_say_what_they_hold,
    has_pictures_that_are_named_or_hidden,
]


def header_faults(response, *, framed_by="'none'") -> list[str]:
    """What is wrong with the headers of a public answer, page or file."""
    faults = ["cookie"] if response.cookies or "Set-Cookie" in response.headers else []
    wanted = {
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "strict-origin-when-cross-origin",
        "X-Frame-Options": "DENY" if framed_by == "'none'" else None,
    }
    faults += [f"{name}: {response.get(name)}" for name, value in wanted.items() if response.get(name) != value]
    policy = response.get("Content-Security-Policy", "")
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";") if rule.strip())
    wanted = {"default-src": "'none'", "script-src": "'self'", "frame-ancestors": framed_by}
    faults += [f"{name} {rules.get(name)}" for name, value in wanted.items() if rules.get(name) != value]
    rules.pop("frame-ancestors", None)
    return faults + [f"{name} {rule}" for name, rule in rules.items() if rule not in ("'self'", "'none'")]
