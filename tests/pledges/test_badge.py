"""The badge: what it says, that it is sound SVG, and that it stays inside itself."""

from datetime import date
from xml.etree import ElementTree

import pytest

from luton2040.editions import Edition
from luton2040.vision import Vision
from pledges import badge
from pledges.models import CommitmentStage, CommitmentVersion, PledgeUpdate, PledgeVersion
from pledges.report import PledgeReport
from pledges.standing import Stage
from tests.factories import NOW, TODAY

VISION = Vision(name="Anytown 2040")
SVG = "{http://www.w3.org/2000/svg}"


def report(*stages, checked=(), ended=None):
    """With a commitment for each stage, each reported by an update of its own; None: nothing is."""
    commitments = [CommitmentVersion(commitment_id=f"c-{n}", what="Buy.") for n in range(len(stages))]
    told = [n for n, stage in enumerate(stages) if stage]
    return PledgeReport(
        pledge=PledgeVersion(pledge_id="a-pledge", title="A pledge", withdrawn_on=ended),
        makers=[("a-charity", "A charity")],
        commitments=commitments,
        updates=[PledgeUpdate(key=f"u-{n}", said_on=TODAY, checked_on=TODAY if n in checked else None) for n in told],
        first_shown_on=date(2026, 1, 1),
        today=TODAY,
        stages={f"c-{n}": CommitmentStage(stage=stages[n], update=f"u-{n}") for n in told},
    )


def drawn(*reports, name="A charity"):
    return ElementTree.fromstring(badge.draw(name, reports, vision=VISION, edition=Edition(number=7, issued_at=NOW)))


DONE, UNDER_WAY = Stage.DONE, Stage.UNDER_WAY


@pytest.mark.parametrize(
    "reports, said",
    [
        pytest.param([], "No pledge in the register now. See the register.", id="none"),
        pytest.param([report()], "No pledge in the register now. See the register.", id="without commitments"),
        pytest.param([report(None)], "1 commitment · nothing reported yet. See the register.", id="nothing reported"),
        pytest.param(
            [report(DONE, UNDER_WAY, None)],
            "3 commitments · 1 done, 1 under way, 1 not reported on. Said by the partner, not checked.",
            id="reported",
        ),
        pytest.param(
            [report(DONE, DONE, checked=[0]), report(UNDER_WAY)],
            "3 commitments · 2 done, 1 under way. 1 of 3 checked by the council.",
            id="partly checked",
        ),
        pytest.param(
            [report(DONE, checked=[0])], "1 commitment · 1 done. Checked by the council.", id="checked"
        ),
        pytest.param(
            [report(DONE, DONE, None, checked=[0, 1])],
            "3 commitments · 2 done, 1 not reported on. 2 of 3 checked by the council.",
            id="one not reported on",
        ),
        pytest.param(
            [report(DONE, ended=date(2027, 1, 5)), report(ended=date(2027, 3, 2))],
            "Pledge ended on 2 March 2027. See the register.",
            id="ended",
        ),
        pytest.param(
            [report(DONE, checked=[0], ended=date(2027, 3, 2)), report(DONE)],
            "1 commitment · 1 done. Said by the partner, not checked.",
            id="one of two ended",
        ),
    ],
)  # fmt: skip
def test_badge_says_how_commitments_stand_and_who_says_so(reports, said):
    assert badge.text("A charity", reports, VISION) == f"Anytown 2040: A charity. {said}"
    assert drawn(*reports).find(f"{SVG}desc").text == f"Anytown 2040: A charity. {said}"


def test_badge_names_itself_and_asks_for_nothing():
    svg = drawn(report(DONE), name="Mill & <Sons>")
    assert svg.get("role") == "img" and svg.get("aria-labelledby") == "badge-title badge-desc"
    assert svg.find(f"{SVG}title").text == "Anytown 2040: Mill & <Sons>"
    assert {e.tag.removeprefix(SVG) for e in svg.iter()} == {"svg", "title", "desc", "rect", "circle", "text"}
    assert not any(name in ("href", "style") or name.startswith("on") for e in svg.iter() for name in e.attrib)
    assert [t.text for t in svg.iter(f"{SVG}text")] == [
        "Anytown 2040",
        "Mill & <Sons>",
        "1 commitment · 1 done",
        "Said by the partner, not checked",
        "Edition 7, 1 June 2026",
    ]


@pytest.mark.parametrize("letter", ["\x01", "\x1b", "\n", "\ufffe", "\uffff"], ids=ascii)
def test_badge_is_sound_whatever_a_name_holds(letter):
    assert drawn(name=f"Bad{letter}Org").find(f"{SVG}title").text == "Anytown 2040: Bad Org"


@pytest.mark.parametrize("name", ["The long name of a society " * 7, "Unbroken" * 25])
def test_long_names_are_cut_and_what_is_drawn_fits(name):
    svg = drawn(report(*[stage for stage in Stage for _ in range(1000)], None), name=name)
    texts = list(svg.iter(f"{SVG}text"))
    assert texts[2].text.endswith("…") and len(texts) <= 9
    assert max(int(t.get("y")) for t in texts) < int(svg.get("height")) - 6
    # Of a wide font the letters take about six tenths of their size.
    assert max(int(t.get("x")) + 0.62 * int(t.get("font-size")) * len(t.text) for t in texts) < badge.WIDTH


def test_snippet_is_safe_to_copy_whatever_the_name():
    found = badge.snippet('"Mill" <b>', vision=VISION, picture="https://a.example/b.svg?x&y", page="https://a.example/")
    assert found == (
        '<a href="https://a.example/"><img src="https://a.example/b.svg?x&amp;y" '
        'alt="What &quot;Mill&quot; &lt;b&gt; has pledged to Anytown 2040, and how it stands" width="360"></a>'
    )
