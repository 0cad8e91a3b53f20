from django.apps import AppConfig


class RecallsConfig(AppConfig):
    name = "filiform.clinic.recalls"
    label = "recalls"
