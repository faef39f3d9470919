"""What every page knows: the vision, the edition that it is read at, and how to keep a link in that edition."""

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import DatabaseError
from django.utils.functional import SimpleLazyObject

from luton2040.caching import in_edition, read_at
from luton2040.editions import Edition
from luton2040.roles import Act, Role, may, roles_of


def site(request) -> dict:
    if not hasattr(request, "edition"):
        _read_newest(request)
    edition, newest = getattr(request, "edition", None), getattr(request, "newest_edition", None)
    is_past = edition is not None and edition != newest
    return {
        "vision": getattr(request, "vision", None),
        "edition": edition,
        "newest_edition": newest,
        "is_past": is_past,
        "section": request.path.split("/")[1],
        # Appended to addresses without and with a query, so that a reader of an old edition stays in it.
        "in_edition": in_edition(request, "?") if is_past else "",
        "and_edition": in_edition(request, "&") if is_past else "",
    }


def _read_newest(request) -> None:
    """Pages that say what went wrong are read at the newest edition, and without one if it must be."""
    try:
        newest = Edition.objects.current()
    except DatabaseError:
        return
    if newest is not None:
        read_at(request, newest)


def desk(request) -> dict:
    """Who is signed in and what they may do, read only where a template asks: public pages must not know."""
    return {"desk": SimpleLazyObject(lambda: _desk(request))}


def _desk(request) -> dict:
    user = getattr(request, "user", None) or AnonymousUser()  # some requests are refused before it is known
    held = roles_of(user)
    return {
        "user": user if user.is_authenticated else None,
        "roles": [role.label for role in Role if role in held],
        "may": {act.name: may(user, act) for act in Act},
        "section": request.path.removeprefix("/desk/").split("/")[0] if request.path.startswith("/desk/") else None,
        "is_demo": settings.DEBUG,
    }
