from django.apps import AppConfig

from filiform.clinic.web.field_messages import say_it_ourselves


class WebConfig(AppConfig):
    name = "filiform.clinic.web"
    label = "web"

    def ready(self) -> None:
        # Before any form is read: a field takes its sentences when its form is defined.
        say_it_ourselves()
