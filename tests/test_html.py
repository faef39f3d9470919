"""Every page is valid HTML, whatever was asked of it."""

import pytest
from django.test import Client

from tests import addresses, record
from tests.browser import pages
from tests.html_validity import problems

pytestmark = pytest.mark.django_db


def test_every_page_is_valid_html(luton):
    pages.publish_more(record.issue(pages.correction(pages.most_shown(pages.summaries()))))
    client = Client()
    fragment = {"HX-Request": "true"}
    asked = pages.paths() | {path: path for path in addresses.pages()}
    htmls = {name: client.get(path).content.decode() for name, path in asked.items()}
    # A fragment is checked in the page that it is put into.
    for kind in ("home with a card", "outcomes filtered", "roadmap filtered", "pledges filtered"):
        part, hole = client.get(asked[kind], headers=fragment).content.decode(), "card" if "card" in kind else "results"
        assert "<html" not in part
        htmls[f"{kind}, put in"] = (
            f'<!doctype html><html lang="en"><head><title>A page</title></head><body><div id="{hole}">{part}</div>'
        )
    assert problems(htmls) == []
