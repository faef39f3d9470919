from django.urls import path

from pledges.offering import handing_in, steps

app_name = "offering"
urlpatterns = [
    path("", steps.start, name="start"),
    path("focus/", steps.focus, name="focus"),
    path("actions/", steps.actions, name="actions"),
    path("actions/new/", steps.action, name="add_action"),
    path("actions/<int:number>/", steps.action, name="action"),
    path("actions/<int:number>/remove/", steps.remove_action, name="remove_action"),
    path("plan/", steps.plan, name="plan"),
    path("community/", steps.community, name="community"),
    path("you/", steps.you, name="you"),
    path("check/", handing_in.check, name="check"),
    path("sent/", handing_in.sent, name="sent"),
    path("confirm/<str:token>/", handing_in.confirm, name="confirm"),
]
