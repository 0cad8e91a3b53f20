from django.apps import AppConfig


class TreatmentConfig(AppConfig):
    name = "filiform.clinic.treatment"
    label = "treatment"
