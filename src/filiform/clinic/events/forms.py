"""What is entered about an event."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from filiform.clinic.events.models import SafetyEvent
from filiform.clinic.events.queries import places_of
from filiform.clinic.events.vocabulary import HOW, KINDS, causalities, criteria, grades
from filiform.clinic.facts.models import new_id
from filiform.clinic.patients.models import Patient
from filiform.clinic.staff.models import Member, Site
from filiform.clinic.web.fields import ClockField, DayField, field_of
from filiform.clinic.web.muscle_names import muscle_in_words
from filiform.clinic.web.templatetags.filiform import local_name
from filiform.clinic.web.times import zone_of
from filiform.clinic.web.widgets import Chips, Day, ManyChips


def _long(label: Any, rows: int = 3, **options: Any) -> forms.CharField:
    widget = forms.Textarea({"rows": rows})
    return forms.CharField(label=label, max_length=4000, widget=widget, **options)


class SiteChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # no parameter at run time
    def label_from_instance(self, site: Any) -> str:
        return local_name(site)


class ReportForm(forms.Form):
    """An event or near miss by hand. `moment` and `patient` stand in the cleaned data."""

    event_id = forms.UUIDField(widget=forms.HiddenInput)
    site = SiteChoice(label=_("Site"), queryset=Site.objects.none(), widget=Chips, empty_label=None)
    file_number = forms.CharField(
        label=_("File number of the patient"),
        help_text=_("Leave it empty for a near miss that reached nobody."),
        max_length=20,
        required=False,
    )
    kind = forms.ChoiceField(label=_("What happened"), choices=list(KINDS.items()))
    grade = forms.ChoiceField(label=_("How severe (CTCAE)"), widget=Chips)
    day = DayField(label=_("Day"), widget=Day)
    clock = ClockField(label=_("Time"), widget=forms.TimeInput(attrs={"type": "time"}))
    text = _long(_("What was seen, said and done"))

    def __init__(self, *args: Any, by: Member, file_number: str = "", **options: Any) -> None:
        here = timezone.localtime()
        options["initial"] = {
            "event_id": new_id(),
            "day": here.date(),
            "clock": here.strftime("%H:%M"),
            "file_number": file_number,
        }
        super().__init__(*args, **options)
        self.by = by
        sites = Site.objects.filter(organisation=by.organisation_id).order_by("pk")
        site = field_of(self, "site", SiteChoice)
        site.queryset = sites
        # Nothing to choose, and still sent along.
        if len(sites) == 1:
            site.initial, site.widget = sites[0].pk, forms.HiddenInput()
        field_of(self, "grade", forms.ChoiceField).choices = grades()

    def clean_file_number(self) -> str:
        number = str(self.cleaned_data["file_number"]).strip()
        self.patient = None
        if number:
            self.patient = Patient.objects.filter(
                organisation=self.by.organisation_id, file_number__iexact=number
            ).first()
            if self.patient is None:
                raise ValidationError(
                    _("No patient has the file number “%(got)s”. It is shown beside the name."),
                    params={"got": number},
                )
        return number

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        # Only of a form that is right otherwise: a number that was mistyped is told of beside it.
        if found.get("grade", "0") != "0" and not found.get("file_number") and not self.errors:
            self.add_error(
                "file_number", _("Only a near miss has no patient. Say whom it happened to.")
            )
        if found.get("day") and found.get("clock"):
            # By the clock on the wall of the site, which need not be the reader's.
            site = found.get("site")
            zone = zone_of(site.pk if site else None)
            moment = timezone.make_aware(datetime.combine(found["day"], found["clock"]), zone)
            if moment > timezone.now():
                self.add_error("day", _("This is in the future. Say when it happened."))
            found["moment"] = moment
        return found


class AssessForm(forms.Form):
    """The judgement. version: the row that was shown; another one since is told."""

    version = forms.UUIDField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=_("What happened"), choices=list(KINDS.items()))
    grade = forms.ChoiceField(label=_("Grade (CTCAE)"), widget=forms.RadioSelect)
    criteria = forms.MultipleChoiceField(
        label=_("What makes it serious"), required=False, widget=ManyChips
    )
    place = forms.ChoiceField(label=_("Which needles"), required=False, widget=Chips)
    causality = forms.ChoiceField(
        label=_("Did the needling cause it? (WHO-UMC)"), required=False, widget=forms.RadioSelect
    )
    causality_why = _long(_("Why"), 2, required=False)
    done = _long(
        _("What was done, and what is changed so that it doesn't come again"), required=False
    )
    outcome = _long(_("How it ended"), 2, required=False)
    for_patient = _long(
        _("What happened, for the letter"),
        required=False,
        help_text=_("In the patient's language, in plain words; the letter says it as it is."),
    )
    why = forms.CharField(label=_("Why the assessment is changed"), max_length=300, required=False)

    def __init__(self, *args: Any, event: SafetyEvent, **options: Any) -> None:
        same = [*("kind", "grade", "criteria", "causality", "causality_why")]
        same += ["done", "outcome", "for_patient"]
        options["initial"] = {name: getattr(event, name) for name in same} | {
            "version": event.pk,
            "place": f"{event.muscle}|{event.side}",
        }
        super().__init__(*args, **options)
        field_of(self, "grade", forms.ChoiceField).choices = grades()
        field_of(self, "causality", forms.ChoiceField).choices = causalities()
        field_of(self, "criteria", forms.MultipleChoiceField).choices = criteria()
        places = _places(event)
        if places:
            field_of(self, "place", forms.ChoiceField).choices = [("|", _("Not known")), *places]
        else:
            del self.fields["place"]

    def changes(self) -> dict[str, Any]:
        """For `actions.assess`."""
        given = dict(self.cleaned_data)
        given.pop("version")
        place = given.pop("place", None)
        if place:
            given["muscle"], _bar, given["side"] = place.partition("|")
        return given


def _places(event: SafetyEvent) -> list[tuple[str, str]]:
    if event.treatment is None:
        return []
    found = dict.fromkeys((muscle, side) for _needle, muscle, side in places_of(event.treatment))
    return [(f"{muscle}|{side}", muscle_in_words(muscle, side)) for muscle, side in found]


class StepForm(forms.Form):
    """A duty that was met, or a note."""

    duty = forms.CharField(widget=forms.HiddenInput, required=False)
    how = forms.ChoiceField(label=_("How"), choices=HOW, widget=Chips, required=False)
    note = forms.CharField(label=_("Note"), max_length=1000, required=False)

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        if not found.get("duty") and not found.get("note", "").strip():
            raise ValidationError(_("Write what is to be noted."))
        return found


class ReopenForm(forms.Form):
    why = forms.CharField(label=_("What more is known"), max_length=300)
