from django.urls import path

from pledges.offering import steps

app_name = "offering"
urlpatterns = [
    path("", steps.start, name="start"),
    path("focus/", steps.start, name="focus"),
    path("actions/", steps.start, name="actions"),
    path("actions/new/", steps.start, name="add_action"),
    path("actions/<int:number>/", steps.start, name="action"),
    path("actions/<int:number>/remove/", steps.start, name="remove_action"),
    path("plan/", steps.start, name="plan"),
    path("community/", steps.start, name="community"),
    path("you/", steps.start, name="you"),
    path("check/", steps.start, name="check"),
    path("sent/", steps.start, name="sent"),
    path("confirm/<str:token>/", steps.start, name="confirm"),
]
