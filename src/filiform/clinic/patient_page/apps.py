from django.apps import AppConfig


class PatientPageConfig(AppConfig):
    name = "filiform.clinic.patient_page"
    label = "patient_page"

    def ready(self) -> None:
        # Models can't be imported before all apps are there.
        from filiform.clinic.diary.at_home import STANDINGS
        from filiform.clinic.patient_page import inviting, messages
        from filiform.clinic.patient_page.preparing import standing

        messages.put_in()
        inviting.put_in()
        if standing.between not in STANDINGS:
            STANDINGS.append(standing.between)
