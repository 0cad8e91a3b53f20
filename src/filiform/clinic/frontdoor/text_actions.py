"""What the owner does to the public pages. Each is one transaction with its audit entry."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from filiform.clinic.facts.amending import amended, hold, voided
from filiform.clinic.facts.models import new_id
from filiform.clinic.facts.recording import recording
from filiform.clinic.frontdoor.models import Photograph, PublicText
from filiform.clinic.frontdoor.photographs import Drawn
from filiform.clinic.frontdoor.texts import OWN_QUESTION, Text, TextState, standing_of, written_in
from filiform.clinic.staff.models import Member, Site


def write_text(*, key: str, by: Member, texts: Mapping[str, Text], why: str = "") -> TextState:
    """Lay the owner's words over a text, in each language whose words changed.

    texts: language → what it shall say. The Urdu is recorded anew with the English even when it
    stays as it is and `why` says so: whoever looked at both says that they agree.
    Raises KeyError for a key that the clinic doesn't have.
    """
    with recording("public-text-written", by=by) as entry:
        hold(by.organisation)
        # Under the hold: there may be no row yet, and two owners would both write a first one.
        before = standing_of(by.organisation_id, key)
        if before is None:
            raise KeyError(key)
        for language, text in texts.items():
            row = _write(before, language, text, by=by, why=why)
            entry.about(row, key=key)
        after = standing_of(by.organisation_id, key)
        assert after is not None  # noqa: S101 - it was written in this transaction
        return after


def add_question(*, by: Member, texts: Mapping[str, Text], once: UUID | None = None) -> str:
    """A question of the clinic's own; its key. once: made with the form; the same one twice is one
    question."""
    key = f"{OWN_QUESTION}{(once or new_id()).hex}"
    with recording("public-text-written", by=by) as entry:
        there = PublicText.objects.filter(organisation=by.organisation, key=key).first()
        if there is not None:
            entry.about(there, key=key, again=True)
            return key
        for language, text in texts.items():
            # Urdu is not asked for; where it is missing the English stands.
            if not text.title:
                continue
            row = PublicText.objects.create(
                organisation=by.organisation, recorded_by=by, key=key, language=language,
                title=text.title, body=text.body,
            )  # fmt: skip
            entry.about(row, key=key)
    return key


def restore_text(*, key: str, by: Member, why: str) -> None:
    """Take the owner's words back in every language: the shipped text holds again, and a question
    of the clinic's own is gone from the page. Nothing happens when there are none."""
    with recording("public-text-taken-back", by=by) as entry:
        hold(by.organisation)
        found = standing_of(by.organisation_id, key)
        for row in found.own.values() if found else ():
            entry.about(voided(row, by=by, why=why), key=key)


def put_photograph(
    *,
    by: Member,
    drawn: Drawn,
    describes: str,
    describes_ur: str = "",
    member: Member | None = None,
    site: Site | None = None,
) -> Photograph:
    """Show a photograph of a person or of a site, in place of the former one.

    Raises ValueError when it is of both or of neither.
    """
    if (member is None) == (site is None):
        raise ValueError("a photograph is of a person or of a site: give one of them")
    fields: dict[str, Any] = {
        "picture": drawn.content,
        "width_px": drawn.width_px,
        "height_px": drawn.height_px,
        "describes": describes,
        "describes_ur": describes_ur,
    }
    with recording("photograph-put", by=by) as entry:
        hold(by.organisation)
        former = Photograph.objects.current().filter(
            organisation=by.organisation, member=member, site=site
        )
        last = former.order_by("recorded_at").last()
        if last is not None:
            row = amended(last, by=by, **fields)
        else:
            row = Photograph.objects.create(
                organisation=by.organisation, recorded_by=by, member=member, site=site, **fields
            )
        entry.about(row)
    return row


def take_photograph_away(*, photograph: Photograph, by: Member, why: str) -> None:
    """It no longer stands on any page. Raises ChangedMeanwhile."""
    with recording("photograph-taken-away", by=by) as entry:
        entry.about(voided(photograph, by=by, why=why))


def _write(before: TextState, language: str, text: Text, *, by: Member, why: str) -> PublicText:
    former = before.own.get(language)
    words: dict[str, Any] = {"title": text.title, "body": text.body, "is_shown": text.is_shown}
    if former is not None:
        return amended(former, by=by, why=why, **words)
    return PublicText.objects.create(
        organisation=by.organisation, recorded_by=by, key=before.key, language=language,
        why=why, **words,
    )  # fmt: skip


def changed(before: TextState, language: str, text: Text) -> bool:
    """Whether a text would say something else than it does now."""
    return text != written_in(before, language)
