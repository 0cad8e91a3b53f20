from django.apps import AppConfig


class FrontdoorConfig(AppConfig):
    name = "filiform.clinic.frontdoor"
    label = "frontdoor"

    def ready(self) -> None:
        # Models can't be imported before all apps are there.
        from filiform.clinic.frontdoor.queries import ringing_addresses
        from filiform.clinic.web.bell import RINGING

        if ringing_addresses not in RINGING:
            RINGING.append(ringing_addresses)
