"""What somebody sees of themselves: name, roles, how they sign in; and the way out."""

from allauth.account.views import ConfirmLoginCodeView, LogoutView
from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse

from luton2040.desk.access import SECOND_FACTORS, desk_page
from luton2040.roles import Act, must_have_second_factor
from luton2040.signing_in import FACTORS, note_wrong_code

# Pages of django-allauth for sites that anybody may join. People come in by invitation, with the address they have.
# Who has no password is sent a link to set one: the page of allauth would let whoever sits at an open browser set it.
CLOSED = r"^accounts/(?:signup/|email/|confirm-email/|password/set/|3rdparty/(?:signup/)?$|social/)"


def closed(request):
    raise Http404("People join by invitation: ask an administrator. They also put right a name or an address.")


class SignOut(LogoutView):
    def post(self, *args, **kwargs):
        response = super().post(*args, **kwargs)
        # Pages of the desk may be kept by the browser, so that Back loses nothing; the next person must not see them.
        response["Clear-Site-Data"] = '"cache"'
        return response


class TakeCode(ConfirmLoginCodeView):
    """Whoever has to ask for another code is told why, and still comes to where they wanted to go."""

    why = "There is no code to type here any more: each is good for 10 minutes, and works once. Ask for another."

    def dispatch(self, request, *args, **kwargs):
        response = super().dispatch(request, *args, **kwargs)
        another = reverse("account_request_login_code")
        if response.status_code == 302 and response["Location"] == another:
            messages.warning(request, self.why)
            return redirect(self.passthrough_next_url(another))
        return response

    def form_invalid(self, form):
        if form.data.get("code", "").strip():
            may_try_again = self._process.record_invalid_attempt()
            note_wrong_code(self.request, self._process.user, is_last=not may_try_again)
            if not may_try_again:
                self.why = "That was too many wrong codes, and the one that we sent is no longer good. Ask for another."
                return redirect("account_request_login_code")
        return self.render_to_response(self.get_context_data(form=form))


@desk_page(Act.OPEN_DESK)
def account(request):
    held = Authenticator.objects.filter(user=request.user, type__in=SECOND_FACTORS)
    factors = [FACTORS[kind] for kind in held.order_by("type").values_list("type", flat=True).distinct()]
    context = {"factors": factors, "must_have_factor": must_have_second_factor(request.user)}
    return render(request, "desk/account.html", context)
