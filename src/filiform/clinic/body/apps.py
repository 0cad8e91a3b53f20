from django.apps import AppConfig


class BodyConfig(AppConfig):
    name = "filiform.clinic.body"
    label = "body"
