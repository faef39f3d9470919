"""Following links: what is never followed, what is said of those that are, and that it ends in time."""

import socket
import ssl
import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from pledges import following
from pledges.following import Web, follow

HERE, ELSEWHERE = "127.0.0.1", "192.168.0.1"  # in these tests' small web, the first is public and the second is not


class Handler(BaseHTTPRequestHandler):
    """/404 answers so; /to?there leads there; /slow says a little at a time for ever."""

    def do_GET(self):
        server, (path, _, query) = self.server, self.path.partition("?")
        server.asked.append((self.command, self.path, dict(self.headers)))
        if path == "/slow":
            return self._slowly()
        if path == "/nonsense":
            self.wfile.write(b"What?\r\n\r\n")
            return
        if path == "/no-head" and self.command == "HEAD":
            path = "/405"
        self.send_response(302 if path == "/to" else int(path[1:]) if path[1:].isdigit() else 200)
        if path == "/to":
            self.send_header("Location", query)
        self.end_headers()

    do_HEAD = do_GET

    def _slowly(self):
        self.wfile.write(b"HTTP/1.1 200 OK\r\n")
        while not self.server.is_over.wait(0.05):
            try:
                self.wfile.write(b"X: x\r\n")
            except OSError:
                return

    def log_message(self, *args):
        pass


class Server(ThreadingHTTPServer):
    def __init__(self, tls=None):
        super().__init__((HERE, 0), Handler)
        self.asked, self.is_over = [], threading.Event()
        if tls:
            self.socket = tls.wrap_socket(self.socket, server_side=True)

    def handle_error(self, request, client_address):
        pass

    @property
    def port(self):
        return self.server_address[1]

    @property
    def paths(self):
        return [f"{method} {path}" for method, path, _ in self.asked]

    def web(self, **fields):
        """In which every name leads to this server."""
        own = {"find": lambda host, port: [HERE], "is_public": lambda address: address == HERE, "ports": {self.port}}
        return Web(**{"agent": "test", "whole_within": 5} | own | fields)

    def result(self, path, scheme="http", host="example.org", **fields):
        result, said = follow(f"{scheme}://{host}:{self.port}{path}", self.web(**fields))
        return str(result), said


@contextmanager
def running(tls=None):
    server = Server(tls)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.is_over.set()
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="module")
def shared():
    with running() as server:
        yield server


@pytest.fixture
def server(shared):
    shared.asked.clear()
    return shared


# --- what is not followed ---


@pytest.mark.parametrize(
    "address, is_public",
    [
        pytest.param("93.184.215.14", True, id="public"),
        pytest.param("2606:2800:21f:cb07:6820:80da:af6b:8b2c", True, id="public, version 6"),
        pytest.param("::ffff:93.184.215.14", True, id="public, mapped"),
        pytest.param("127.0.0.1", False, id="this machine"),
        pytest.param("127.255.255.254", False, id="this machine too"),
        pytest.param("0.0.0.0", False, id="any of this machine"),
        pytest.param("10.0.0.1", False, id="private 10"),
        pytest.param("172.16.0.1", False, id="private 172.16"),
        pytest.param("192.168.1.1", False, id="private 192.168"),
        pytest.param("169.254.169.254", False, id="metadata of a cloud"),
        pytest.param("168.63.129.16", False, id="a cloud's own service at a public number"),
        pytest.param("100.64.0.1", False, id="behind a provider"),
        pytest.param("100.100.100.200", False, id="metadata behind a provider"),
        pytest.param("192.0.0.192", False, id="protocol assignments"),
        pytest.param("198.18.0.1", False, id="benchmarks"),
        pytest.param("203.0.113.1", False, id="documentation"),
        pytest.param("224.0.0.1", False, id="multicast"),
        pytest.param("240.0.0.1", False, id="reserved"),
        pytest.param("255.255.255.255", False, id="everybody"),
        pytest.param("::1", False, id="this machine, version 6"),
        pytest.param("::", False, id="any, version 6"),
        pytest.param("::ffff:127.0.0.1", False, id="this machine, mapped"),
        pytest.param("::ffff:169.254.169.254", False, id="metadata, mapped"),
        pytest.param("::127.0.0.1", False, id="this machine, compatible"),
        pytest.param("64:ff9b::7f00:1", False, id="this machine, translated"),
        pytest.param("2002:7f00:1::", False, id="this machine, 6to4"),
        pytest.param("2001:0:7f00:1::", False, id="Teredo"),
        pytest.param("fe80::1", False, id="of the link"),
        pytest.param("fe80::1%eth0", False, id="of the link with its name"),
        pytest.param("fec0::1", False, id="of the site"),
        pytest.param("fd00:ec2::254", False, id="metadata, version 6"),
        pytest.param("ff02::1", False, id="multicast, version 6"),
        pytest.param("2001:db8::1", False, id="documentation, version 6"),
    ],
)
def test_public_addresses(address, is_public):
    assert following.is_public(address) == is_public


