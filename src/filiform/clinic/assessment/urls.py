"""Addresses of the room."""

from __future__ import annotations

from django.urls import path

from filiform.clinic.assessment.views.pictures import picture, picture_drop, picture_keep
from filiform.clinic.assessment.views.plan import look, plan, plan_save
from filiform.clinic.assessment.views.ranking import palpated, ranking
from filiform.clinic.assessment.views.safety import (
    answer,
    changes,
    clear,
    confirm,
    countersign,
    justify,
    safety,
)
from filiform.clinic.assessment.views.second import second
from filiform.clinic.assessment.views.story import story, story_save
from filiform.clinic.assessment.views.targets import choose, drop, find, place, search, targets
from filiform.clinic.assessment.views.templates import (
    template_drop,
    template_keep,
    template_use,
)

app_name = "assessment"
_VISIT = "visits/<uuid:visit_id>"
urlpatterns = [
    path(f"{_VISIT}/story/", story, name="story"),
    path(f"{_VISIT}/story/save/", story_save, name="story-save"),
    path(f"{_VISIT}/safety/", safety, name="safety"),
    path(f"{_VISIT}/safety/answer/", answer, name="answer"),
    path(f"{_VISIT}/safety/changes/", changes, name="changes"),
    path(f"{_VISIT}/safety/justify/", justify, name="justify"),
    path(f"{_VISIT}/safety/clearance/", clear, name="clear"),
    path(f"{_VISIT}/safety/second-signature/", countersign, name="countersign"),
    path(f"{_VISIT}/safety/confirm/", confirm, name="confirm"),
    path(f"{_VISIT}/targets/", targets, name="targets"),
    path(f"{_VISIT}/targets/search/", search, name="muscle-search"),
    path(f"{_VISIT}/targets/choose/", choose, name="choose"),
    path(f"{_VISIT}/targets/find/", find, name="find"),
    path(f"{_VISIT}/targets/ranking/", ranking, name="ranking"),
    path(f"{_VISIT}/targets/palpated/", palpated, name="palpated"),
    path(f"{_VISIT}/targets/second/", second, name="second"),
    path(f"{_VISIT}/targets/<uuid:target_id>/place/", place, name="place"),
    path(f"{_VISIT}/targets/<uuid:target_id>/drop/", drop, name="drop"),
    path(f"{_VISIT}/plan/", plan, name="plan"),
    path(f"{_VISIT}/plan/save/", plan_save, name="plan-save"),
    path(f"{_VISIT}/plan/<uuid:target_id>/look/", look, name="plan-look"),
    path(f"{_VISIT}/plan/<uuid:target_id>/picture/", picture_keep, name="picture-keep"),
    path(f"{_VISIT}/plan/pictures/<uuid:picture_id>/", picture, name="picture"),
    path(f"{_VISIT}/plan/pictures/<uuid:picture_id>/drop/", picture_drop, name="picture-drop"),
    path(f"{_VISIT}/plan/templates/", template_keep, name="template-keep"),
    path(f"{_VISIT}/plan/templates/<uuid:template_id>/use/", template_use, name="template-use"),
    path(f"{_VISIT}/plan/templates/<uuid:template_id>/drop/", template_drop, name="template-drop"),
]
