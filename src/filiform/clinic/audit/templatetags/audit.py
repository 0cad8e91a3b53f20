"""Entries of the audit in words."""

from __future__ import annotations

from django import template

from filiform.clinic.audit.subjects import subject_words
from filiform.clinic.audit.vocabulary import action_words
from filiform.clinic.facts.models import Entry

register = template.Library()


@register.filter
def done(entry: Entry) -> str:
    return action_words(entry.action)


@register.filter
def about(entry: Entry) -> str:
    return subject_words(entry.subject_type)
