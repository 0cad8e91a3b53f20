from django.apps import AppConfig


class CouchConfig(AppConfig):
    name = "filiform.clinic.couch"
    label = "couch"
