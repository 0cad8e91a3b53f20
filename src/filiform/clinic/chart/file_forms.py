"""Why two files are put together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class MergeForm(forms.Form):
    """differing: fields in which the files differ; with any, somebody has to say that it is one
    person all the same."""

    same_person = forms.BooleanField(
        label=_("It is the same person: I have asked, or seen a document"), required=False
    )
    why = forms.CharField(
        label=_("How do you know that it is one person?"),
        help_text=_("For example: told us so, same identity card"),
        max_length=300,
        min_length=3,
    )

    def __init__(self, *args: Any, differing: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if differing:
            self.fields["same_person"].required = True
        else:
            del self.fields["same_person"]
