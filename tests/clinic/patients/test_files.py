"""Two files of one person: read together, one of them closed, and taken apart again."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.clinic.pathway.acts import undone_afterwards
from tests.clinic.payments.conftest import priced

from filiform import screening
from filiform.clinic.assessment import judgement
from filiform.clinic.audit.vocabulary import ACTIONS
from filiform.clinic.chart import merging
from filiform.clinic.facts.amending import ChangedMeanwhile
from filiform.clinic.facts.models import Entry
from filiform.clinic.facts.versions import FILES, versions_of
from filiform.clinic.intake import actions as intake
from filiform.clinic.intake import queries as disclosed
from filiform.clinic.intake.models import Answer, DisclosedFact, KindAsked
from filiform.clinic.intake.vocabulary import SECTIONS
from filiform.clinic.patients import actions as patients
from filiform.clinic.patients.files import (
    GOES_ON,
    FileClosed,
    closed_into,
    files_of,
)
from filiform.clinic.patients.models import FileMerge, Measurement
from filiform.clinic.patients.queries import body
from filiform.clinic.payments import actions as payments
from filiform.clinic.payments.models import Payment
from filiform.clinic.payments.queries import balance_of
from filiform.clinic.visits import actions as visits
from filiform.clinic.visits.models import Visit
from filiform.disclosure import Kind

pytestmark = pytest.mark.django_db
ALLERGIES = SECTIONS[1]


def register(by, **changes):
    person = {
        "given_name": "Aamna", "family_name": "Sidiqi", "sex": "female",
        "birth_date": date(1984, 3, 9),
    }  # fmt: skip
    return patients.register(by=by, **(person | changes))


@pytest.fixture
def other(alice, patient):
    """A second file of the same person, spelt otherwise."""
    return register(alice)


def put_together(by, kept, closed, **more):
    return merging.merge(by=by, kept=kept, closed=closed, why="She told us so.", **more)


def signed_in(member) -> Client:
    client = Client()
    client.force_login(member, backend="django.contrib.auth.backends.ModelBackend")
    return client


# --- what is known together -----------------------------------------------------------------------


def test_what_the_closed_file_disclosed_speaks_in_the_kept_one(alice, patient, other, today):
    intake.disclose(by=alice, patient=other, kind="medicine", text="warfarin")
    patients.measure(by=alice, patient=other, kind="weight_kg", value=61.0)
    assert not disclosed.safety_flags(patient, today)
    merge = put_together(alice, patient, other)
    assert disclosed.safety_flags(patient, today)
    assert body(patient).weight_kg == 61.0
    merging.take_apart(by=alice, merge=merge, why="Her sister.")
    assert not disclosed.safety_flags(patient, today)
    assert disclosed.safety_flags(other, today)
    assert body(patient).weight_kg is None


def test_nothing_is_moved_by_putting_together_and_taking_apart(alice, patient, other):
    intake.disclose(by=alice, patient=other, kind="allergy", text="penicillin")
    intake.answer(by=alice, patient=other, question="needle-phobia", value=True)
    rows = (DisclosedFact, Answer, KindAsked, Measurement)

    def whose():
        return {(row.pk, row.patient_id) for model in rows for row in model.objects.all()}

    before = whose()
    merging.take_apart(by=alice, merge=put_together(alice, patient, other), why="Not hers.")
    assert whose() == before


def test_no_allergy_in_one_file_and_penicillin_in_the_other_is_asked_again(
    alice, patient, other, today
):
    intake.disclose(by=alice, patient=patient, kind="allergy", none_known=True)
    intake.disclose(by=alice, patient=other, kind="allergy", text="penicillin")
    put_together(alice, patient, other)
    (found,) = disclosed.disagreements(patient)
    assert (found.kind, found.gainsays.text) == (Kind.ALLERGY, "penicillin")
    assert [row.text for row in disclosed.rows(patient)] == ["penicillin"]
    assert Kind.ALLERGY not in disclosed.disclosure_of(patient).asked_for
    intake.all_told(by=alice, patient=patient, section=ALLERGIES)
    assert not disclosed.disagreements(patient)
    assert Kind.ALLERGY in disclosed.disclosure_of(patient).asked_for


def test_nothing_is_refused_while_the_other_file_lists_something(alice, patient, other):
    intake.disclose(by=alice, patient=other, kind="medicine", text="warfarin")
    put_together(alice, patient, other)
    with pytest.raises(intake.Contradiction, match="warfarin"):
        intake.disclose(by=alice, patient=patient, kind="medicine", none_known=True)


@pytest.mark.parametrize("newest_says", [True, False])
def test_yes_in_one_file_and_no_in_the_other_counts_as_yes_until_asked_again(
    newest_says, alice, patient, other, visit, today
):
    question = "needle-phobia"
    intake.answer(by=alice, patient=other, question=question, value=not newest_says)
    intake.answer(by=alice, patient=patient, question=question, value=newest_says)
    put_together(alice, patient, other)
    assert disclosed.answers(patient)[question] is True
    assert [one.question for one in disclosed.disagreements(patient)] == [question]
    codes = [reason.code for reason in judgement.reasons_of_safety(visit, today)]
    assert "safety-files-disagree" in codes
    intake.answer(by=alice, patient=patient, question=question, value=False, visit=visit)
    assert disclosed.answers(patient)[question] is False
    assert not disclosed.disagreements(patient)


def test_a_medicine_of_the_other_file_is_news_from_the_moment_it_is_seen(
    alice, patient, other, visit
):
    intake.disclose(by=alice, patient=other, kind="medicine", text="warfarin")
    intake.confirm_unchanged(by=alice, visit=visit, changed=False)
    assert not disclosed.changed_since_asked(visit)
    merge = put_together(alice, patient, other)
    assert disclosed.last_medicine(patient) == merge.recorded_at
    assert disclosed.changed_since_asked(visit)


def test_a_fact_of_the_closed_file_is_amended_in_its_place(alice, patient, other):
    fact = intake.disclose(by=alice, patient=other, kind="medicine", text="warfarin")
    put_together(alice, patient, other)
    address = reverse("intake:void", args=[patient.pk, fact.pk])
    assert signed_in(alice).post(address, {"why": "Stopped last year."}).status_code == 302
    assert not disclosed.rows(patient)
    assert DisclosedFact.objects.get(replaces=fact).patient_id == other.pk


# --- the slow, obvious referee --------------------------------------------------------------------

TEXTS = {"medicine": ("warfarin", "paracetamol"), "allergy": ("nickel", "latex")}
ACTS = st.lists(
    st.one_of(
        st.tuples(
            st.just("fact"), st.integers(0, 2), st.sampled_from(sorted(TEXTS)), st.booleans()
        ),
        st.tuples(st.just("nothing"), st.integers(0, 2), st.sampled_from(sorted(TEXTS))),
        st.tuples(
            st.just("answer"),
            st.integers(0, 2),
            st.sampled_from(["needle-phobia", "cauda-equina"]),
            st.booleans(),
        ),
        st.tuples(st.just("void"), st.integers(0, 2)),
        st.tuples(st.just("merge"), st.integers(0, 2), st.integers(0, 2)),
        st.tuples(st.just("apart"), st.integers(0, 2)),
    ),
    max_size=10,
)


def perform(act, files, by, together) -> None:
    """One act; what the clinic refuses is refused. together: set of pairs (closed, kept)."""
    name, file, *rest = act
    patient = files[file]
    if name == "fact":
        intake.disclose(by=by, patient=patient, kind=rest[0], text=TEXTS[rest[0]][rest[1]])
    elif name == "nothing":
        intake.disclose(by=by, patient=patient, kind=rest[0], none_known=True)
    elif name == "answer":
        intake.answer(by=by, patient=patient, question=rest[0], value=rest[1])
    elif name == "void":
        rows = disclosed.facts(patient)
        if rows:
            intake.void_fact(by=by, fact=rows[len(rows) - 1], why="Wrong.")
    elif name == "merge":
        put_together(by, files[rest[0]], patient)
        together[file] = rest[0]
    elif closed_into(patient):
        merging.take_apart(by=by, merge=closed_into(patient), why="Two people.")
        del together[file]


def union_of(file: int, files, together) -> tuple:
    """From the rows alone, without any of the queries: what is listed, and every yes."""
    kept = together.get(file, file)
    group = {kept, *(one for one, into in together.items() if into == kept)}
    ids = [files[one].pk for one in group]
    listed = DisclosedFact.objects.filter(
        patient__in=ids, none_known=False, is_void=False, replaced_by__isnull=True
    )
    last: dict = {}
    for row in Answer.objects.filter(patient__in=ids, replaced_by__isnull=True).order_by(
        "recorded_at", "pk"
    ):
        last.setdefault(row.question, []).append(row)
    since = max(
        (row.recorded_at for row in FileMerge.objects.current().filter(patient__in=ids)),
        default=None,
    )
    answers = {}
    for question, rows in last.items():
        newest = rows[-1]
        settled = since is None or newest.recorded_at > since
        answers[question] = newest.value if settled else any(row.value for row in rows)
    return sorted(row.text for row in listed), answers


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(acts=ACTS)
def test_after_any_sequence_screening_is_that_of_the_union(alice, patient, other, today, acts):
    files = [patient, other, register(alice, given_name="A.")]
    with undone_afterwards():
        together: dict[int, int] = {}
        for act in acts:
            try:
                with transaction.atomic():
                    perform(act, files, alice, together)
            except (FileClosed, merging.MergeRefused, intake.Contradiction):
                continue
        for number, file in enumerate(files):
            listed, answers = union_of(number, files, together)
            told = disclosed.disclosure_of(file)
            # Three files may have been joined one after another, with an answer in between; the
            # plain union then asks once more than the clinic does.
            if len(files_of(file)) < 3:
                assert told.answers == answers
            assert sorted(one.text for one in told.facts if not one.none_known) == listed
            alone = [
                screening.screen(told.__class__(facts=(fact,), sex=told.sex,
                                                birth_date=told.birth_date), on=today)
                for fact in told.facts
            ]  # fmt: skip
            fired = {reason.id for one in alone for reason in (*one.reasons, *one.elsewhere)}
            whole = screening.screen(told, on=today)
            assert fired <= {reason.id for reason in (*whole.reasons, *whole.elsewhere)}


# --- the closed file ------------------------------------------------------------------------------


def test_a_closed_file_takes_nothing_new_and_says_where_to_go_on(alice, patient, other, site):
    put_together(alice, patient, other)
    attempts = {
        "booked": lambda: visits.book(
            by=alice, patient=other, practitioner=alice, site=site, planned_at=timezone.now()
        ),
        "disclosed": lambda: intake.disclose(by=alice, patient=other, kind="allergy", text="latex"),
        "answered": lambda: intake.answer(
            by=alice, patient=other, question="needle-phobia", value=True
        ),
        "measured": lambda: patients.measure(by=alice, patient=other, kind="weight_kg", value=60.0),
        "corrected": lambda: patients.correct(by=alice, patient=other, given_name="Amnah"),
    }  # fmt: skip
    for name, attempt in attempts.items():
        with pytest.raises(FileClosed) as refused, transaction.atomic():
            attempt()
        assert refused.value.reasons[0].params["kept"] == patient.file_number, name
    other.refresh_from_db()
    assert other.given_name == "Aamna"
    page = signed_in(alice).post(reverse("patients:measure", args=[other.pk]), {"weight_kg": "60"})
    assert page.status_code == 409
    assert patient.file_number in page.content.decode()


NEW_IN_A_FILE = {
    "patient-registered", "patient-corrected", "patient-measured", "section-asked",
    "section-asked-voided", "fact-disclosed", "nothing-disclosed", "question-answered",
    "changes-asked", "document-uploaded", "document-imported", "visit-booked",
    "visit-put-into-episode", "episode-opened", "story-told", "safety-confirmed",
    "needling-justified", "clearance-recorded", "justification-signed-second", "target-chosen",
    "target-placed", "target-dropped", "finding-noted", "depth-measured", "needling-planned",
    "consent-given", "treatment-started", "programme-item-chosen", "programme-dose-changed",
    "programme-item-removed", "checks-planned", "programme-template-kept",
    "programme-template-dropped", "cause-answered", "care-planned", "goal-set", "goal-scored",
    "goal-dropped", "done-in-clinic", "before-checked", "depth-picture-kept", "outcome-scored",
    "letter-begun", "package-sold", "waiting-joined",
}  # fmt: skip
OF_NO_PATIENT = (
    *("organisation-", "site-", "member-", "licence-", "training-", "privilege-", "credential-"),
    *("password-", "pin-", "signed-", "sign-in-", "passkey-", "code-app-", "recovery-", "second-"),
    *("name-classified", "cds-", "consent-text-", "proof-", "restore-", "board-link-"),
    *("needle-", "needles-", "needlestick-", "lot-", "recall-drilled", "sharps-", "plan-template-"),
    *("answer-text-", "inbox-rule-", "public-text-", "photograph-", "opening-exception-"),
    *("calendar-", "leave-", "room-", "service-", "working-hours-"),
    *("cash-", "currency-", "package-offered", "package-ended"),
)


def test_every_action_goes_on_in_a_closed_file_or_is_refused_there() -> None:
    actions = {code for code in ACTIONS if not code.startswith(("saw-", *OF_NO_PATIENT))}
    assert actions - GOES_ON == NEW_IN_A_FILE
    assert set(ACTIONS) >= GOES_ON


def test_the_page_of_a_closed_file_stays_readable_and_leads_on(alice, patient, other, site):
    put_together(alice, patient, other)
    text = signed_in(alice).get(reverse("chart:patient", args=[other.pk])).content.decode()
    assert reverse("chart:patient", args=[patient.pk]) in text
    assert reverse("diary:book", args=[other.pk]) not in text
    led = signed_in(alice).get(reverse("intake:disclosure", args=[other.pk]))
    assert led.url == reverse("intake:disclosure", args=[patient.pk])
    before = visits.book(
        by=alice, patient=patient, practitioner=alice, site=site, planned_at=timezone.now()
    )
    asked = {"visit": str(before.pk), "back": "1"}
    led = signed_in(alice).get(reverse("intake:disclosure", args=[other.pk]), asked)
    assert led.url.endswith(f"?visit={before.pk}&back=1")
    assert led.url.startswith(reverse("intake:disclosure", args=[patient.pk]))
    found = signed_in(alice).post(reverse("patients:search"), {"typed": other.file_number})
    assert reverse("chart:patient", args=[patient.pk]) in found.content.decode()
    assert f"continue in <bdi>{patient.file_number}</bdi>" in found.content.decode()


# --- who, and when not ----------------------------------------------------------------------------


def test_what_forbids_to_put_files_together(alice, patient, other, visit):
    def codes(kept, closed, **more):
        with pytest.raises(merging.MergeRefused) as refused:
            put_together(alice, kept, closed, **more)
        return [reason.code for reason in refused.value.reasons]

    third = register(alice, birth_date=date(1990, 1, 1))
    assert codes(patient, patient) == ["files-same"]
    visits.move(by=alice, visit=visit, to="here")
    assert codes(other, patient) == ["files-visit-open"]
    assert codes(patient, third) == ["files-differ"]
    put_together(alice, patient, third, same_person=True)
    assert codes(other, third, same_person=True) == ["files-closed-already"]
    assert codes(third, other, same_person=True) == ["files-closed-already"]
    visits.move(by=alice, visit=visit, to="left")
    assert codes(other, patient) == ["files-leads-here"]
    put_together(alice, patient, other)
    assert set(files_of(other)) == {patient.pk, other.pk, third.pk}
    with pytest.raises(ValueError, match="reason"):
        merging.take_apart(by=alice, merge=closed_into(other), why=" ")


def test_bookings_go_over_and_what_was_paid_and_owed_is_counted_in_the_kept_file(
    alice, bob, patient, other, site, today
):
    def visit_of(whose, days, state="booked"):
        visit = visits.book(
            by=alice, patient=whose, practitioner=alice, site=site,
            planned_at=timezone.now() + timedelta(days=days),
        )  # fmt: skip
        Visit.objects.filter(pk=visit.pk).update(state=state)
        visit.refresh_from_db()
        return priced(visit)

    past = visit_of(other, -3, "done")
    coming = [visit_of(patient, 2), visit_of(other, 4)]
    pay = {"by": bob, "payment_id": uuid4(), "amount": 100_000, "how": "cash"}
    paid = payments.pay(visit=past, **pay)
    ahead = payments.pay(visit=coming[1], **pay | {"payment_id": uuid4(), "amount": 250_000})
    assert isinstance(paid, Payment), paid
    assert isinstance(ahead, Payment), ahead
    put_together(alice, patient, other)
    assert not Visit.objects.filter(patient=other, state="booked").exists()
    kept = Visit.objects.filter(patient=patient, state="booked", appointment__patient=patient)
    assert set(kept) == set(coming)
    found = balance_of(patient)
    assert (found.owed, found.ahead) == (150_000, 250_000)
    page = signed_in(bob).get(reverse("payments:account", args=[patient.pk])).content.decode()
    assert page.count(str(past.pk)) >= 1
    assert page.count(str(coming[1].pk)) >= 1
    # The visit that went over is worked on in the kept file: nothing there is refused as closed.
    visits.move(by=alice, visit=Visit.objects.get(pk=coming[1].pk), to="here")


def test_files_are_not_put_together_over_a_treatment(alice, patient, other, visit):
    type(visit).objects.filter(pk=visit.pk).update(state="needles-in")
    with pytest.raises(merging.MergeRefused, match="files-under-treatment"):
        put_together(alice, patient, other)


def test_files_of_two_organisations_are_never_put_together(alice, charlie, patient):
    theirs = register(charlie)
    for by in (alice, charlie):
        with pytest.raises(ValueError, match="another organisation"):
            put_together(by, patient, theirs)
    pages = [
        (signed_in(alice), reverse("chart:compare", args=[patient.pk, theirs.pk])),
        (signed_in(charlie), reverse("chart:compare", args=[patient.pk, theirs.pk])),
        (signed_in(charlie), reverse("chart:compare", args=[theirs.pk, patient.pk])),
        (signed_in(charlie), reverse("chart:other-file", args=[patient.pk])),
    ]
    for client, address in pages:
        assert client.get(address).status_code == 404
        assert client.post(address, {"why": "The same."}).status_code == 404
    assert not FileMerge.objects.exists()


def test_the_audit_of_both_files_names_the_other(alice, patient, other):
    merge = put_together(alice, patient, other)
    merging.take_apart(by=alice, merge=merge, why="Her sister.")
    for action in ("files-merged", "files-taken-apart"):
        entries = Entry.objects.filter(action=action)
        assert {entry.patient_id for entry in entries} == {patient.pk, other.pk}
        assert all(
            entry.details["kept"] == patient.file_number
            and entry.details["closed"] == other.file_number
            for entry in entries
        )
    with pytest.raises(ChangedMeanwhile):
        merging.take_apart(by=alice, merge=merge, why="Twice.")


def test_the_front_desk_compares_puts_together_and_takes_apart(bob, alice, patient, other):
    intake.disclose(by=alice, patient=other, kind="allergy", text="latex")
    client = signed_in(bob)
    looked = client.get(reverse("chart:other-file", args=[patient.pk]))
    address = reverse("chart:compare", args=[patient.pk, other.pk])
    assert address in looked.content.decode()
    assert "latex" in client.get(address).content.decode()
    assert client.post(address, {"why": ""}).status_code == 422
    assert client.post(address, {"why": "Same identity card."}).status_code == 302
    merge = closed_into(other)
    patients.measure(by=bob, patient=patient, kind="weight_kg", value=70.0)
    apart = reverse("chart:take-apart", args=[patient.pk, merge.pk])
    assert "while they were merged" in client.get(apart).content.decode()
    assert client.post(apart, {"why": "Her sister."}).status_code == 302
    assert closed_into(other) is None
    assert client.get(apart).status_code == 404


# --- kept pages -----------------------------------------------------------------------------------


def test_a_write_about_either_file_raises_the_version_of_both(alice, clinic, patient, other):
    third = register(alice, given_name="A.")
    put_together(alice, patient, other)
    put_together(alice, patient, third)
    all_files = (patient, other, third)

    def versions():
        return [versions_of(one.pk, clinic.pk).patient for one in all_files]

    def disclosed_in_kept():
        intake.disclose(by=alice, patient=patient, kind="allergy", text="latex")

    def voided_in_closed():
        row = DisclosedFact.objects.get(patient=other)
        intake.void_fact(by=alice, fact=row, why="Wrong.")

    with transaction.atomic():
        merging.take_apart(by=alice, merge=closed_into(other), why="For a fact in it.")
        intake.disclose(by=alice, patient=other, kind="allergy", text="nickel")
        put_together(alice, patient, other)
    for write in (disclosed_in_kept, voided_in_closed):
        before = versions()
        write()
        assert all(new != old for new, old in zip(versions(), before, strict=True)), write
    assert FileMerge._meta.db_table == FILES


def test_somebody_elses_version_stays_when_two_files_are_put_together(
    alice, clinic, patient, other
):
    stranger = register(alice, given_name="Zahra", birth_date=date(1970, 5, 5))
    before = versions_of(stranger.pk, clinic.pk)
    put_together(alice, patient, other)
    assert versions_of(stranger.pk, clinic.pk) == before


def test_kept_pages_of_both_files_are_as_if_composed_anew(alice, patient, other, monkeypatch):
    from tests.clinic.pathway.test_kept_pages import composed_anew, shown

    from filiform.clinic.web import keep, kept

    monkeypatch.setattr(kept.KEEP, "largest", 50_000_000)
    moment = [timezone.now()]
    monkeypatch.setattr(timezone, "now", lambda: moment[0])
    keep.forget_everything()
    client = signed_in(alice)
    pages = [reverse("chart:patient", args=[one.pk]) for one in (patient, other)]
    for act in (
        lambda: intake.disclose(by=alice, patient=other, kind="medicine", text="warfarin"),
        lambda: put_together(alice, patient, other),
        lambda: intake.disclose(by=alice, patient=patient, kind="allergy", text="latex"),
        lambda: intake.void_fact(by=alice, fact=disclosed.rows(patient)[0], why="Wrong."),
        lambda: merging.take_apart(by=alice, merge=closed_into(other), why="Her sister."),
    ):
        for address in pages:
            client.get(address)
        moment[0] += timedelta(seconds=1)
        act()
        seen = [shown(client, address) for address in pages]
        assert seen == [composed_anew(client, address) for address in pages]
    keep.forget_everything()
