from django.apps import AppConfig


class Luton2040Config(AppConfig):
    name = "luton2040"
