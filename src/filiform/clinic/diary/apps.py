from django.apps import AppConfig


class DiaryConfig(AppConfig):
    name = "filiform.clinic.diary"
    label = "diary"

    def ready(self) -> None:
        # Models can't be imported before all apps are there.
        from filiform.clinic.diary.actions import refuse_taken
        from filiform.clinic.diary.queries import public_services
        from filiform.clinic.frontdoor.offers import OFFERS
        from filiform.clinic.visits.actions import BEFORE_BOOKED_AGAIN

        if refuse_taken not in BEFORE_BOOKED_AGAIN:
            BEFORE_BOOKED_AGAIN.append(refuse_taken)
        if public_services not in OFFERS:
            OFFERS.append(public_services)
