"""Addresses of the room."""

from __future__ import annotations

from django.urls import URLPattern, path

from filiform.clinic.correspondence.views import handing, letters, reader, signed

app_name = "correspondence"
urlpatterns: list[URLPattern] = [
    path("patients/<uuid:patient_id>/letters/", letters.letters, name="letters"),
    path("letters/<uuid:letter_id>/", letters.letter, name="letter"),
    path("letters/<uuid:letter_id>/diagnosis/", letters.diagnosis, name="diagnosis"),
    path("letters/<uuid:letter_id>/again/", letters.again, name="again"),
    path("letters/<uuid:letter_id>/sign/", signed.sign, name="sign"),
    path("letters/<uuid:letter_id>/addendum/", signed.addendum, name="addendum"),
    path("letters/<uuid:letter_id>/pdf/", handing.paper, name="pdf"),
    path("letters/<uuid:letter_id>/fhir/", handing.document, name="fhir"),
    path("letters/<uuid:letter_id>/printed/", handing.printed, name="printed"),
    path("letters/<uuid:letter_id>/send/", handing.send, name="send"),
    path("letters/<uuid:letter_id>/link/", handing.link, name="link"),
    path("letter/<str:token>/", reader.open_letter, name="open"),
]
