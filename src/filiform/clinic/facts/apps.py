from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class FactsConfig(AppConfig):
    name = "filiform.clinic.facts"
    label = "record"

    def ready(self) -> None:
        # Models can't be imported before all apps are there.
        from filiform.clinic.facts.beginning import begin_chains, lay_shapes
        from filiform.clinic.facts.triggers import lay_guards
        from filiform.clinic.facts.versions import lay_versions, lift_versions

        pre_migrate.connect(lift_versions, sender=self)
        post_migrate.connect(lay_guards, sender=self)
        post_migrate.connect(lay_versions, sender=self)
        post_migrate.connect(lay_shapes, sender=self)
        post_migrate.connect(begin_chains, sender=self)
