from django.urls import path

from pledges.partners import access, views

app_name = "partners"
urlpatterns = [
    path("", views.home, name="home"),
    path("sign-in/", access.sign_in, name="sign_in"),
    path("enter/<str:token>/", access.enter, name="enter"),
    path("sign-out/", access.sign_out, name="sign_out"),
    path("delete/", access.delete, name="delete"),
    path("offers/<int:pk>/", views.offer, name="offer"),
    path("<slug:slug>/", views.pledge, name="pledge"),
    path("<slug:slug>/update/", views.update, name="update"),
    path("<slug:slug>/change/", views.change, name="change"),
    path("<slug:slug>/end/", views.end, name="end"),
]
