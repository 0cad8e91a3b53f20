from django.apps import AppConfig


class ConsentConfig(AppConfig):
    name = "filiform.clinic.consent"
    label = "consent"
