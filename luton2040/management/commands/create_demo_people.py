"""People to try the desk with on one's own machine, one of each role; they can sign in nowhere else."""

from django.conf import settings
from django.contrib.auth.models import Group
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from boards import seats
from boards.models import BoardVersion, Membership
from boards.seats import Seat
from luton2040.accounts import User
from luton2040.editions import Edition
from luton2040.roles import Role
from luton2040.signing_in import DEMO_DOMAIN
from outcomes import due
from outcomes.report import summaries

PASSWORD = "try-the-desk-2040"
MEASURES_OF_THE_FIRST = 8
PEOPLE = [
    ("officer", "Olive Marsh", Role.OFFICER),
    ("officer2", "Ravi Chandra", Role.OFFICER),
    ("approver", "Grace Adeyemi", Role.APPROVER),
    ("administrator", "Tom Wolski", Role.ADMINISTRATOR),
    ("pledges", "Asha Patel", Role.PLEDGE_OFFICER),
]
ON_A_BOARD = [
    ("clerk", "Nadia Rahman", Seat.CLERK),
    ("member", "Ken Osei", Seat.MEMBER),
]


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args, **options):
        if not settings.DEBUG:
            raise CommandError("Demo people are only for trying the site: set DEBUG=1. Here, invite people instead.")
        measures = _measures()
        work = {"officer": measures[:MEASURES_OF_THE_FIRST], "officer2": measures[MEASURES_OF_THE_FIRST:]}
        lines = []
        for who, name, role in PEOPLE:
            person = create(f"{who}{DEMO_DOMAIN}", name, role, work.get(who, []))
            count = person.measures.count()
            of = f" of {count} measure{'' if count == 1 else 's'}" if count else ""
            lines.append(f"    {person.email:<28} {role.label.lower()}{of}")
        board = BoardVersion.objects.current().filter(role=BoardVersion.Role.STRATEGIC).order_by("position").first()
        for who, name, seat in ON_A_BOARD if board else ():
            person = create_on_board(f"{who}{DEMO_DOMAIN}", name, board, seat)
            lines.append(f"    {person.email:<28} {seat.label.lower()} of {board.name}")
        self.stdout.write(f"  Sign in at /desk/ with the password {PASSWORD} as")
        self.stdout.write("\n".join(lines) + "\n\n")


@transaction.atomic
def create_on_board(email: str, name: str, board: BoardVersion, seat: Seat) -> User:
    person = User.objects.filter(email=email).first()
    if person is None:
        person = User.objects.create_user(email, PASSWORD, name=name)
        Membership.objects.create(board_id=board.board_id, person=person, seat=seat)
        seats.follow(person)
    return person


@transaction.atomic
def create(email: str, name: str, role: Role, measures: list[str]) -> User:
    """Somebody who is there already stays as they are, as whoever tries the site may have changed them."""
    person = User.objects.filter(email=email).first()
    if person is None:
        person = User.objects.create_user(email, PASSWORD, name=name)
        person.groups.add(Group.objects.get(name=role.value))
        person.measures.set(measures)
    return person


def _measures() -> list[str]:
    """Most pressing first, so that the first officer has something to do, whatever the place."""
    edition = Edition.objects.current()
    if edition is None:
        return []
    return [task.report.measure.measure_id for task in due.work(summaries(edition, timezone.localdate()))]
