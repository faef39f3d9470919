"""Fills a copy of the site with so many pledges, and times pages that show them; prints JSON.

Every organisation that is made up here makes three pledges of five commitments; half have news, a few are withdrawn.
"""

import json
from datetime import date, timedelta
from statistics import median

from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from boards.models import BoardVersion
from luton2040.editions import Edition
from outcomes.models import OutcomeVersion
from pledges import models as p
from pledges.standing import Stage
from priorities.models import PriorityVersion, Standing
from tests.bench.fresh import milliseconds

COMMITMENTS, TIMES = 5, 15
FIRST_DAY, DAYS = date(2019, 1, 1), 2500
WORDS = ("apprentices", "trees", "homes", "meals", "bicycles", "lessons", "repairs")
KINDS = ("charity", "small business", "school", "college", "council", "football club", "hospital")


def main(number: str) -> None:
    settings.ALLOWED_HOSTS = ["testserver"]
    with transaction.atomic():
        fill(int(number))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    client, found = Client(), {}
    for name, path in pages().items():
        with CaptureQueriesContext(connection) as made:
            milliseconds(client, path)
            queries = len(made)
        taken = [milliseconds(client, path) for _ in range(TIMES)]
        found[name] = [queries, *(median(each) for each in zip(*taken, strict=True))]
    print(json.dumps(found))


def pages() -> dict[str, str]:
    edition = Edition.objects.current()
    code = p.CommitmentOutcome.objects.at(edition).first().outcome_id
    priority = OutcomeVersion.objects.at(edition).get(outcome=code).priority_id
    pages = -(-p.PledgeVersion.objects.at(edition).not_withdrawn().count() // 25)
    return {
        "register": "/pledges/",
        "register, by priority": f"/pledges/?priority={priority}",
        "register, by outcome": f"/pledges/?outcome={code.lower()}",
        "register, silent": "/pledges/?standing=silent",
        "register, searched": "/pledges/?q=trees+homes",
        "register, last page": f"/pledges/?page={pages}",
        "pledge": "/pledges/pledge-0/",
        "organisation": "/organisations/maker-0/",
        "badge": "/organisations/maker-0/badge.svg",
        "outcome": f"/outcomes/{code.lower()}/",
        "priority": f"/priorities/{priority}/",
        "board": f"/boards/{BoardVersion.objects.at(edition).first().board_id}/",
    }


def fill(number: int) -> None:
    """In place of the pledges that are delivered."""
    for model in (p.CommitmentStage, p.CommitmentOutcome, p.PledgeUpdate, p.CommitmentVersion, p.PledgeOrganisation,
                  p.PledgeVersion, p.Commitment, p.Pledge):  # fmt: skip
        model.objects.all().delete()
    edition = Edition.objects.current()
    codes = list(OutcomeVersion.objects.at(edition).values_list("outcome", flat=True))
    priorities = list(PriorityVersion.objects.at(edition).values_list("priority", flat=True))
    rows = {p.Organisation: [], p.Pledge: [], p.Commitment: []}
    versions = []
    for n in range(number):
        slug, day = f"pledge-{n}", FIRST_DAY + timedelta(days=n * 37 % DAYS)
        if n % 3 == 0:
            maker = f"maker-{n}"
            rows[p.Organisation].append(p.Organisation(slug=maker))
            known = {"kind": KINDS[n % len(KINDS)], "kind_standing": Standing.PUBLISHED}
            versions.append(p.OrganisationVersion(organisation_id=maker, name=f"Maker {n}", **known))
        rows[p.Pledge].append(p.Pledge(slug=slug))
        versions += pledge(n, slug, maker, day, priorities)
        for position in range(COMMITMENTS):
            commitment = f"{slug}-{position}"
            rows[p.Commitment].append(p.Commitment(slug=commitment))
            versions += promised(n, slug, commitment, position, codes)
    for model, made in rows.items():
        model.objects.bulk_create(made, batch_size=2000)
    for row in versions:
        row.first_edition = edition
    for model in {type(row) for row in versions}:
        model.objects.bulk_create([row for row in versions if type(row) is model], batch_size=2000)


def pledge(n: int, slug: str, maker: str, day: date, priorities: list[str]):
    yield p.PledgeVersion(
        pledge_id=slug,
        kind=p.PledgeVersion.Kind.PLEDGE,
        title=f"Maker {n}: {WORDS[n % len(WORDS)]} for all",
        made_on=("", str(day.year), day.isoformat()[:7], day.isoformat())[n % 4],
        focus=[priorities[n % len(priorities)]],
        withdrawn_on=day + timedelta(days=400) if n % 40 == 39 else None,
        withdrawn_why="It could not be done." if n % 40 == 39 else "",
    )
    yield p.PledgeOrganisation(pledge_id=slug, organisation_id=maker, position=1)
    if n % 2:
        said_on = day + timedelta(days=200)
        yield p.PledgeUpdate(key=f"{slug}-said", pledge_id=slug, said_on=said_on, said="We began.")


def promised(n: int, slug: str, commitment: str, position: int, codes: list[str]):
    word = WORDS[(n + position) % len(WORDS)]
    what = f"Give {n} {word} to people who live here."
    yield p.CommitmentVersion(commitment_id=commitment, pledge_id=slug, position=position + 1, what=what)
    for place in range(1 + n % 2):
        code = codes[(n * 7 + position * 3 + place) % len(codes)]
        yield p.CommitmentOutcome(commitment_id=commitment, outcome_id=code, standing=Standing.PUBLISHED)
    if n % 2 and position < 3:
        stage = list(Stage)[(n // 2 + position) % len(Stage)]
        yield p.CommitmentStage(commitment_id=commitment, stage=stage, update=f"{slug}-said")
