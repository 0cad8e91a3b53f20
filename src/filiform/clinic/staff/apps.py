from django.apps import AppConfig


class StaffConfig(AppConfig):
    name = "filiform.clinic.staff"
    label = "staff"
