from django.apps import AppConfig


class PatientPageConfig(AppConfig):
    name = "filiform.clinic.patient_page"
    label = "patient_page"
