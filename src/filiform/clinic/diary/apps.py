from django.apps import AppConfig


class DiaryConfig(AppConfig):
    name = "filiform.clinic.diary"
    label = "diary"

    def ready(self) -> None:
        # Models can't be imported before all apps are there.
        from filiform.clinic.diary.queries import public_services
        from filiform.clinic.frontdoor.offers import OFFERS

        if public_services not in OFFERS:
            OFFERS.append(public_services)
