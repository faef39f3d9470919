"""Budgets and ratios of the site, measured on a temporary copy of it, printed as one table: make bench

    PYTHONPATH=. python tests/bench/run.py [import] [weight] [rate] [fresh] [scale] [desk] [pack] [pledges]
        [lighthouse]

measures only what is named. A figure says something of the machine too; a ratio compares two figures of one run.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from tests.bench import browser, desk_timing, lighthouse, load
from tests.bench.copy_of_site import WORKERS, Copy, Server

KB = 1000
SHAPE = "{:<66} {:>10} {:>13}  {}"
KINDS = {"page": "/$", "CSS": r"\.css$", "font": r"\.woff2$", "JS": r"\.js$", "icon": r"\.(svg|ico|png)$"}
WHOLE_PAGES = ("/", "/outcomes/", "/roadmap/")
OTHER_PAGES = ("/mission/", "/plans/", "/changes/", "/data/", "/method/", "/about/")
REQUEST_LIMIT = 30  # seconds: gunicorn's own, after which it ends a worker; an officer's upload is one request
MEMORY_LIMIT = 512  # megabytes: a small server's
TITLES = {
    "import": "Import",
    "weight": "A first visit: compressed bytes over the wire, headers included (1 KB is 1,000 bytes)",
    "rate": "Kept pages",
    "fresh": "Pages built fresh and compressed, through all middleware: processor time, median of 30",
    "scale": "Pages built fresh from more data: processor time as a multiple of today's",
    "desk": "The desk at the pace of a person, from the list of what is due until all is handed in",
    "pack": "The pack of a meeting, made for the first time: processor time, median of 3",
    "pledges": "Pages with 10,000 pledges: processor time, median of 15, as a multiple of that with 10",
    "lighthouse": "Lighthouse on an emulated phone",
}


@dataclass(frozen=True)
class Line:
    """One row of the table: without a limit there is nothing to pass."""

    what: str
    value: float | None
    form: str = "{:g}"
    most: float | None = None
    least: float | None = None
    under: float | None = None
    note: str = ""

    @property
    def target(self) -> str:
        limits = [("<=", self.most), (">=", self.least), ("<", self.under)]
        return next((f"{sign} {self.form.format(limit)}" for sign, limit in limits if limit is not None), "")

    @property
    def passes(self) -> bool | None:
        if not self.target:
            return None if self.value is not None else False
        return self.value is not None and (
            (self.most is None or self.value <= self.most)
            and (self.least is None or self.value >= self.least)
            and (self.under is None or self.value < self.under)
        )

    def __str__(self) -> str:
        measured = "not measured" if self.value is None else self.form.format(self.value)
        verdict = {True: "pass", False: "FAIL", None: ""}[self.passes]
        said = SHAPE.format(self.what, self.target, measured, verdict).rstrip()
        return f"{said}\n{'':<8}{self.note}" if self.note else said


# --- import ---


def imported(copy: Copy) -> Iterator[Line]:
    copy.branch("import")
    found = json.loads(copy.run("import", "-m", "tests.bench.inside", "import_rows"))
    (_, _, before), *steps = found["steps"]
    for name, seconds, _ in steps:
        yield Line(f"{name.capitalize()} {found['rows']:,} rows", seconds, "{:.1f} s", under=REQUEST_LIMIT)
    upload = sum(seconds for name, seconds, _ in steps if name != "approve")
    yield Line("The upload as one request: all but approve", upload, "{:.1f} s", under=REQUEST_LIMIT)
    peaks = ", ".join(f"{name} {peak:.0f}" for name, _, peak in steps)
    yield Line(
        "Most memory held", steps[-1][2], "{:.0f} MB", most=MEMORY_LIMIT,
        note=f"MB after each step: before {before:.0f}, {peaks}. The file has {found['megabytes']:.1f}.",
    )  # fmt: skip


# --- weight ---


def weight(server: Server, pages: "Pages") -> Iterator[Line]:
    heaviest = max(pages.outcomes, key=lambda path: len(server.get(path)))
    with browser.browser() as chromium:
        for path, most in (("/", 60), (heaviest, 60), (pages.priorities[0], None), ("/outcomes/", None)):
            visit = browser.first_visit(chromium, server, path)
            parts = [f"{name} {visit.of(kind) / KB:.1f}" for name, kind in KINDS.items() if visit.of(kind)]
            yield Line(
                f"First visit to {path}{' (heaviest outcome)' if path == heaviest else ''}",
                visit.total / KB, "{:.1f} KB", most=most, note=f"{len(visit.sizes)} requests: {', '.join(parts)}.",
            )  # fmt: skip
        css = next(path for path in visit.sizes if path.endswith(".css"))
        yield Line("The style sheet", len(server.get(css)) / KB, "{:.1f} KB", under=15)
        at_once, near = browser.asks_for_plotly(chromium, server, heaviest)
        yield Line("Plotly is asked for: on opening an outcome (0 or 1)", int(at_once), most=0)
        yield Line("Plotly is asked for: once its chart is near (0 or 1)", int(near), least=1)


# --- rate ---


def rates(server: Server, *, rounds: int = 9, seconds: float = 2) -> Iterator[Line]:
    kinds = {"hello": "/bench/hello", "kept": "/"}
    found, spent = {kind: [] for kind in kinds}, {kind: [] for kind in kinds}
    for path in kinds.values():  # every worker has made the page before it counts
        load.rate(server.address + path, 1)
    for _ in range(rounds):
        for kind, path in kinds.items():
            before = server.seconds_of_processor()
            rate = load.rate(server.address + path, seconds)
            found[kind].append(rate)
            if before is not None:
                spent[kind].append((server.seconds_of_processor() - before) / (rate * seconds))
    ratio = median(kept / hello for kept, hello in zip(found["kept"], found["hello"], strict=True))
    each = ", ".join(f"{name} {median(values):,.0f}" for name, values in found.items())
    yield Line(
        "Rate of the kept home page, as a share of a bare view's", ratio, "{:.2f}", least=0.5,
        note=f"Requests a second, median of {rounds} rounds: {each} (gunicorn, {WORKERS} workers; {load.client()}).",
    )  # fmt: skip
    if spent["hello"]:
        kept, hello = (1e6 * median(spent[kind]) for kind in ("kept", "hello"))
        yield Line(
            "The same by the workers' processor time alone", hello / kept, "{:.2f}",
            note=f"Microseconds a request: hello {hello:.0f}, kept {kept:.0f}. The client's own work is not in it.",
        )  # fmt: skip


# --- fresh pages ---


class Pages:
    """A warm process that builds pages of one database."""

    def __init__(self, copy: Copy, database: str):
        self.process = copy.start(database, "-m", "tests.bench.inside", "fresh", stdin=subprocess.PIPE)
        self.outcomes, self.priorities = self._answer()
        self.times([*WHOLE_PAGES, self.outcomes[0], self.priorities[0]], 2)  # warm

    def _answer(self):
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("The process that builds pages ended.")
        return json.loads(line)

    def times(self, paths: Iterable[str], times: int) -> dict[str, list[tuple[float, float]]]:
        """Milliseconds, of the clock and of the processor."""
        print(json.dumps([times, list(paths)]), file=self.process.stdin, flush=True)
        return self._answer()

    def slowest(self, paths: Iterable[str]) -> str:
        """By processor time: the slowest of those that looked slow."""
        once = self.times(paths, 1)
        slow = self.times(sorted(once, key=lambda path: -once[path][0][1])[:8], 8)
        return max(slow, key=lambda path: middle(slow[path])[1])


def middle(times: Iterable[tuple[float, float]]) -> tuple[float, float]:
    clock, processor = zip(*times, strict=True)
    return median(clock), median(processor)


@contextmanager
def building(copy: Copy, database: str) -> Iterator[Pages]:
    pages = Pages(copy, database)
    try:
        yield pages
    finally:
        pages.process.stdin.close()
        pages.process.wait(30)
        pages.process.stdout.close()


def fresh(pages: Pages) -> Iterator[Line]:
    priority, outcome = pages.slowest(pages.priorities), pages.slowest(pages.outcomes)
    other = pages.slowest(OTHER_PAGES)
    notes = {priority: " (slowest priority)", outcome: " (slowest outcome)", other: " (slowest of the other pages)"}
    for path, times in pages.times([*WHOLE_PAGES, priority, outcome, other], 30).items():
        clock, processor = middle(times)
        note = f"By the clock {clock:.1f} ms."
        yield Line(f"{path}{notes.get(path, '')}", processor, "{:.1f} ms", under=40, note=note)


# --- scale ---

BIGGER = {
    "import": "After an edition of 100,000 values",
    "unused": "192,000 values, today's outcomes",
    "shown": "192,000 values, 400 outcomes shown",
}


def scale(copy: Copy, today: Pages) -> Iterator[Line]:
    for name, words in BIGGER.items():
        if not copy.database(name).exists():
            copy.branch(name)
            copy.run(name, "-m", "tests.bench.inside", *(["import_rows"] if name == "import" else ["scale", name]))
        with building(copy, name) as bigger:
            yield home_page(words, today, bigger)
            if name != "import":  # its outcomes' own tables are several times as long
                yield outcome_page(words, today, bigger)


def home_page(words: str, today: Pages, bigger: Pages) -> Line:
    now, then = in_turn((today, "/"), (bigger, "/"))
    note = f"{then:.1f} ms; with today's data {now:.1f} ms."
    shown, shown_today = len(bigger.outcomes), len(today.outcomes)
    if shown > shown_today:
        each = f"{then / shown:.2f} ms for each outcome shown, today {now / shown_today:.2f}"
        note += f" It says {shown / shown_today:.1f} times as much: {each}."
    return Line(f"{words}: home", then / now, "{:.2f} times", most=2, note=note)


def outcome_page(words: str, today: Pages, bigger: Pages) -> Line:
    now, then = in_turn((today, today.slowest(today.outcomes)), (bigger, bigger.slowest(bigger.outcomes)))
    note = f"{then:.1f} ms; with today's data {now:.1f} ms."
    return Line(f"{words}: slowest outcome", then / now, "{:.2f} times", most=2, note=note)


def in_turn(*wanted: tuple[Pages, str]) -> list[float]:
    """The processor time of each page, taken in turn, so that all have the same machine."""
    found = [[] for _ in wanted]
    for _ in range(5):
        for taken, (pages, path) in zip(found, wanted, strict=True):
            taken += pages.times([path], 2)[path]
    return [middle(times)[1] for times in found]


# --- the desk ---


def pace(copy: Copy) -> Iterator[Line]:
    found = desk_timing.measure(copy)
    yield Line(
        f"{found.count} values that are due, typed into the form", found.form, "{:.0f} s",
        note=f"Assumed: {desk_timing.ASSUMED}; nothing has to be looked up.",
    )  # fmt: skip
    yield Line("Each of them", found.form / found.count, "{:.1f} s", under=30)
    yield Line(
        f"{found.count} values that are due, pasted", found.paste, "{:.0f} s",
        note=f"Of it {found.spreadsheet:.0f} s for their keys in the spreadsheet, {desk_timing.LOOK:g} s for each row.",
    )  # fmt: skip


# --- the pack ---


def packs(copy: Copy) -> Iterator[Line]:
    copy.branch("pack")
    found = json.loads(copy.run("pack", "-m", "tests.bench.inside", "pack_timing").splitlines()[-1])
    outcomes, first = f"{found['outcomes']} outcomes", found["seconds"].pop("first")[1]
    notes = {
        "PDF": f" {found['kilobytes']:.0f} KB. The libraries, once a process, take {first:.1f} s with a small pack."
    }
    for name, (clock, processor) in found["seconds"].items():
        note = f"By the clock {clock:.2f} s.{notes.get(name, '')}"
        yield Line(f"{outcomes}: {name}", processor, "{:.2f} s", under=5, note=note)


# --- pledges ---


def pledged(copy: Copy) -> Iterator[Line]:
    """The register lists 25 of many and 10 of ten, and counts all; other pages show as much of either."""
    found = []
    for number in (10, 10_000):
        copy.branch(f"pledges-{number}")
        printed = copy.run(f"pledges-{number}", "-m", "tests.bench.inside", "pledge_timing", str(number))
        found.append(json.loads(printed.splitlines()[-1]))
    few, many = found
    for name, (queries, _, spent) in many.items():
        queries_of_few, _, of_few = few[name]
        most = 4 if name.startswith("register") else 3
        note = f"{spent:.1f} ms; with 10 pledges {of_few:.1f} ms. {queries} queries; with 10 pledges {queries_of_few}."
        yield Line(f"10,000 pledges: {name}", spent / of_few, "{:.2f} times", most=most, note=note)
    more = max(queries - few[name][0] for name, (queries, *_) in many.items())
    yield Line("Queries of any of them more than with 10", more, most=0)


# --- Lighthouse ---


def lights(server: Server, pages: Pages) -> Iterator[Line]:
    for path in ("/", pages.priorities[0], "/outcomes/", pages.outcomes[0]):
        runs = [lighthouse.scores(server.address + path)]
        if runs[0]["performance"] < 99:  # it varies with what else the machine does: the middle one of three
            runs += [lighthouse.scores(server.address + path) for _ in range(2)]
        found = {name: median(run[name] for run in runs) for name in lighthouse.CATEGORIES}
        tried = ", ".join(format(run["performance"], "g") for run in runs)
        note = f"Median of {tried}." if len(runs) > 1 else ""
        yield Line(f"{path} performance", found.pop("performance"), least=99, note=note)
        lowest = min(found, key=found.get)
        note = "" if found[lowest] == 100 else ", ".join(f"{name} {score:g}" for name, score in found.items())
        yield Line(f"{path} accessibility, best practices, SEO", found[lowest], least=100, note=note)


# --- all ---


def main(wanted: Iterable[str]) -> None:
    start, load_before = time.monotonic(), os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="luton2040-bench-") as folder:
        copy = Copy(Path(folder))
        progress("Making a copy of the site")
        copy.make()
        with copy.served() as server, building(copy, "today") as pages:
            sections: dict[str, Callable[[], Iterable[Line]]] = {
                "import": lambda: imported(copy),
                "weight": lambda: weight(server, pages),
                "rate": lambda: rates(server),
                "fresh": lambda: fresh(pages),
                "scale": lambda: scale(copy, pages),
                "desk": lambda: pace(copy),
                "pack": lambda: packs(copy),
                "pledges": lambda: pledged(copy),
                "lighthouse": lambda: lights(server, pages),
            }
            table = {}
            for name in wanted or sections:
                progress(TITLES[name])
                began = time.monotonic()
                lines = measured(sections[name])
                table[f"{TITLES[name]} ({time.monotonic() - began:.0f} s)"] = lines
    print(f"\n{SHAPE.format('', 'target', 'measured', '').rstrip()}")
    for title, lines in table.items():
        print(f"\n{title}")
        for line in lines:
            print(f"  {line}")
    every = [line.passes for lines in table.values() for line in lines if line.passes is not None]
    print(f"\n{every.count(True)} of {len(every)} within target. {time.monotonic() - start:.0f} seconds in all.")
    print(f"{os.cpu_count()} processors; on average {load_before:.1f} processes were at work when the run began.")


def measured(measure: Callable[[], Iterable[Line]]) -> list[Line]:
    """What was measured before anything went wrong, and what did."""
    lines = []
    try:
        for line in measure():
            lines.append(line)
    except (Exception, SystemExit) as error:
        traceback.print_exc()
        lines.append(Line("The rest of this section", None, note=f"{type(error).__name__}: {error}"))
    return lines


def progress(what: str) -> None:
    print(f"... {what}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
