"""Between two editions: each pledge that anything became of is found, and none of which nothing did."""

from datetime import date

import pytest

from pledges.models import PledgeVersion
from pledges.touched import Moment, touched
from tests.factories import create_edition
from tests.factories_pledges import create_pledge, create_pledge_update

pytestmark = pytest.mark.django_db
THEN, NOW = date(2026, 1, 10), date(2026, 6, 1)


def test_what_anything_became_of_is_found():
    first = create_edition()
    made = {"same": "2026", "quiet": "2025-02", "long-quiet": "2020", "told": "2020", "left": "2026"}
    for slug, made_on in made.items():
        create_pledge(slug=slug, made_on=made_on)
    create_pledge(slug="ended", made_on="2026")
    since, pinned = create_edition(), create_edition()
    PledgeVersion.objects.filter(pledge__in=["left", "ended"]).update(last_edition=since)
    create_pledge(slug="ended", edition=pinned, organisations=[], withdrawn_on=NOW, withdrawn_why="It closed.")
    create_pledge(slug="brand-new", edition=pinned, made_on="2026")
    create_pledge_update(pledge="told", edition=pinned)
    later = create_edition()
    create_pledge(slug="later", edition=later)
    create_pledge_update(pledge="same", edition=later)
    found = touched(Moment(since, THEN), Moment(pinned, NOW))
    assert found == {"quiet", "told", "left", "ended", "brand-new"}
    assert touched(Moment(first, THEN), Moment(since, THEN)) == set()
