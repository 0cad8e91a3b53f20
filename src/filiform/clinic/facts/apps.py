from django.apps import AppConfig
from django.db.models.signals import post_migrate


class FactsConfig(AppConfig):
    name = "filiform.clinic.facts"
    label = "record"

    def ready(self) -> None:
        from filiform.clinic.facts.triggers import lay_guards

        post_migrate.connect(lay_guards, sender=self)
