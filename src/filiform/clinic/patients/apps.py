from django.apps import AppConfig


class PatientsConfig(AppConfig):
    name = "filiform.clinic.patients"
    label = "patients"

    def ready(self) -> None:
        # Models can't be imported before all apps are there.
        from filiform.clinic.facts.recording import BEFORE_AN_ENTRY
        from filiform.clinic.patients.files import refuse_in_closed

        if refuse_in_closed not in BEFORE_AN_ENTRY:
            BEFORE_AN_ENTRY.append(refuse_in_closed)
