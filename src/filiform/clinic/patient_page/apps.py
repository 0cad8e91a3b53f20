from django.apps import AppConfig


class PatientPageConfig(AppConfig):
    name = "filiform.clinic.patient_page"
    label = "patient_page"

    def ready(self) -> None:
        # Models can't be imported before all apps are there.
        from filiform.clinic.diary.at_home import STANDINGS
        from filiform.clinic.pathway.attention import ALSO
        from filiform.clinic.patient_page import inviting, locked, messages
        from filiform.clinic.patient_page.preparing import standing
        from filiform.clinic.web.kept import ALSO_RESTS_ON

        messages.put_in()
        inviting.put_in()
        if locked.locked_for not in ALSO:
            ALSO.append(locked.locked_for)
        if locked.waiting not in ALSO_RESTS_ON:
            ALSO_RESTS_ON.append(locked.waiting)
        if standing.between not in STANDINGS:
            STANDINGS.append(standing.between)
