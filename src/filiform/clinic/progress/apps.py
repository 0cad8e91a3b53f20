from django.apps import AppConfig


class ProgressConfig(AppConfig):
    name = "filiform.clinic.progress"
    label = "progress"

    def ready(self) -> None:
        # Models can't be imported before all apps are there.
        from filiform.clinic.progress.sent_in import put_in

        put_in()
