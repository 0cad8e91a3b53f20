from django.apps import AppConfig


class PathwayConfig(AppConfig):
    name = "filiform.clinic.pathway"
    label = "pathway"
