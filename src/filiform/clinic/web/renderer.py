"""Forms as Filiform draws them: label, hint, error, field; every error says what to do."""

from __future__ import annotations

from django.forms.renderers import TemplatesSetting


class Renderer(TemplatesSetting):
    form_template_name = "filiform/form.html"
    field_template_name = "filiform/field.html"
