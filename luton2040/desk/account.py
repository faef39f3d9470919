"""What somebody sees of themselves: name, roles, how they sign in; and the way out."""

from allauth.account.views import LogoutView
from allauth.mfa.models import Authenticator
from django.http import Http404
from django.shortcuts import render

from luton2040.desk.access import SECOND_FACTORS, desk_page
from luton2040.roles import Act, must_have_second_factor
from luton2040.signing_in import FACTORS

# Pages of django-allauth for sites that anybody may join. People come in by invitation, with the address they have.
# Who has no password is sent a link to set one: the page of allauth would let whoever sits at an open browser set it.
CLOSED = r"^accounts/(?:signup/|email/|confirm-email/|login/code/|password/set/|3rdparty/(?:signup/)?$|social/)"


def closed(request):
    raise Http404("People join by invitation: ask an administrator. They also put right a name or an address.")


class SignOut(LogoutView):
    def post(self, *args, **kwargs):
        response = super().post(*args, **kwargs)
        # Pages of the desk may be kept by the browser, so that Back loses nothing; the next person must not see them.
        response["Clear-Site-Data"] = '"cache"'
        return response


@desk_page(Act.OPEN_DESK)
def account(request):
    held = Authenticator.objects.filter(user=request.user, type__in=SECOND_FACTORS)
    factors = [FACTORS[kind] for kind in held.order_by("type").values_list("type", flat=True).distinct()]
    context = {"factors": factors, "must_have_factor": must_have_second_factor(request.user)}
    return render(request, "desk/account.html", context)
