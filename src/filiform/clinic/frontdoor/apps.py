from django.apps import AppConfig


class FrontdoorConfig(AppConfig):
    name = "filiform.clinic.frontdoor"
    label = "frontdoor"

    def ready(self) -> None:
        # Models can't be imported before all apps are there.
        from filiform.clinic.frontdoor import replying
        from filiform.clinic.frontdoor.queries import late_addresses, next_late, ringing_addresses
        from filiform.clinic.web.bell import RINGING, TURNS

        # Danger first: whoever opens what rings opens that.
        for rings in (ringing_addresses, late_addresses):
            if rings not in RINGING:
                RINGING.append(rings)
        if next_late not in TURNS:
            TURNS.append(next_late)
        replying.put_in()
