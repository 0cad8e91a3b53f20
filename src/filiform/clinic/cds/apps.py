from django.apps import AppConfig


class CdsConfig(AppConfig):
    name = "filiform.clinic.cds"
    label = "cds"
