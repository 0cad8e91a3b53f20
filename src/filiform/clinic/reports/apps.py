from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "filiform.clinic.reports"
    label = "reports"
