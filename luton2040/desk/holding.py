"""The pre-election hold: set it, lift it, and see those that were."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone

from luton2040 import hold as rules
from luton2040.desk.access import desk_page
from luton2040.desk.people_forms import HoldForm
from luton2040.hold import Hold, HoldRefused
from luton2040.roles import Act


@desk_page(Act.SET_HOLD)
def hold(request):
    form = HoldForm(request.POST or request.kept)
    if request.method == "POST" and form.is_valid():
        try:
            held = rules.set_hold(**form.cleaned_data, by=request.user, now=timezone.now())
        except HoldRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"{held} is set.")
            return redirect("staff:hold")
    known = Hold.objects.newest_first().select_related("set_by", "lifted_by")
    to_come = Hold.objects.not_over(request.today)
    context = {"form": form, "standing": Hold.objects.on(request.today), "holds": known, "may_be_lifted": set(to_come)}
    return render(request, "desk/hold.html", context)


@desk_page(Act.SET_HOLD)
def lift(request, pk: int):
    """Asked first: what waited goes through as soon as it is lifted."""
    held = Hold.objects.filter(pk=pk).first()
    if held is None:
        raise Http404("There is no such hold.")
    if request.method == "POST":
        try:
            rules.lift(held, by=request.user, now=timezone.now())
        except HoldRefused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, f"{held} is lifted.")
        return redirect("staff:hold")
    return render(request, "desk/hold_lift.html", {"held": held})
