from django.apps import AppConfig


class BookingConfig(AppConfig):
    name = "filiform.clinic.booking"
    label = "booking"

    def ready(self) -> None:
        # Models can't be imported before all apps are there.
        from filiform.clinic.booking import changes
        from filiform.clinic.booking.desk import waits_for
        from filiform.clinic.booking.messages import put_in
        from filiform.clinic.booking.offering import listen
        from filiform.clinic.pathway.attention import ALSO

        put_in()
        listen()
        changes.listen()
        if waits_for not in ALSO:
            ALSO.append(waits_for)
