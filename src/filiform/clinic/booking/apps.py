from django.apps import AppConfig


class BookingConfig(AppConfig):
    name = "filiform.clinic.booking"
    label = "booking"

    def ready(self) -> None:
        # Models can't be imported before all apps are there.
        from filiform.clinic.booking import changes
        from filiform.clinic.booking.desk import calls_wait_for, waits_for
        from filiform.clinic.booking.messages import put_in
        from filiform.clinic.booking.offering import listen
        from filiform.clinic.booking.waiting import carry_over
        from filiform.clinic.chart.merging import ALSO_CARRIED
        from filiform.clinic.pathway.attention import ALSO
        from filiform.clinic.web.kept import ALSO_RESTS_ON

        put_in()
        listen()
        changes.listen()
        for ask in (calls_wait_for, waits_for):
            if ask not in ALSO:
                ALSO.append(ask)
        if changes.calls_open not in ALSO_RESTS_ON:
            ALSO_RESTS_ON.append(changes.calls_open)
        if carry_over not in ALSO_CARRIED:
            ALSO_CARRIED.append(carry_over)
