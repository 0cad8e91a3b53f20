"""The form by which a document comes: from staff, and from the patient's own page."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language, gettext_lazy

from filiform.clinic.intake import health_links
from filiform.clinic.intake.vocabulary import LARGEST_DOCUMENT_BYTES
from filiform.exchange.fhir import BundleError, read_bundle
from filiform.exchange.fhir.links import comes_alone, holds_link, link_in
from filiform.reasons import Reason, say


class UploadForm(forms.Form):
    """A file, or its text pasted; with a link the file may be what the link leads to."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        required=False,
        widget=forms.FileInput(
            attrs={"accept": ".json,.xml,.ndjson,.txt,.jwe,.smart-health-card,application/json"}
        ),
    )
    pasted = forms.CharField(
        label=gettext_lazy("Its text, or a SMART Health Link"),
        required=False,
        # A document is kept byte for byte, blanks at its end, too.
        strip=False,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false", "dir": "ltr"}),
    )
    passcode = forms.CharField(
        label=gettext_lazy("Passcode of the link"),
        help_text=gettext_lazy("Only if the link asks for one. It is not kept."),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "dir": "ltr"}),
    )

    def __init__(self, *args: Any, recipient: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.recipient = recipient
        # A box that can do nothing only raises questions.
        if not health_links.is_allowed():
            del self.fields["passcode"]

    def clean(self) -> dict[str, object]:
        data = super().clean() or {}
        if self.errors:
            return data
        file, pasted = data.get("file"), data.get("pasted") or ""
        if file is None and not pasted.strip():
            raise ValidationError(gettext_lazy("Choose a file or paste its text."))
        size = len(pasted.encode()) + (file.size if file is not None else 0)
        if size > LARGEST_DOCUMENT_BYTES:
            raise ValidationError(
                gettext_lazy(
                    "The document has %(size)s MB; allowed are %(most)s. Ask for a patient "
                    "summary (IPS) instead of the whole record."
                ),
                params={
                    "size": round(size / 1_000_000),
                    "most": LARGEST_DOCUMENT_BYTES // 1_000_000,
                },
            )
        self.raw = file.read() if file is not None else pasted.encode()
        if file is not None and holds_link(pasted.encode()):
            self.raw = pasted.encode() + b"\n" + self.raw
        self._read(data.get("passcode") or "")
        return data

    def _read(self, passcode: str) -> None:
        try:
            self._fetch(passcode)
            self.bundle = read_bundle(self.raw)
        except health_links.LinkNotFetched as error:
            raise ValidationError(str(error)) from error
        except BundleError as error:
            raise ValidationError(
                gettext_lazy("This cannot be imported. The reader says: %(why)s."),
                params={"why": _in_words(error)},
            ) from error

    def _fetch(self, passcode: str) -> None:
        """What a link alone leads to, put beside it, where the owner allows that."""
        if not health_links.is_allowed() or not holds_link(self.raw) or not comes_alone(self.raw):
            return
        found = health_links.fetch(link_in(self.raw), recipient=self.recipient, passcode=passcode)
        self.raw += b"\n" + found


def _in_words(error: BundleError) -> str:
    """Why, in the reader's language, without the end of its last sentence: another follows."""
    language = get_language() or "en"
    if language.startswith("en"):
        return str(error).rstrip(".")
    said = [
        # What the document says keeps its own direction within the sentence.
        say(Reason(one.code, params={n: f"\u2068{v}\u2069" for n, v in one.params}), language)
        for one in error.notices
    ]
    return " ".join(said).rstrip("۔")
