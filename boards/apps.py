from django.apps import AppConfig
from django.urls import register_converter


class BoardsConfig(AppConfig):
    name = "boards"

    def ready(self):
        from boards.days import DayConverter

        register_converter(DayConverter, "day")
