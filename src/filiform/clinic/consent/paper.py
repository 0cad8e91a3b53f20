"""What the patient's copy of a consent says, in the language that is switched on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.html import escape
from django.utils.translation import gettext as _

from filiform.clinic.consent.queries import still_refused
from filiform.clinic.consent.templatetags.consent import HEADINGS, risk_name
from filiform.clinic.consent.understood import told_back
from filiform.clinic.consent.vocabulary import METHODS, RELATIONS
from filiform.clinic.documents.heads import head_of
from filiform.clinic.web.muscle_names import list_in_words, muscle_in_words
from filiform.clinic.web.templatetags.filiform import local_name
from filiform.clinic.web.times import comma, semicolon, written

if TYPE_CHECKING:
    from filiform.clinic.consent.models import Consent
    from filiform.clinic.staff.models import Member


def consent_values(consent: Consent, *, by: Member | None) -> dict[str, Any]:
    """For `papers/consent.typ`. The language that is switched on is that of the signed text."""
    text, shown, patient = consent.text, consent.shown, consent.patient
    language = text.language
    withdrawal = getattr(consent, "withdrawal", None)
    # As the page said it to the patient: a later atlas may give the muscle another name.
    agreed = shown.get("muscles") or [
        muscle_in_words(muscle, side, language) for muscle, side in consent.muscles
    ]
    return {
        "head": head_of(
            title=text.title,
            organisation=consent.organisation,
            name=patient.name,
            file=patient.file_number,
            by=by,
        ),
        "withdrawn": _("Withdrawn on %(when)s.") % {"when": _when(withdrawal)}
        if withdrawal
        else "",
        "agreed_title": HEADINGS["agreed"].in_language(language),
        "agreed": agreed,
        "refused_title": HEADINGS["refused"].in_language(language),
        "refused": [
            list_in_words(pairs, language)
            for _refusal, pairs in still_refused(consent.visit, consent)
        ],
        "sections": [
            [part["heading"], part["text"]]
            for part in text.body
            # As it was shown at the signature; the plan may have changed since.
            if part.get("only") != "lung" or shown.get("lung")
        ],
        "risks_title": HEADINGS["risks"].in_language(language),
        "risks": [_risk(one, language) for one in shown.get("risks", ())],
        "answers_title": HEADINGS["said-back"].in_language(language),
        "answers": [
            [
                asks.in_language(language),
                " – ".join(filter(None, (chosen.in_language(language) if chosen else "", said))),
            ]
            for asks, chosen, said in told_back(consent)
        ],
        "signed_title": _("Signature"),
        "facts": _facts(consent),
        "signature": _signature(consent.signature),
        "signature_alt": _("Signature of %(name)s") % {"name": consent.signed_name},
        "line_to_sign": _("Signature or thumb print:"),
        "text_title": _("Text"),
        "text_version": f"{text.version} ({text.language})",
        "hash": text.sha256,
    }


def _facts(consent: Consent) -> list[list[str]]:
    relation = str(dict(RELATIONS).get(consent.relation, consent.relation))
    how = [str(dict(METHODS)[consent.method])]
    how += [f"{_('witness')}: {consent.witness}"] if consent.witness else []
    how += [f"{_('interpreter')}: {consent.interpreter}"] if consent.interpreter else []
    who = consent.recorded_by
    explained = [local_name(who), who.title] if who else []
    return [
        [_("Signed by"), f"{consent.signed_name} ({relation})"],
        [_("When"), _when(consent)],
        [_("How"), f"{semicolon()} ".join(how)],
        [_("Explained by"), f"{comma()} ".join(filter(None, explained))],
    ]


def _risk(one: dict[str, str], language: str) -> str:
    says = " ".join(filter(None, (one["says"], one.get("rare", ""), one.get("then", ""))))
    return f"{risk_name(one['id'], language)}: {says}"


def _when(row: Any) -> str:
    return written(row.recorded_at, "j F Y, H:i")


def _signature(path: str) -> str:
    """The drawn signature as a picture of its own; `give_consent` takes moves and lines alone."""
    if not path:
        return ""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 600 200">'
        f'<path d="{escape(path)}" fill="none" stroke="#1d2733" stroke-width="3" '
        'stroke-linecap="round" stroke-linejoin="round"/></svg>'
    )
