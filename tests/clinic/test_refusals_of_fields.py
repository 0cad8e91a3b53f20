"""What a field refuses is said in the clinic's words and in the reader's language, and what is
printed is dark on white."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.utils import translation
from tests.reading import ARABIC_LETTER
from tests.tables import check_each

from filiform.clinic.payments.forms import PackageForm
from filiform.clinic.web.field_messages import OF_FIELDS, OF_VALIDATORS

STYLES = Path(__file__).parents[2] / "web" / "filiform"

REFUSED: list[tuple[forms.Field, object]] = [
    (forms.CharField(), ""),
    (forms.CharField(max_length=3), "abcd"),
    (forms.CharField(min_length=3), "a"),
    (forms.CharField(), "a\x00b"),
    (forms.IntegerField(), "one"),
    (forms.IntegerField(max_value=3), "4"),
    (forms.IntegerField(min_value=3), "2"),
    (forms.FloatField(), "one"),
    (forms.DecimalField(), "one"),
    (forms.EmailField(), "a@"),
    (forms.URLField(assume_scheme="https"), "https://"),
    (forms.ChoiceField(choices=[("a", "A")]), "b"),
    (forms.MultipleChoiceField(choices=[("a", "A")]), ["b"]),
    (forms.MultipleChoiceField(choices=[("a", "A")]), "b"),
    (forms.FileField(), "no file"),
    (forms.UUIDField(), "one"),
]


def test_every_kind_of_field_refuses_in_urdu_to_a_reader_of_urdu():
    def check(field, value):
        with translation.override("ur"), pytest.raises(ValidationError) as refused:
            field.clean(value)
        with translation.override("ur"):
            said = " ".join(map(str, refused.value.messages))
        assert ARABIC_LETTER.search(said), said
        latin = re.sub(r"name@example\.org|https://example\.org", "", said)
        assert not re.search("[A-Za-z]{2,}", latin), said

    check_each(REFUSED, check)


def test_forms_that_the_clinic_defines_took_the_sentences():
    form = PackageForm({"visits": "1"}, currency="PKR")
    assert form.errors["name"] == [str(OF_FIELDS[forms.Field]["required"])]
    assert form.errors["visits"] == ["1 is too little: at least 2."]
    assert len(OF_VALIDATORS) == 7


def test_dark_colours_are_for_screens_so_that_paper_gets_dark_ink():
    tokens = (STYLES / "tokens.css").read_text()
    on_screens = re.sub(r"@media screen[^{]*\{(?:[^{}]|\{[^{}]*\})*\}", "", tokens)
    assert "color-scheme: dark" in tokens
    assert "dark;" not in on_screens
    assert 'data-theme="dark"' not in on_screens
