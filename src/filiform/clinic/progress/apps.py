from django.apps import AppConfig


class ProgressConfig(AppConfig):
    name = "filiform.clinic.progress"
    label = "progress"