NOT_PUBLIC = "It leads to an address that is not on the public internet."


@pytest.mark.parametrize(
    "url, why",
    [
        pytest.param("ftp://example.org/", "Only addresses that begin with", id="another scheme"),
        pytest.param("file:///etc/passwd", "Only addresses that begin with", id="a file"),
        pytest.param("gopher://example.org/_x", "Only addresses that begin with", id="gopher"),
        pytest.param("javascript:alert(1)", "Only addresses that begin with", id="script"),
        pytest.param("//example.org/", "Only addresses that begin with", id="no scheme"),
        pytest.param("http://me:secret@example.org/", "It carries a name", id="password"),
        pytest.param("http://example.org@127.0.0.1/", "It carries a name", id="a name that looks like a site"),
        pytest.param(r"http://example.org\@127.0.0.1/", "It carries a name", id="backslash"),
        pytest.param("http://example.org:22/", "It names a port", id="port"),
        pytest.param("http://example.org:0/", "It names a port", id="port 0"),
        pytest.param("http://example.org:99999/", "It is not an address", id="port that is none"),
        pytest.param("http:///path", "It names no site", id="no site"),
        pytest.param("http://[::1/", "It is not an address", id="bracket"),
        pytest.param(f"http://{'a' * 70}.example/", "It is not an address", id="name that is too long"),
        pytest.param("http://127.0.0.1/", NOT_PUBLIC, id="this machine"),
        pytest.param("http://[::1]/", NOT_PUBLIC, id="this machine, version 6"),
        pytest.param("http://[::ffff:127.0.0.1]/", NOT_PUBLIC, id="this machine, mapped"),
        pytest.param("http://2130706433/", NOT_PUBLIC, id="this machine as one number"),
        pytest.param("http://0x7f.1/", NOT_PUBLIC, id="this machine in other figures"),
        pytest.param("http://127.1/", NOT_PUBLIC, id="this machine in short"),
        pytest.param("http://１２７.0.0.1/", NOT_PUBLIC, id="this machine in wide figures"),
        pytest.param("https://169.254.169.254/latest/meta-data/", NOT_PUBLIC, id="metadata"),
        pytest.param("http://localhost/", NOT_PUBLIC, id="localhost"),
    ],
)
def test_link_that_is_refused(url, why):
    result, said = follow(url, Web())
    assert result == "refused" and said.startswith(why)


@pytest.mark.parametrize(
    "url, is_for_everybody",
    [
        ("https://www.example.org/report", True),
        ("http://8.8.8.8/", True),
        ("http://127.0.0.1/admin", False),
        ("http://[::1]/", False),
        ("http://10.0.0.3:8080/", False),
        ("http://localhost/", False),
        ("https://intranet/report", False),
        ("https://files.internal./report", False),
        ("https://me:secret@example.org/", False),
        ("https://example.org@10.0.0.3/", False),
    ],
)
def test_address_that_only_some_could_open_is_told_by_its_words(url, is_for_everybody):
    assert following.is_for_everybody(url) == is_for_everybody


def test_name_with_one_address_inside_is_refused(server):
    assert server.result("/", find=lambda *site: [HERE, ELSEWHERE]) == ("refused", NOT_PUBLIC)
    assert server.asked == []


def test_name_is_looked_up_once_for_the_check_and_the_connection(server):
    """Whoever owns the name may answer otherwise a moment later."""
    answers = iter([[HERE], [ELSEWHERE]])
    assert server.result("/", find=lambda *site: next(answers)) == ("works", "")
    assert next(answers) == [ELSEWHERE]


@pytest.mark.parametrize(
    "leads_to, why",
    [
        pytest.param("http://inside.example:{}/", NOT_PUBLIC, id="inside"),
        pytest.param("http://example.org:1/", "It names a port", id="port"),
        pytest.param("file:///etc/passwd", "Only addresses that begin with", id="file"),
        pytest.param("//me@example.org/", "It carries a name", id="name"),
    ],
)
def test_redirect_is_refused_as_any_link_is(server, leads_to, why):
    to = {"inside.example": [ELSEWHERE]}
    result, said = server.result(f"/to?{leads_to.format(server.port)}", find=lambda host, port: to.get(host, [HERE]))
    assert result == "refused" and said.startswith(why)
    assert len(server.asked) == 1


# --- what came of following one ---


