from django.apps import AppConfig


class AftercareConfig(AppConfig):
    name = "filiform.clinic.aftercare"
    label = "aftercare"
