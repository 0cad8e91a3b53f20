from django.apps import AppConfig


class ExpectationConfig(AppConfig):
    name = "filiform.clinic.expectation"
    label = "expectation"
