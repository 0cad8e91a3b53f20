from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "filiform.clinic.events"
    label = "events"

    def ready(self) -> None:
        # Models can't be imported before all apps are there.
        from filiform.clinic.aftercare.actions import AFTER_AN_ALARM
        from filiform.clinic.events.actions import of_check, of_couch
        from filiform.clinic.treatment.events import AFTER_AN_EVENT

        if of_couch not in AFTER_AN_EVENT:
            AFTER_AN_EVENT.append(of_couch)
        if of_check not in AFTER_AN_ALARM:
            AFTER_AN_ALARM.append(of_check)
