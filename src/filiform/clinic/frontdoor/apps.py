from django.apps import AppConfig


class FrontdoorConfig(AppConfig):
    name = "filiform.clinic.frontdoor"
    label = "frontdoor"
