from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "filiform.clinic.intake"
    label = "intake"
