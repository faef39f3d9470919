from django.urls import path

from boards import views

app_name = "boards"
urlpatterns = [
    path("", views.index, name="index"),
    path("<slug:slug>/", views.board, name="board"),
    path("<slug:slug>/roadmap/", views.roadmap, name="roadmap"),
    path("<slug:slug>/calendar.ics", views.calendar, name="calendar"),
    path("<slug:slug>/<day:held_on>/", views.meeting, name="meeting"),
    path("<slug:slug>/<day:held_on>/present/", views.present, name="present"),
]
