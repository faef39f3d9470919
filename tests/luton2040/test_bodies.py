"""How much may be sent: what is too large is refused before it is read."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from luton2040.bodies import LARGEST
from luton2040.roles import Role
from tests import factories as make
from tests import reading
from tests.reading import Page

pytestmark = pytest.mark.django_db
HALF_A_GIGABYTE = 500 * 1024 * 1024


@pytest.fixture(autouse=True)
def place(exampleton):
    return exampleton


class Unread(io.RawIOBase):
    """A body that fails whoever reads it."""

    def readable(self):
        return True

    def read(self, *args):
        raise AssertionError("the body was read")


def send(path, length, **more):
    """Announces so much and sends nothing; with the check that a form came from this site."""
    environ = {"CONTENT_LENGTH": str(length), "wsgi.input": Unread(), "CONTENT_TYPE": "multipart/form-data; boundary=x"}
    return Client(enforce_csrf_checks=True).request(REQUEST_METHOD="POST", PATH_INFO=path, **environ, **more)


@pytest.mark.parametrize("path", ["/desk/hold/", "/desk/paste/", "/accounts/login/", "/outcomes/", "/nowhere/"])
@pytest.mark.parametrize("length", [LARGEST + 1, HALF_A_GIGABYTE, 10**30])
def test_too_large_a_body_is_refused_unread(path, length):
    answer = send(path, length)
    assert answer.status_code == 413
    page = Page(answer)
    assert "That is too large to send" in page.main
    assert "At most 12 MB can be sent at once. Nothing was read and nothing was saved." in page.main
    assert [fault for check in reading.CHECKS for fault in check(page)] == []


@pytest.mark.parametrize("length", ["", "-1", "abc", "1e9", "\u0663"])
def test_length_that_is_none_is_left_to_the_server(client, length):
    assert client.get("/", CONTENT_LENGTH=length).status_code == 200


def test_largest_body_is_read(client):
    make.sign_in(client, make.create_person(role=Role.ADMINISTRATOR))
    file = SimpleUploadedFile("a.csv", b"x" * (LARGEST - 10_000))
    answer = client.post("/desk/hold/", {"reason": "", "file": file})
    assert answer.status_code == 200
    assert "There is something to put right" in Page(answer).main
