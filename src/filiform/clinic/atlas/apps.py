from django.apps import AppConfig


class AtlasConfig(AppConfig):
    name = "filiform.clinic.atlas"
    label = "atlas"
