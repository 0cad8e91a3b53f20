from django.apps import AppConfig
from django.db.models.signals import post_migrate


class RecordConfig(AppConfig):
    name = "filiform.clinic.record"
    label = "record"

    def ready(self) -> None:
        from filiform.clinic.record.guard import lay_guards

        post_migrate.connect(lay_guards, sender=self)
