from django.apps import AppConfig


class AssessmentConfig(AppConfig):
    name = "filiform.clinic.assessment"
    label = "assessment"
