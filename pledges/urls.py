from django.urls import path

from pledges import pages, views

app_name = "pledges"
urlpatterns = [
    path("pledges/", views.index, name="register"),
    path("pledges/commitments.csv", views.commitments_csv, name="commitments_csv"),
    path("pledges/evidence/<slug:key>/", pages.evidence, name="evidence"),
    path("pledges/<slug:slug>/", pages.pledge, name="pledge"),
    path("organisations/<slug:slug>/", pages.organisation, name="organisation"),
    path("organisations/<slug:slug>/badge.svg", pages.badge, name="badge"),
    path("organisations/<slug:slug>/certificate.pdf", pages.certificate, name="certificate"),
]
