"""The site's addresses, and one view that does nothing: what the server and the middleware cost by themselves."""

from django.http import HttpResponse
from django.urls import include, path


def hello(request):
    return HttpResponse("hello", content_type="text/plain")


urlpatterns = [path("bench/hello", hello), path("", include("luton2040.urls"))]
handler400 = "luton2040.pages.bad_request"
handler403 = "luton2040.pages.permission_denied"
handler404 = "luton2040.pages.not_found"
