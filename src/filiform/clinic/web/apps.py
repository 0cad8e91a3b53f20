from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "filiform.clinic.web"
    label = "web"
