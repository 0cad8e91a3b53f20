"""Addresses of the room."""

from __future__ import annotations

from django.urls import path

from filiform.clinic.staff.views import (
    credentials,
    me,
    own_factors,
    people,
    proving,
    second_factor,
    sign_in,
    sites,
    unlocking,
)
from filiform.clinic.staff.views.own_factors import for_new, for_own

app_name = "staff"
urlpatterns = [
    path("sign-in/", sign_in.sign_in, name="sign-in"),
    path("sign-in/demo/", sign_in.demo_sign_in, name="demo-sign-in"),
    path("sign-in/second/", second_factor.second_factor, name="second-factor"),
    path("sign-in/passkey/options/", second_factor.passkey_options, name="passkey-options"),
    path("sign-in/passkey/", second_factor.passkey, name="passkey"),
    path("sign-in/set-up/", for_new(own_factors.overview), name="set-up"),
    path("sign-in/set-up/app/", for_new(own_factors.code_app), name="set-up-app"),
    path(
        "sign-in/set-up/passkey/options/",
        for_new(own_factors.passkey_options),
        name="set-up-passkey-options",
    ),
    path("sign-in/set-up/passkey/", for_new(own_factors.add_passkey), name="set-up-passkey"),
    path("sign-out/", sign_in.sign_out, name="sign-out"),
    path("lock/", unlocking.lock_now, name="lock"),
    path("unlock/", unlocking.unlock, name="unlock"),
    path("me/", me.me, name="me"),
    path("me/password/", me.password, name="password"),
    path("me/pin/", me.pin, name="pin"),
    path("me/prove/", proving.prove, name="prove"),
    path("me/prove/passkey/options/", proving.passkey_options, name="prove-passkey-options"),
    path("me/prove/passkey/", proving.passkey, name="prove-passkey"),
    path("me/second-factor/", for_own(own_factors.overview), name="own-factors"),
    path("me/second-factor/app/", for_own(own_factors.code_app), name="own-app"),
    path(
        "me/second-factor/app/remove/", for_own(own_factors.remove_code_app), name="own-app-remove"
    ),
    path(
        "me/second-factor/passkey/options/",
        for_own(own_factors.passkey_options),
        name="own-passkey-options",
    ),
    path("me/second-factor/passkey/", for_own(own_factors.add_passkey), name="own-passkey"),
    path(
        "me/second-factor/passkey/remove/",
        for_own(own_factors.remove_passkey),
        name="own-passkey-remove",
    ),
    path("me/second-factor/codes/", for_own(own_factors.recovery_codes), name="own-codes"),
    path("clinic/people/", people.people, name="people"),
    path("clinic/people/add/", people.add, name="person-add"),
    path("clinic/people/<uuid:member_id>/", people.person, name="person"),
    path("clinic/people/<uuid:member_id>/change/", people.change, name="person-change"),
    path("clinic/people/<uuid:member_id>/switch/", people.switch, name="person-switch"),
    path("clinic/people/<uuid:member_id>/password/", people.new_password, name="person-password"),
    path(
        "clinic/people/<uuid:member_id>/second-factor/", people.reset_factors, name="person-factors"
    ),
    path("clinic/second-factor/", people.demand_factors, name="factor-rule"),
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
