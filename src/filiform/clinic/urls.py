"""Addresses. No patient's name or number stands in one: only ids without meaning."""

from django.urls import include, path

from filiform.clinic.web import drafts, views

urlpatterns = [
    path("", include("filiform.clinic.frontdoor.urls")),
    # What is asked all day stands first: an address at the end is compared with 240 others, which
    # takes a twentieth of the time of an act. No two patterns match the same address.
    path("", include("filiform.clinic.treatment.urls")),
    path("", include("filiform.clinic.pathway.urls")),
    path("", include("filiform.clinic.chart.urls")),
    path("", include("filiform.clinic.assessment.urls")),
    path("", include("filiform.clinic.payments.urls")),
    path("language/", views.set_language, name="set-language"),
    path("theme/", views.set_theme, name="set-theme"),
    path("drafts/<str:key>/", drafts.draft, name="draft"),
    path("components/", views.components, name="components"),
    path("", include("filiform.clinic.staff.urls")),
    path("", include("filiform.clinic.patients.urls")),
    path("", include("filiform.clinic.intake.urls")),
    path("", include("filiform.clinic.body.urls")),
    path("", include("filiform.clinic.atlas.urls")),
    path("", include("filiform.clinic.visits.urls")),
    path("", include("filiform.clinic.diary.urls")),
    path("", include("filiform.clinic.sending.urls")),
    path("", include("filiform.clinic.cds.urls")),
    path("", include("filiform.clinic.consent.urls")),
    path("", include("filiform.clinic.supplies.urls")),
    path("", include("filiform.clinic.recalls.urls")),
    path("", include("filiform.clinic.notes.urls")),
    path("", include("filiform.clinic.correspondence.urls")),
    path("", include("filiform.clinic.programme.urls")),
    path("", include("filiform.clinic.aftercare.urls")),
    path("", include("filiform.clinic.events.urls")),
    path("", include("filiform.clinic.progress.urls")),
    path("", include("filiform.clinic.expectation.urls")),
    path("", include("filiform.clinic.couch.urls")),
    path("", include("filiform.clinic.reports.urls")),
    path("", include("filiform.clinic.audit.urls")),
    path("", include("filiform.clinic.patient_page.urls")),
    path("", include("filiform.clinic.booking.urls")),
]

handler400 = "filiform.clinic.web.views.bad_request"
handler403 = "filiform.clinic.web.views.refused"
handler404 = "filiform.clinic.web.views.not_found"
handler500 = "filiform.clinic.web.views.defect"
