"""Addresses of the room."""

from __future__ import annotations

from django.urls import path

from filiform.clinic.staff.views import credentials, me, people, sign_in, sites, unlocking

app_name = "staff"
urlpatterns = [
    path("sign-in/", sign_in.sign_in, name="sign-in"),
    path("sign-in/demo/", sign_in.demo_sign_in, name="demo-sign-in"),
    path("sign-out/", sign_in.sign_out, name="sign-out"),
    path("lock/", unlocking.lock_now, name="lock"),
    path("unlock/", unlocking.unlock, name="unlock"),
    path("me/", me.me, name="me"),
    path("me/password/", me.password, name="password"),
    path("me/pin/", me.pin, name="pin"),
    path("clinic/people/", people.people, name="people"),
    path("clinic/people/add/", people.add, name="person-add"),
    path("clinic/people/<uuid:member_id>/", people.person, name="person"),
    path("clinic/people/<uuid:member_id>/change/", people.change, name="person-change"),
    path("clinic/people/<uuid:member_id>/switch/", people.switch, name="person-switch"),
    path("clinic/people/<uuid:member_id>/password/", people.new_password, name="person-password"),
    path(
        "clinic/people/<uuid:member_id>/<str:kind>/add/",
        credentials.add,
        name="credential-add",
    ),
    path(
        "clinic/credentials/<str:kind>/<uuid:credential_id>/amend/",
        credentials.amend,
        name="credential-amend",
    ),
    path(
        "clinic/credentials/<str:kind>/<uuid:credential_id>/void/",
        credentials.void,
        name="credential-void",
    ),
    path("clinic/sites/", sites.sites, name="sites"),
    path("clinic/sites/add/", sites.add, name="site-add"),
    path("clinic/sites/<uuid:site_id>/", sites.change, name="site"),
]
