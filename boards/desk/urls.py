from django.urls import path

from boards.desk import seats

app_name = "board_desk"
urlpatterns = [
    path("<slug:slug>/seats/", seats.seats, name="seats"),
]