@pytest.mark.parametrize(
    "path, result, said, asked",
    [
        pytest.param("/", "works", "", ["HEAD /"], id="works"),
        pytest.param("", "works", "", ["HEAD /"], id="no path"),
        pytest.param("/a%20b é?q=1 2#there", "works", "", ["HEAD /a%20b%20%C3%A9?q=1%202"], id="written anew"),
        pytest.param("/404", "gone", "no such page (404 Not Found)", ["HEAD /404", "GET /404"], id="not found"),
        pytest.param("/410", "gone", "no such page (410 Gone)", ["HEAD /410", "GET /410"], id="gone"),
        pytest.param("/403", "fails", "let programs in (403", ["HEAD /403", "GET /403"], id="closed to programs"),
        pytest.param("/500", "fails", "an error (500", ["HEAD /500", "GET /500"], id="error"),
        pytest.param("/599", "fails", "an error (599)", ["HEAD /599", "GET /599"], id="error without a name"),
        pytest.param("/304", "fails", "an error (304", ["HEAD /304"], id="redirect that leads nowhere"),
        pytest.param("/no-head", "works", "", ["HEAD /no-head", "GET /no-head"], id="takes no HEAD"),
        pytest.param("/to?/there", "works", "", ["HEAD /to?/there", "HEAD /there"], id="leads on"),
        pytest.param("/to?/404", "gone", "404", ["HEAD /to?/404", "HEAD /404", "GET /404"], id="leads nowhere"),
        pytest.param("/nonsense", "fails", "made no sense", ["HEAD /nonsense"], id="nonsense"),
    ],
)
def test_link_that_is_followed(server, path, result, said, asked):
    found = server.result(path)
    assert found[0] == result and said in found[1] and server.paths == asked


def test_nothing_but_who_asks_is_told(server, monkeypatch):
    monkeypatch.setenv("http_proxy", f"http://{ELSEWHERE}:3128")
    assert server.result("/", agent="check (+https://here.example)") == ("works", "")
    ((_, _, headers),) = server.asked
    assert headers == {
        "Host": f"example.org:{server.port}",
        "Accept-Encoding": "identity",
        "User-Agent": "check (+https://here.example)",
        "Accept": "*/*",
        "Connection": "close",
    }


def test_too_many_redirects(server):
    where = "/to?" * 20 + "/"
    assert server.result(where) == ("fails", "It led on to another address more than 5 times.")
    assert len(server.asked) == 6


def test_redirect_in_other_letters(server):
    server.result("/to?/caf\u00e9")
    assert server.paths[-1] == "HEAD /caf%C3%A9"


def test_slow_site_is_left_in_time(server):
    assert server.result("/slow", whole_within=0.3) == ("fails", "The site did not answer in time.")


def test_time_that_is_up_before_it_begins(server):
    assert server.result("/", whole_within=0) == ("fails", "The site did not answer in time.")
    assert server.asked == []


def test_first_address_that_answers_is_taken(server):
    found = server.result("/", find=lambda *site: ["::1", HERE], is_public=lambda address: True)
    assert found == ("works", "")


def test_site_that_is_not_there():
    with socket.socket() as taken:
        taken.bind((HERE, 0))
        port = taken.getsockname()[1]
        result, said = follow(
            f"http://example.org:{port}/", Web(find=lambda *site: [HERE], is_public=bool, ports={port})
        )
    assert (str(result), said) == ("fails", "The site could not be reached, or its answer made no sense.")


def test_name_that_is_not_there():
    def find(host, port):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    result, said = follow("http://no.example/", Web(find=find))
    assert (str(result), said) == ("fails", "No site of that name was found.")


# --- secure connections ---


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """Of example.org, signed by itself: with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "example.org")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("example.org")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    file = tmp_path_factory.mktemp("certificate") / "both.pem"
    own = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file.write_bytes(own + made.public_bytes(pem))
    return file


@pytest.fixture(scope="module")
def secured(certificate):
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate)
    with running(tls) as server:
        yield server


def test_secure_site(secured, certificate):
    trusted = {"trust": lambda: ssl.create_default_context(cafile=certificate)}
    assert secured.result("/", "https", **trusted) == ("works", "")
    assert secured.asked[-1][2]["Host"] == f"example.org:{secured.port}"
    result, said = secured.result("/", "https", host="other.example", **trusted)
    assert result == "fails" and "certificate is not in order" in said and "other.example" in said
    result, said = secured.result("/", "https")
    assert result == "fails" and "certificate is not in order (self-signed" in said


def test_site_that_is_not_secure_where_it_says_so(server):
    assert server.result("/", "https") == ("fails", "No secure connection to the site could be made.")


def test_default_port_is_not_named(server, monkeypatch):
    monkeypatch.setitem(following.DEFAULT_PORTS, "http", server.port)
    assert str(follow("http://example.org/", server.web())[0]) == "works"
    assert server.asked[-1][2]["Host"] == "example.org"
