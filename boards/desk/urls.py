from django.urls import register_converter

from boards.days import DayConverter

register_converter(DayConverter, "day")
app_name = "board_desk"
urlpatterns = []
