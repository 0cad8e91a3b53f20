from django.apps import AppConfig


class VisitsConfig(AppConfig):
    name = "filiform.clinic.visits"
    label = "visits"
