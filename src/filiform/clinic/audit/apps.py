from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "filiform.clinic.audit"
    label = "audit"
