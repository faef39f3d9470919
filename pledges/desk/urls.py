from django.urls import path

from pledges.desk import links, offers, organisations, pledges, queue

app_name = "pledge_desk"
urlpatterns = [
    path("", queue.queue, name="queue"),
    path("offers/<int:pk>/", offers.offer, name="offer"),
    path("offers/<int:pk>/correct/", offers.correct, name="correct"),
    path("offers/<int:pk>/evidence/", offers.evidence, name="offer_evidence"),
    path("links/", links.links, name="links"),
    path("organisations/<slug:slug>/", organisations.organisation, name="organisation"),
    path("<slug:slug>/", pledges.pledge, name="pledge"),
]
