from django.apps import AppConfig


class PatientPageConfig(AppConfig):
    name = "filiform.clinic.patient_page"
    label = "patient_page"

    def ready(self) -> None:
        # Models can't be imported before all apps are there.
        from filiform.clinic.patient_page import inviting, messages

        messages.put_in()
        inviting.put_in()
