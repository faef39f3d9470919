"""The pack as a workbook, laid out as every spreadsheet of the site is. The same papers give the same bytes."""

from boards import actions, horizon, sentences
from boards.pack import Part
from boards.papers import Papers
from outcomes import formatting as words
from outcomes.downloads import Table, milestones_table, outcomes_table, values_table
from outcomes.spreadsheets import NOTED_OF_GOALS, VALUES_OF_ALL, Sheet, only, workbook

NO_NOTES: dict[str, int] = {}


def pack_xlsx(papers: Papers) -> bytes:
    parts = [Part(turn, papers.reviews.get(turn.now.code)) for turn in papers.in_order]
    reports = papers.reports
    of_place = [report.with_observations({report.vision.home_area: report.series}) for report in reports]
    board, place = papers.board.name, papers.vision.place
    sheets = [
        Sheet("Changes", f"{board}: what changed, and then the rest", _changes(papers, parts), NO_NOTES),
        Sheet("Outcomes", f"{board}: where each outcome stands", outcomes_table(reports)),
        Sheet("Values", f"Values of {place}", only(values_table(of_place), VALUES_OF_ALL)),
        Sheet("Milestones", "Baselines, milestones and targets", milestones_table(reports), NOTED_OF_GOALS),
        Sheet("Ahead", "What falls due in the next two years", _ahead(papers), NO_NOTES),
        Sheet("Reviews", "What the board says of its outcomes", _reviews(parts), NO_NOTES),
        Sheet("Actions", "What the board has agreed to do", _actions(papers), NO_NOTES),
        Sheet("Pledges", "What became of the pledges that serve these outcomes", _pledges(papers), NO_NOTES),
    ]
    title = f"{board}: papers for the meeting on {words.day(papers.held_on)}"
    return workbook(papers, title, papers.tally or [papers.board.purpose], sheets)


def _changes(papers: Papers, parts: list[Part]) -> Table:
    columns = ("outcome", "name", "group", "status_before", "status_now", "what_changed")
    gone = [
        (report.code, report.outcome.short_label, "No longer in these papers", report.status.label, None, said)
        for report, said in ((report, sentences.gone(report)) for report in papers.gone)
    ]
    return Table(columns, [*(_change(part) for part in parts), *gone])


def _change(part: Part) -> tuple:
    turn, report = part.turn, part.report
    before = turn.before.status.label if turn.before else None
    group = (turn.main_news or turn.place).label
    return report.code, report.outcome.short_label, group, before, report.status.label, " ".join(part.told)


def _ahead(papers: Papers) -> Table:
    columns = ("outcome", "name", "falls_due_on", "within_months", "what_is_to_be_reached", "goal_is", "risk", "why")
    rows = [
        (each.report.code, each.report.outcome.short_label, each.goal.due_on, months, horizon.what(each),
         each.goal.milestone.get_standing_display(), each.risk.label, each.why)
        for months, found in papers.horizons
        for each in found
    ]  # fmt: skip
    return Table(columns, rows)


def _reviews(parts: list[Part]) -> Table:
    columns = ("outcome", "name", "signed_off_on", "part", "text")
    rows = []
    for part in parts:
        about = (part.report.code, part.report.outcome.short_label)
        rows += [(*about, part.review.signed_off_on, name, text) for name, text in part.written]
        rows += [(*about, reply["on"], f"Reply of {reply['organisation']}", reply["text"]) for reply in part.replies]
    return Table(columns, rows)


def _actions(papers: Papers) -> Table:
    columns = ("what", "organisation", "outcome", "to_be_done_by", "how_it_stands", "closed_on", "how_it_went")
    stands = [(a, actions.standing(a, papers.meeting.read_on)) for a in [*papers.open_actions, *papers.closed]]
    rows = [(a.what, a.owner, a.outcome_id, a.due_on, s.label, a.closed_on, a.result) for a, s in stands]
    return Table(columns, rows)


def _pledges(papers: Papers) -> Table:
    rows = [(pledge.pledge.title, words.listed(pledge.organisations), told) for pledge, told in papers.pledges_told]
    return Table(("pledge", "organisations", "what_became_of_it"), rows)
