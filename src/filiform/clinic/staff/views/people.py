"""People of the clinic: who works here, in which role, with which credentials."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from filiform.clinic.access.guards import StaffRequest, staff
from filiform.clinic.staff import actions, factor_actions, queries
from filiform.clinic.staff.credentials import currency
from filiform.clinic.staff.door import is_fresh
from filiform.clinic.staff.factors import factors_of
from filiform.clinic.staff.forms import NewPersonForm, PersonForm, SwitchForm
from filiform.clinic.staff.models import Member
from filiform.clinic.staff.views.own_factors import prove_first
from filiform.clinic.web.templatetags.filiform import isolated, local_name


@staff("manage-staff")
@require_safe
def people(request: StaffRequest) -> HttpResponse:
    found = queries.people(request.user.organisation, on=timezone.localdate())
    context = {"people": found, "without_factor": queries.without_factor(request.user.organisation)}
    return render(request, "staff/people.html", context)


@sensitive_post_parameters("new_password")
@staff("manage-staff")
@require_http_methods(["GET", "POST"])
def add(request: StaffRequest) -> HttpResponse:
    form = NewPersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        member = actions.add_member(
            organisation=request.user.organisation,
            by=request.user,
            username=data["username"],
            password=data["new_password"],
            roles=frozenset(data["roles"]),
            **{
                name: data[name]
                for name in ("name", "name_ur", "title", "language", "on_public_site")
            },
        )
        messages.success(
            request,
            _("%(name)s can sign in now.") % {"name": isolated(local_name(member))},
        )
        return redirect("staff:person", member.pk)
    return render(
        request, "staff/person_add.html", {"form": form}, status=422 if form.errors else 200
    )


@staff("manage-staff")
@require_safe
def person(request: StaffRequest, member_id: UUID) -> HttpResponse:
    return _page(request, load(request, member_id))


@staff("manage-staff")
@require_POST
def change(request: StaffRequest, member_id: UUID) -> HttpResponse:
    member = load(request, member_id)
    form = PersonForm(request.POST)
    if form.is_valid():
        try:
            actions.change_member(member=member, by=request.user, **form.fields_of_member())
        except actions.LastOwner:
            _refuse_last_owner(form, "roles")
    if not form.is_valid():
        # Read anew: the refused change has already set this object's fields.
        return _page(request, load(request, member_id), form=form)
    messages.success(request, _("Saved."))
    return redirect("staff:person", member.pk)


@staff("manage-staff")
@require_POST
def switch(request: StaffRequest, member_id: UUID) -> HttpResponse:
    member = load(request, member_id)
    form = SwitchForm(request.POST)
    # What the button said, and not the opposite of what is: a second tap would switch them back.
    active = request.POST.get("to") == "on"
    if form.is_valid():
        why = form.cleaned_data["why"]
        try:
            actions.switch_member(member=member, by=request.user, active=active, why=why)
        except actions.LastOwner:
            _refuse_last_owner(form, "why")
    if not form.is_valid():
        # Read anew, as above.
        return _page(request, load(request, member_id), switch_form=form)
    messages.success(
        request,
        _("%(name)s can sign in again.") % {"name": isolated(local_name(member))}
        if member.is_active
        else _("%(name)s can no longer sign in. What they recorded stays.")
        % {"name": isolated(local_name(member))},
    )
    return redirect("staff:person", member.pk)


@sensitive_post_parameters()
@staff("manage-staff")
@require_POST
def new_password(request: StaffRequest, member_id: UUID) -> HttpResponse:
    """For somebody who has forgotten theirs. One's own is changed in the account, with proof."""
    member = load(request, member_id)
    if member == request.user:
        return redirect("staff:me")
    try:
        validate_password(request.POST.get("new_password", ""), member)
    except ValidationError as error:
        return _page(request, member, password_errors=error.messages)
    actions.change_password(member=member, by=request.user, password=request.POST["new_password"])
    messages.success(request, _("The new password is set. Hand it over in person."))
    return redirect("staff:person", member.pk)


@staff("manage-staff")
@require_POST
def reset_factors(request: StaffRequest, member_id: UUID) -> HttpResponse:
    """For a colleague who has lost the telephone. Their sessions end, and they are told."""
    member = load(request, member_id)
    if member == request.user:
        return redirect("staff:own-factors")
    if not is_fresh(request):
        return prove_first(request, back=reverse("staff:person", args=[member.pk]))
    form = SwitchForm(request.POST, auto_id="reset_%s")
    if not form.is_valid():
        return _page(request, member, reset_form=form)
    factor_actions.reset_factors(member=member, by=request.user, why=form.cleaned_data["why"])
    messages.success(
        request,
        _("Reset. %(name)s is signed out everywhere and sets up a new second factor next time.")
        % {"name": isolated(local_name(member))},
    )
    return redirect("staff:person", member.pk)


@staff("manage-staff")
@require_POST
def demand_factors(request: StaffRequest) -> HttpResponse:
    """Whether everybody needs a second factor."""
    if not is_fresh(request):
        return prove_first(request, back=reverse("staff:people"))
    demanded = "for_all" in request.POST
    factor_actions.demand_for_all(
        organisation=request.user.organisation, by=request.user, demanded=demanded
    )
    messages.success(request, _("Saved."))
    return redirect("staff:people")


def load(request: StaffRequest, member_id: UUID) -> Member:
    """Somebody of the owner's own clinic; anybody else does not exist."""
    member = queries.person(request.user.organisation, member_id)
    if member is None:
        raise Http404
    return member


def _refuse_last_owner(form: PersonForm | SwitchForm, field: str) -> None:
    form.add_error(field, _("This is the clinic's only owner. Make someone else an owner first."))


def _page(request: StaffRequest, member: Member, **extra: object) -> HttpResponse:
    initial = {
        **{
            name: getattr(member, name)
            for name in ("name", "name_ur", "title", "language", "on_public_site")
        },
        "roles": sorted(member.roles),
    }
    context = {
        "person": member,
        "currency": currency(member, timezone.localdate()),
        "history": queries.credential_history(member),
        "form": PersonForm(initial=initial),
        "switch_form": SwitchForm(),
        "reset_form": SwitchForm(auto_id="reset_%s"),
        "factors": factors_of(member),
        **extra,
    }
    return render(request, "staff/person.html", context, status=422 if extra else 200)
