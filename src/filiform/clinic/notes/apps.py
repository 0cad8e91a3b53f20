from django.apps import AppConfig


class NotesConfig(AppConfig):
    name = "filiform.clinic.notes"
    label = "notes"
