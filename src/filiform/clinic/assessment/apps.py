from django.apps import AppConfig


class AssessmentConfig(AppConfig):
    name = "filiform.clinic.assessment"
    label = "assessment"

    def ready(self) -> None:
        # Models can't be imported before all apps are there.
        from filiform.clinic.assessment.sent_in import put_in

        put_in()
