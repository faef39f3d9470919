from django.urls import path

from boards.desk import actions, home, links, meetings, presenting, reviewing, seats

app_name = "board_desk"
urlpatterns = [
    path("", home.boards, name="boards"),
    path("<slug:slug>/", home.board, name="board"),
    path("<slug:slug>/publish/", meetings.publish_board, name="publish_board"),
    path("<slug:slug>/actions/new/", actions.new_action, name="new_action"),
    path("<slug:slug>/actions/<int:pk>/", actions.action, name="action"),
    path("<slug:slug>/meetings/new/", meetings.new_meeting, name="new_meeting"),
    path("<slug:slug>/<day:held_on>/", meetings.meeting, name="meeting"),
    path("<slug:slug>/<day:held_on>/change/", meetings.change_meeting, name="change_meeting"),
    path("<slug:slug>/<day:held_on>/remove/", meetings.remove_meeting, name="remove_meeting"),
    path("<slug:slug>/<day:held_on>/publish/", meetings.publish_meeting, name="publish_meeting"),
    path("<slug:slug>/<day:held_on>/pack.pdf", presenting.pack, name="pack"),
    path("<slug:slug>/<day:held_on>/present/", presenting.present, name="present"),
    path("<slug:slug>/<day:held_on>/links/", links.links, name="links"),
    path("<slug:slug>/<day:held_on>/reviews/<slug:code>/", reviewing.review, name="review"),
    path("<slug:slug>/seats/", seats.seats, name="seats"),
]
