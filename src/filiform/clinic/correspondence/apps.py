from django.apps import AppConfig


class CorrespondenceConfig(AppConfig):
    name = "filiform.clinic.correspondence"
    label = "correspondence"

    def ready(self) -> None:
        # Models can't be imported before all apps are there.
        from filiform.clinic.correspondence.messages import put_in

        put_in()
