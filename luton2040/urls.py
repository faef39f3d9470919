from django.urls import include, path

from luton2040 import views

handler400 = "luton2040.pages.bad_request"
handler403 = "luton2040.pages.permission_denied"
handler404 = "luton2040.pages.not_found"

urlpatterns = [
    path("", include("priorities.urls")),
    path("", include("outcomes.urls")),
    path("changes/", views.changes, name="changes"),
    path("changes/feed/", views.changes_feed, name="changes_feed"),
    path("about/", views.about, name="about"),
    path("privacy/", views.privacy, name="privacy"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("healthz", views.healthz, name="healthz"),
    path("robots.txt", views.robots, name="robots"),
]
