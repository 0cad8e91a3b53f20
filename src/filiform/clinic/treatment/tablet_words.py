"""What the treatment page's script says, in the reader's language: it has to be able to speak when
nobody answers. Names in %(...)s are filled in by the script (web/filiform/treatment/waiting.js)."""

from __future__ import annotations

from functools import cache
from typing import Any

import msgspec
from django.utils.translation import gettext as _

from filiform.clinic.treatment.vocabulary import KINDS
from filiform.data_files import read_toml


class SpokenWords(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What can be said in one language; see data/spoken.toml."""

    insertion: list[str]
    removal: list[str]
    twitch: list[str]
    pain_reproduced: list[str] = msgspec.field(name="pain-reproduced")
    number: list[str]
    left: list[str]
    right: list[str]
    joints: list[str] = msgspec.field(name="and")
    denials: list[str] = msgspec.field(name="not")
    numbers: dict[str, int]


@cache
def spoken_words() -> dict[str, Any]:
    """Of both languages, as the tablet's script reads them."""
    found = read_toml("filiform.clinic.treatment", "spoken.toml", dict[str, SpokenWords])
    return {language: msgspec.to_builtins(words) for language, words in found.items()}


def tablet_words() -> dict[str, Any]:
    """By the keys that the script uses; "kinds" holds the names of acts."""
    return {
        "spoken": spoken_words(),
        "ask": {
            "nothing": _("Not understood."),
            "which": _("Which needle or muscle? Say its name or its number."),
            "side": _("Left or right? Say the side with the muscle."),
            "not-in": _("No such needle is in."),
        },
        "kinds": {kind: str(name) for kind, name in KINDS.items()},
        "sending": _("Saving… %(count)s"),
        "noLine": _("No connection to the clinic's computer."),
        "waiting": _("Actions waiting on this tablet, sent in order: %(count)s."),
        "carryOn": _("Carry on: what you tap is kept on this tablet."),
        "contact": _("Last contact %(time)s."),
        "signedOut": _("You are signed out: sign in again on this page."),
        "notAllowed": _("You may no longer record here: a colleague who may can sign in."),
        "locked": _("The screen is locked: unlock it on this page."),
        "notLasting": _("This browser can't keep them: don't close this page."),
        "strangers": _("Tapped on this tablet by somebody else, and not sent: %(what)s."),
        "shut": _(
            "Sealed on this tablet, and opened when the person who tapped them signs in: %(count)s."
        ),
        "refused": _("Not recorded, see below: %(count)s."),
        "settleFirst": _(
            "Not yet: every action on this tablet has to be recorded or settled first."
        ),
        "lineFirst": _(
            "Not yet: counting and signing need the connection to the clinic's computer."
        ),
        "notRecorded": _("Not recorded: %(what)s"),
        "after": _("Waiting with it, because it depends on it: %(what)s."),
        "amend": _("Record as an amendment"),
        "again": _("Try again"),
        "dismiss": _("Dismiss"),
        "loses": _(
            "The record will never show this: %(what)s. What was done to the patient stays done."
        ),
        "dismissSure": _("Dismiss, and lose it"),
        "keepIt": _("Keep it here"),
        "amendment": _(
            "%(what)s. Tapped on a tablet at that time; it reached the clinic's computer only "
            "after the signature."
        ),
        "anyway": _("It was done: record it in this visit"),
        "wished": _("You asked to sign at %(time)s. Look at what has arrived, and sign."),
        "wishKept": _("Kept at %(time)s: you want to sign. Nothing is signed yet."),
        "counted": _(
            "Counted at %(time)s: %(opened)s opened, %(in_bin)s in the bin. Kept on this "
            "tablet; the clinic's computer checks it when the connection is back."
        ),
        "miscounted": _(
            "This does not add up: %(used)s used by the taps, %(opened)s opened, %(unused)s not "
            "used, %(in_bin)s in the bin. Look for the needle now, at the patient first."
        ),
        "broke": _(
            "The clinic's computer fails on this action, although it answers otherwise. It is "
            "kept on this tablet. Try again later, and tell whoever looks after the computer."
        ),
        "no-reason": _(
            "The clinic's computer did not take it and gave no reason. It is kept on this tablet."
        ),
    }
