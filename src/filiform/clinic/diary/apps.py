from django.apps import AppConfig


class DiaryConfig(AppConfig):
    name = "filiform.clinic.diary"
    label = "diary"
