"""The short name of a visit, and ids that come from a form."""

from __future__ import annotations

from uuid import UUID, uuid5

LETTERS = "23456789CFGHJKMPQRVWX"
"""What can be read out on a telephone without being taken for something else; no vowels, so that
no word comes of it."""
LENGTH = 6


def reference_of(visit: UUID) -> str:
    """ "7KM-2QX": what a patient says at the desk. It opens nothing, and two visits of one month
    hardly ever share it (21⁶ are 86 million)."""
    # From the id alone: nothing has to be kept, and it is the same on every page.
    number = uuid5(visit, "reference").int
    letters = []
    for _ in range(LENGTH):
        number, rest = divmod(number, len(LETTERS))
        letters.append(LETTERS[rest])
    return f"{''.join(letters[:3])}-{''.join(letters[3:])}"


def id_from(form: UUID, what: str) -> UUID:
    """The id of what a form makes, so that sending it twice makes it once.

    Not the form's own id: whoever fills in a form could name the id of a row that is there.
    """
    return uuid5(form, f"filiform booking {what}")
