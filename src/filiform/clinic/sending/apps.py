from django.apps import AppConfig


class SendingConfig(AppConfig):
    name = "filiform.clinic.sending"
    label = "sending"
