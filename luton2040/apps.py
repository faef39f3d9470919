from django.apps import AppConfig
from django.db.models.signals import post_migrate


class Luton2040Config(AppConfig):
    name = "luton2040"

    def ready(self):
        from luton2040 import audit, roles, signing_in

        post_migrate.connect(audit.guard, sender=self)
        post_migrate.connect(roles.create_groups, sender=self)
        signing_in.listen()
