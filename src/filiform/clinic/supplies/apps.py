from django.apps import AppConfig


class SuppliesConfig(AppConfig):
    name = "filiform.clinic.supplies"
    label = "supplies"
