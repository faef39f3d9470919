"""Following a link that a stranger gave, to see whether it works; never into the network that this machine stands in.

Python's own http.client is used on a connection that is made here: to the very address that was checked, whatever the
name leads to a moment later. So nothing follows redirects, sends cookies or asks a proxy unless it stands in this file.
"""

import socket
import ssl
from collections.abc import Callable, Collection, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, responses
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from threading import Timer
from time import monotonic
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from pledges.models import LinkCheck

Result = LinkCheck.Result
CONNECT_WITHIN, READ_WITHIN, WHOLE_WITHIN = 5, 10, 20  # seconds
MOST_REDIRECTS = 5
REDIRECTS = {301, 302, 303, 307, 308}
GONE = {404, 410}
FOR_PEOPLE_ONLY = {401, 403, 429}  # how sites answer to what is not a browser, or is not signed in
DEFAULT_PORTS = {"http": 80, "https": 443}
WRITTEN_AS_IS = "%/:=&?~+!$,;'@()*[]"  # as browsers leave these in an address
INNER_NAMES = (".localhost", ".local", ".internal", ".lan", ".home.arpa", ".invalid")
ADDRESSES_IN_USE = ip_network("2000::/3")  # of IPv6, what is given out; all else is for translation, or kept back
# Public by their number, yet what answers there is inside: protocol assignments, wrapped IPv4, a cloud's own services.
INSIDE = [ip_network(each) for each in ("192.0.0.0/24", "2002::/16", "168.63.129.16/32")]


