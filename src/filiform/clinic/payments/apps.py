from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "filiform.clinic.payments"
    label = "payments"
