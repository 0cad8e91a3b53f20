from django.apps import AppConfig


class PatientsConfig(AppConfig):
    name = "filiform.clinic.patients"
    label = "patients"