class Refused(Exception):
    """It is not followed, for the reason that this gives in words."""


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the internet that everybody shares."""
    ip: IPv4Address | IPv6Address = ip_address(address)
    if isinstance(ip, IPv6Address):
        if ip.ipv4_mapped:
            return is_public(str(ip.ipv4_mapped))
        if ip not in ADDRESSES_IN_USE:
            return False
    return ip.is_global and not ip.is_multicast and not any(ip in network for network in INSIDE)


def is_for_everybody(url: str) -> bool:
    """By its words alone, before any name is looked up: no number of an inner network, no name or password."""
    parts = urlsplit(url)
    host = (parts.hostname or "").rstrip(".")
    try:
        return "@" not in parts.netloc and is_public(host)
    except ValueError:  # a name
        return "@" not in parts.netloc and "." in host and not host.endswith(INNER_NAMES)


def addresses_of(host: str, port: int) -> list[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


@dataclass(frozen=True)
class Web:
    """What may be reached and how it is found; tests have a small one of their own."""

    agent: str = ""  # tells the other site who asks
    find: Callable[[str, int], list[str]] = addresses_of
    is_public: Callable[[str], bool] = is_public
    ports: Collection[int] = frozenset(DEFAULT_PORTS.values())
    trust: Callable[[], ssl.SSLContext] = ssl.create_default_context
    whole_within: float = WHOLE_WITHIN


@dataclass(frozen=True)
class Site:
    scheme: str
    host: str
    port: int
    addresses: list[str]  # all of them public


def follow(url: str, web: Web) -> tuple[Result, str]:
    """What came of it, and what there is to say about it."""
    until = monotonic() + web.whole_within
    try:
        for _ in range(MOST_REDIRECTS + 1):
            status, leads_to = _asked(url, web, until)
            if not leads_to:
                return _judged(status)
            url = urljoin(url, leads_to)
    except Refused as refused:
        return Result.REFUSED, str(refused)
    except (OSError, HTTPException) as error:
        return Result.FAILS, _why(error, is_late=monotonic() >= until)
    except ValueError:
        return Result.REFUSED, "It is not an address of the web."
    return Result.FAILS, f"It led on to another address more than {MOST_REDIRECTS} times."


def _why(error: Exception, *, is_late: bool) -> str:
    if is_late or isinstance(error, TimeoutError):
        return "The site did not answer in time."
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"The site’s certificate is not in order ({error.verify_message})."
    if isinstance(error, ssl.SSLError):
        return "No secure connection to the site could be made."
    if isinstance(error, socket.gaierror):
        return "No site of that name was found."
    return "The site could not be reached, or its answer made no sense."


def _judged(status: int) -> tuple[Result, str]:
    said = f"{status} {responses.get(status, '')}".strip()
    if 200 <= status < 300:
        return Result.WORKS, ""
    if status in GONE:
        return Result.GONE, f"The site says that there is no such page ({said})."
    if status in FOR_PEOPLE_ONLY:
        return Result.FAILS, f"The site does not let programs in ({said}). Try it in your browser."
    return Result.FAILS, f"The site answers with an error ({said})."


def _asked(url: str, web: Web, until: float) -> tuple[int, str]:
    """The status of its answer, and where it leads on to, if it does."""
    parts = urlsplit(url)
    site = _site_of(parts, web)
    status, leads_to = _answer("HEAD", parts, site, web, until)
    if status >= 400:  # some sites refuse to be asked so
        status, leads_to = _answer("GET", parts, site, web, until)
    return status, leads_to


def _site_of(parts: SplitResult, web: Web) -> Site:
    if parts.scheme not in DEFAULT_PORTS:
        raise Refused("Only addresses that begin with http:// or https:// are followed.")
    if "@" in parts.netloc:
        raise Refused("It carries a name or a password.")
    port = DEFAULT_PORTS[parts.scheme] if parts.port is None else parts.port
    if port not in web.ports:
        raise Refused("It names a port on which no ordinary site answers.")
    host = (parts.hostname or "").encode("idna").decode()
    if not host:
        raise Refused("It names no site.")
    addresses = web.find(host, port)
    if not all(web.is_public(address) for address in addresses):
        raise Refused("It leads to an address that is not on the public internet.")
    return Site(parts.scheme, host, port, addresses)


def _answer(method: str, parts: SplitResult, site: Site, web: Web, until: float) -> tuple[int, str]:
    """Nothing of what stands on the page is read, only its status and headers, of which http.client limits the size."""
    headers = {"User-Agent": web.agent, "Accept": "*/*", "Connection": "close"}
    with _connected(site, web, until) as connection:
        connection.request(method, _path_of(parts), headers=headers)
        with closing(connection.getresponse()) as response:
            if monotonic() >= until:  # hung up on in the middle of its headers, which reads as their end
                raise TimeoutError
            location = response.getheader("Location", "") if response.status in REDIRECTS else ""
            # Bytes that are no ASCII were read as Latin-1, and go out again as they came in.
            return response.status, quote(location.strip(), safe=f"{WRITTEN_AS_IS}#", encoding="latin-1")


def _path_of(parts: SplitResult) -> str:
    path = quote(parts.path or "/", safe=WRITTEN_AS_IS)
    return f"{path}?{quote(parts.query, safe=WRITTEN_AS_IS)}" if parts.query else path


@contextmanager
def _connected(site: Site, web: Web, until: float) -> Iterator[HTTPConnection]:
    """However slowly the other side speaks, it is over in time."""
    plain = _first_that_answers(site, until)
    # A second handle of the same connection, as the first changes hands when it is secured.
    other = plain.dup()
    timer = Timer(max(until - monotonic(), 0), _hang_up, [other])
    timer.start()
    try:
        plain.settimeout(READ_WITHIN)
        is_secure = site.scheme == "https"
        connection = HTTPConnection(site.host, site.port)
        connection.default_port = DEFAULT_PORTS[site.scheme]  # which is not named in the Host header
        connection.auto_open = 0
        connection.sock = web.trust().wrap_socket(plain, server_hostname=site.host) if is_secure else plain
        with closing(connection):
            yield connection
    finally:
        timer.cancel()
        timer.join()
        other.close()
        plain.close()


def _first_that_answers(site: Site, until: float) -> socket.socket:
    failed: OSError = TimeoutError()
    for address in site.addresses:
        left = min(CONNECT_WITHIN, until - monotonic())
        if left <= 0:
            raise TimeoutError
        try:
            return socket.create_connection((address, site.port), timeout=left)
        except OSError as error:
            failed = error
    raise failed


def _hang_up(connection: socket.socket) -> None:
    with suppress(OSError):  # the other side was faster
        connection.shutdown(socket.SHUT_RDWR)
