from django.apps import AppConfig


class ChartConfig(AppConfig):
    name = "filiform.clinic.chart"
    label = "chart"
