from django.urls import include, path, re_path
from django.views.generic import RedirectView

from boards.desk.by_link import by_link
from luton2040 import views
from luton2040.desk import account

handler400 = "luton2040.pages.bad_request"
handler403 = "luton2040.pages.permission_denied"
handler404 = "luton2040.pages.not_found"
handler429 = "luton2040.pages.too_many_requests"  # django-allauth's own

urlpatterns = [
    path("", include("priorities.urls")),
    path("", include("outcomes.urls")),
    path("pledges/new/", include("pledges.offering.urls")),
    path("pledges/yours/", include("pledges.partners.urls")),
    path("", include("pledges.urls")),
    path("boards/", include("boards.urls")),
    path("changes/", views.changes, name="changes"),
    path("changes/feed/", views.changes_feed, name="changes_feed"),
    path("about/", views.about, name="about"),
    path("privacy/", views.privacy, name="privacy"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("accounts/", RedirectView.as_view(pattern_name="staff:account")),
    path("accounts/logout/", account.SignOut.as_view()),
    path("accounts/login/code/confirm/", account.TakeCode.as_view()),
    re_path(account.CLOSED, account.closed),
    path("accounts/", include("allauth.urls")),
    path("desk/", include("luton2040.desk.urls")),
    path("desk/", include("outcomes.desk.urls")),
    path("desk/pledges/", include("pledges.desk.urls")),
    path("desk/boards/", include("boards.desk.urls")),
    path("by-link/<str:token>/", by_link, name="by_link"),
    path("healthz", views.healthz, name="healthz"),
    path("robots.txt", views.robots, name="robots"),
]
