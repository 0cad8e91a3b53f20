"""The owner's forms for the public pages: a text in both languages, a photograph."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from filiform.clinic.frontdoor.danger import said_less_urgent
from filiform.clinic.frontdoor.photographs import Drawn, drawn
from filiform.clinic.frontdoor.texts import Text, TextState, shipped, written_in
from filiform.clinic.staff.site_form import URDU
from filiform.reasons import Reason, say

LONGEST_BODY = 3000
SIGNS_OF = {"danger_today": "call-today"}
"""Key → how urgent what is listed there is told to be."""


class TextForm(forms.Form):
    """A text of the public pages. Each line of a body is a paragraph, or an entry of a list."""

    title_en = forms.CharField(label=_("Heading, in English"), max_length=200, required=False)
    body_en = forms.CharField(
        label=_("Text, in English"),
        max_length=LONGEST_BODY,
        required=False,
        widget=forms.Textarea({"rows": 5, "lang": "en", "dir": "ltr"}),
    )
    title_ur = forms.CharField(
        label=_("Heading, in Urdu"), max_length=200, required=False, widget=forms.TextInput(URDU)
    )
    body_ur = forms.CharField(
        label=_("Text, in Urdu"),
        max_length=LONGEST_BODY,
        required=False,
        widget=forms.Textarea({"rows": 5, **URDU}),
    )
    is_shown = forms.BooleanField(label=_("Show it"), required=False, initial=True)
    same = forms.BooleanField(
        label=_("The Urdu says the same as the English"),
        required=False,
        help_text=_("Tick it when you have compared both: the notice then disappears."),
    )
    why = forms.CharField(label=_("Why is it changed?"), max_length=300, required=False)

    def __init__(self, *args: Any, one: TextState | None = None, **kwargs: Any) -> None:
        """one: as the text stands now; None for a new question."""
        self.one = one
        if one is not None:
            kwargs["initial"] = {**_initial(one), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        known = shipped().get(one.key) if one else None
        if known is not None:
            # Where the owner only adds lines, the heading above them is ours.
            if known.adds or known.title is None:
                del self.fields["title_en"], self.fields["title_ur"]
            # Only a question can be hidden: the pages are built around every other text.
            if known.group != "questions":
                del self.fields["is_shown"]
        # The owner's first words change none of theirs: there is nothing to give a reason for.
        if one is None or not one.own:
            del self.fields["why"]
        if one is None:
            del self.fields["same"]
        for name, label in (("title_en", _("Question, in English")),
                            ("title_ur", _("Question, in Urdu"))):  # fmt: skip
            if name in self.fields and (one is None or one.group == "questions"):
                self.fields[name].label = label
                self.fields[name].required = name == "title_en"

    def texts(self) -> dict[str, Text]:
        """Language → what the form says."""
        key, data = (self.one.key if self.one else ""), self.cleaned_data
        return {
            language: Text(
                key,
                data.get(f"title_{language}", ""),
                "\n".join(line.strip() for line in data[f"body_{language}"].splitlines()).strip(),
                data.get("is_shown", True),
            )
            for language in ("en", "ur")
        }

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        known = shipped().get(self.one.key) if self.one else None
        empties = known is not None and not known.adds and known.body_en
        if empties and not data.get("body_en", "").strip():
            raise ValidationError(
                _("The English text is empty. Write one, or withdraw yours to show ours.")
            )
        told = SIGNS_OF.get(self.one.key) if self.one else None
        if told:
            lines = f"{data.get('body_en', '')}\n{data.get('body_ur', '')}".splitlines()
            for line in lines:
                sign = said_less_urgent(line, told)
                if sign is not None:
                    raise ValidationError(
                        _(
                            "“%(line)s” is an emergency in our table of warning signs (%(sign)s), "
                            "so it can't stand among those for a call. Take it out: it is listed "
                            "already, or add it to the signs for emergency."
                        ),
                        params={"line": line.strip(),
                                "sign": sign.name.in_language(get_language() or "en")},
                    )  # fmt: skip
        return data


def _initial(one: TextState) -> dict[str, Any]:
    initial: dict[str, Any] = {"is_shown": one.is_shown}
    for language in ("en", "ur"):
        text = written_in(one, language)
        initial |= {f"title_{language}": text.title, f"body_{language}": text.body}
    return initial


class PhotographForm(forms.Form):
    file = forms.FileField(
        label=_("Photograph"),
        help_text=_(
            "JPEG, PNG or WebP, up to 8 MB. Place and time that a camera wrote are removed."
        ),
    )
    describes = forms.CharField(
        label=_("What the picture shows, in English"),
        max_length=200,
        help_text=_("For people who can't see it: Sana Malik, smiling, in a white coat."),
    )
    describes_ur = forms.CharField(
        label=_("What the picture shows, in Urdu"),
        max_length=200,
        required=False,
        widget=forms.TextInput(URDU),
    )
    agrees = forms.BooleanField(label=_("Everybody in the picture agrees that anyone may see it"))

    def clean_file(self) -> Drawn:
        file = self.cleaned_data["file"]
        picture = drawn(file, file.size)
        if isinstance(picture, Reason):
            raise ValidationError(say(picture, get_language() or "en"))
        return picture
