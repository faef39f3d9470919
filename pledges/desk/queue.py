"""What partners handed in and what in the register needs a look, for whoever looks after it."""

from django.shortcuts import render

from luton2040.desk.access import desk_page
from luton2040.roles import Act


@desk_page(Act.MODERATE_PLEDGES)
def queue(request):
    return render(request, "desk/pledges/queue.html")
