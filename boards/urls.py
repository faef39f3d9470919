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
    path("<slug:slug>/<day:held_on>/pack/", views.pack_page, name="pack"),
    path("<slug:slug>/<day:held_on>/pack.pdf", views.pack_pdf, name="pack_pdf"),
    path("<slug:slug>/<day:held_on>/pack.xlsx", views.pack_xlsx, name="pack_xlsx"),
]
