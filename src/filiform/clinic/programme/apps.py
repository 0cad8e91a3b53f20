from django.apps import AppConfig


class ProgrammeConfig(AppConfig):
    name = "filiform.clinic.programme"
    label = "programme"
