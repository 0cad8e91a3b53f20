"""The seal: once, complete, and every change behind its back is found and named."""

from __future__ import annotations

import zlib

import msgspec
import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from tests.clinic.treatment.treatment_steps import account, make_ready, treated_and_counted

from filiform.clinic.pathway import actions as pathway
from filiform.clinic.treatment import actions, seals, signed_content
from filiform.clinic.treatment.models import Act, Amendment, Seal, Treatment


def codes(answer):
    assert isinstance(answer, tuple), f"not refused: {answer}"
    return [reason.code for reason in answer]


def found(organisation):
    return [(problem.number, problem.reason.code) for problem in seals.verify(organisation)]


@pytest.fixture
def three_sealed(alice, site, today, kept):
    return kept(seal_three, alice, site, today)


def seal_three(alice, site, today):
    """Three patients treated and signed, one after the other."""
    from datetime import date

    from filiform.clinic.patients import actions as patients
    from filiform.clinic.visits import actions as visits

    seals = []
    for given_name in ("Amna", "Bilal", "Dua"):
        patient = patients.register(
            by=alice, given_name=given_name, sex="female", birth_date=date(1984, 3, 9)
        )
        visit = visits.book(
            by=alice, patient=patient, practitioner=alice, site=site, planned_at=timezone.now()
        )
        targets = make_ready(visit, alice, today, muscles=(("gluteus-medius", "left"),))
        treatment = pathway.start(by=alice, visit=visit, on=today)
        treated_and_counted(treatment, alice, targets)
        seals.append(pathway.sign(by=alice, treatment=treatment, on=today))
    return seals


def test_signing_is_refused_while_a_needle_is_in(act, targets, treatment, alice, today):
    act("insertion", target=targets[0])
    assert codes(pathway.sign(by=alice, treatment=treatment, on=today)) == ["sign-needles-in"]


def test_signing_is_refused_before_the_count_and_after_a_later_needle(
    act, targets, treatment, alice, today
):
    act("removal", needle=act("insertion", target=targets[0]))
    assert codes(pathway.sign(by=alice, treatment=treatment, on=today)) == ["sign-count-missing"]
    act("count", details={"opened": 1, "in_bin": 1})
    act("removal", needle=act("insertion", target=targets[0]))
    assert codes(pathway.sign(by=alice, treatment=treatment, on=today)) == ["sign-count-again"]


def test_counting_while_a_needle_is_in_is_refused(act, targets):
    act("insertion", target=targets[0])
    assert codes(act("count", details={"opened": 1, "in_bin": 1})) == ["count-needles-in"]


def test_undoing_a_removal_after_the_count_takes_the_count_away(
    act, targets, treatment, alice, today
):
    out = act("removal", needle=act("insertion", target=targets[0]))
    act("count", details={"opened": 1, "in_bin": 1})
    act("void", replaces=out, why="that was the other needle")
    assert codes(pathway.sign(by=alice, treatment=treatment, on=today)) == ["sign-needles-in"]


def test_signing_twice_gives_one_seal_and_one_set_of_checks(counted, alice, today):
    first = pathway.sign(by=alice, treatment=counted, on=today)
    checks = counted.checks.count()
    assert pathway.sign(by=alice, treatment=counted, on=today) == first
    assert Seal.objects.count() == 1
    assert counted.checks.count() == checks > 0
    counted.visit.refresh_from_db()
    assert counted.visit.state == "done"


def test_only_a_practitioner_with_the_regions_signs(counted, bob, clinic, today):
    from filiform.clinic.staff import actions as staff

    assert "sign-not-practitioner" in codes(pathway.sign(by=bob, treatment=counted, on=today))
    trainee = staff.add_member(
        organisation=clinic,
        username="tariq",
        password=None,
        name="Tariq",
        roles=frozenset({"practitioner"}),
    )
    assert codes(pathway.sign(by=trainee, treatment=counted, on=today))
    assert Seal.objects.count() == 0


def test_an_outsider_signs_nothing(counted, charlie, today):
    with pytest.raises(ValueError, match="another organisation"):
        pathway.sign(by=charlie, treatment=counted, on=today)


def test_after_the_seal_no_act_is_taken(sealed, act, targets):
    assert codes(act("insertion", target=targets[0])) == ["treatment-sealed"]


@pytest.mark.parametrize(
    ("model", "field", "value"),
    [
        (Act, "kind", "twitch"),
        (Seal, "hash", "0" * 64),
        (Treatment, "release", {}),
    ],
)
def test_the_database_itself_refuses_to_alter_a_sealed_row(sealed, model, field, value):
    with pytest.raises(DatabaseError, match="never altered"), transaction.atomic():
        model.objects.update(**{field: value})


@pytest.mark.parametrize("model", [Act, Seal, Amendment, Treatment])
def test_the_database_itself_refuses_to_delete_a_sealed_row(sealed, alice, model):
    actions.amend(by=alice, treatment=sealed.treatment, text="More.")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {model._meta.db_table}")


def test_the_database_itself_refuses_an_act_after_the_seal(sealed):
    last = Act.objects.order_by("number").last()
    with pytest.raises(DatabaseError, match="signed"), transaction.atomic():
        Act.objects.create(
            organisation=last.organisation,
            patient=last.patient,
            treatment=last.treatment,
            number=last.number + 1,
            kind="twitch",
            at=timezone.now(),
        )


def test_seals_follow_each_other_and_a_sound_chain_has_no_problem(three_sealed, clinic):
    assert [seal.number for seal in three_sealed] == [1, 2, 3]
    assert three_sealed[1].previous_hash == three_sealed[0].hash
    assert found(clinic) == []
    assert list(seals.verify(clinic, batch=1)) == list(seals.verify(clinic, batch=2)) == []


def test_an_amendment_and_a_late_withdrawal_do_not_break_the_chain(three_sealed, clinic, alice):
    from filiform.clinic.consent.actions import withdraw

    actions.amend(by=alice, treatment=three_sealed[0].treatment, text="Slept badly.")
    withdraw(by=alice, visit=three_sealed[0].treatment.visit, said="not again")
    assert found(clinic) == []


def test_an_altered_act_is_named_with_what_it_said_before(three_sealed, clinic, unguarded):
    wrong = Act.objects.filter(treatment=three_sealed[1].treatment, kind="insertion").first()
    details = wrong.details | {"depth_mm": 99.0}
    Act.objects.filter(pk=wrong.pk).update(details=details)
    problems = list(seals.verify(clinic))
    assert [(p.number, p.reason.code) for p in problems] == [(2, "seal-row-altered")]
    params = problems[0].reason.params
    assert (params["row"], params["field"]) == (str(wrong.pk), "details")
    assert "99" in params["now"]
    assert "99" not in params["was"]
    assert str(wrong.pk) in str(problems[0])


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("consent_consent", "signed_name = 'Somebody'"),
        ("consent_consent", "signature = 'M1 1 L2 2'"),
        ("assessment_plannedneedling", "depth_mm = depth_mm + 1"),
        ("assessment_verdict", "decision = 'clear '"),
        ("treatment_treatment", "started_at = '2020-01-01 00:00:00+00:00'"),
    ],
)
def test_what_the_treatment_rests_on_is_under_the_seal_too(
    three_sealed, clinic, unguarded, table, change
):
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {change}")
    assert {code for _number, code in found(clinic)} == {"seal-row-altered"}
    assert {number for number, _code in found(clinic)} == {1, 2, 3}


def test_a_deleted_act_and_a_smuggled_one_are_named(three_sealed, clinic, unguarded):
    gone = Act.objects.filter(treatment=three_sealed[0].treatment, kind="response").get()
    Act.objects.filter(pk=gone.pk).delete()
    like = Act.objects.filter(treatment=three_sealed[2].treatment).last()
    Act.objects.create(
        organisation=like.organisation,
        patient=like.patient,
        treatment=like.treatment,
        number=99,
        kind="twitch",
        at=timezone.now(),
    )
    assert found(clinic) == [(1, "seal-row-missing"), (3, "seal-row-added")]


def test_a_missing_seal_a_moved_seal_and_a_cut_end_are_named(three_sealed, clinic, unguarded):
    Seal.objects.filter(number=2).delete()
    codes_found = [code for _number, code in found(clinic)]
    assert "seal-missing" in codes_found
    assert "seal-absent" in codes_found
    Seal.objects.filter(number=3).delete()
    assert "seal-cut" in [code for _number, code in found(clinic)]


def test_exchanged_numbers_are_named(three_sealed, clinic, unguarded):
    Seal.objects.filter(number=1).update(number=9)
    Seal.objects.filter(number=2).update(number=1)
    Seal.objects.filter(number=9).update(number=2)
    codes_found = {code for _number, code in found(clinic)}
    assert {"seal-hash", "seal-previous"} <= codes_found


def test_a_rewritten_seal_without_the_later_ones_is_named(three_sealed, clinic, unguarded):
    """Somebody alters an act and makes the seal's own hashes fit: the next seal tells."""
    import hashlib

    seal = three_sealed[0]
    Act.objects.filter(treatment=seal.treatment, kind="response").update(details={})
    signed = seals._signed(Seal.objects.get(pk=seal.pk), None)
    content = seals.Contents([signed]).of(signed)
    content_hash = hashlib.sha256(content).hexdigest()
    made = seals.hash_of(
        organisation_id=seal.organisation_id,
        number=1,
        previous_hash=seal.previous_hash,
        content_hash=content_hash,
        treatment_id=seal.treatment_id,
        signed_by_id=seal.signed_by_id,
        signed_at=seal.signed_at,
        content_format=seal.format,
    )
    Seal.objects.filter(pk=seal.pk).update(
        content=zlib.compress(content), content_hash=content_hash, hash=made
    )
    assert found(clinic) == [(2, "seal-previous")]


def test_an_amendment_altered_after_the_next_seal_is_named(
    sealed, alice, site, today, clinic, unguarded
):
    from datetime import date

    from filiform.clinic.patients import actions as patients
    from filiform.clinic.visits import actions as visits

    amendment = actions.amend(by=alice, treatment=sealed.treatment, text="Had not eaten.")
    patient = patients.register(
        by=alice, given_name="Bilal", sex="male", birth_date=date(1980, 1, 1)
    )
    visit = visits.book(
        by=alice, patient=patient, practitioner=alice, site=site, planned_at=timezone.now()
    )
    targets = make_ready(visit, alice, today, muscles=(("gluteus-medius", "left"),))
    treatment = pathway.start(by=alice, visit=visit, on=today)
    treated_and_counted(treatment, alice, targets)
    pathway.sign(by=alice, treatment=treatment, on=today)
    assert found(clinic) == []
    Amendment.objects.filter(pk=amendment.pk).update(text="Had eaten well.")
    assert found(clinic) == [(2, "seal-row-altered")]


def test_an_altered_consent_text_is_named(three_sealed, clinic, unguarded):
    from filiform.clinic.consent.models import ConsentText

    text = ConsentText.objects.get(organisation=clinic, language="en")
    ConsentText.objects.filter(pk=text.pk).update(body=[{"heading": "x", "text": "y"}])
    assert (0, "consent-text-altered") in found(clinic)


@pytest.mark.sqlite
def test_rows_as_sqlite_keeps_them_are_signed_as_those_of_the_models(three_sealed, alice):
    """The quick way to read what is signed, against the slow and obvious one."""
    from filiform.clinic.treatment import signed_content as content

    actions.amend(by=alice, treatment=three_sealed[0].treatment, text="More.")
    for table in content.TABLES:
        if any("__" in name for name in table.fields):
            continue
        treatments = [seal.treatment for seal in three_sealed]
        keys = [one.visit_id if table.by == "visit_id" else one.pk for one in treatments]
        quick, slow = (
            {str(key): content.canonical(rows) for key, rows in read(table, keys).items()}
            for read in (content._rows_of_sqlite, content._rows_of_models)
        )
        assert quick == slow, table.model


def test_each_organisation_has_a_chain_of_its_own(three_sealed, charlie):
    assert found(charlie.organisation) == []


def test_a_seal_of_the_former_format_stays_sound_and_stays_under_guard(
    counted, clinic, alice, today, monkeypatch, unguarded
):
    """Signed when accounts still stood in the count's own details."""
    monkeypatch.setattr(signed_content, "FORMAT", 1)
    monkeypatch.setattr(seals, "FORMAT", 1)
    monkeypatch.setattr(signed_content.Signed.__new__, "__defaults__", (1,))
    old = pathway.sign(by=alice, treatment=counted, on=today)
    monkeypatch.undo()
    assert (old.format, signed_content.FORMAT) == (1, 3)
    assert found(clinic) == []
    wrong = Act.objects.get(treatment=counted, kind="count")
    Act.objects.filter(pk=wrong.pk).update(details=wrong.details | {"in_bin": 9})
    assert found(clinic) == [(1, "seal-row-altered")]


def test_the_signed_content_holds_every_count_the_account_and_the_undone_needle(
    act, targets, treatment, clinic, alice, bob, today
):
    wrong = act("insertion", target=targets[0])
    act("void", replaces=wrong, details={"reason": "not-through-skin"})
    act("removal", needle=act("insertion", target=targets[0]))
    act("count", details={"opened": 2, "unused": 1, "in_bin": 1})
    act("count", details={"opened": 2, "unused": 1, "in_bin": 2})
    act("account", details=account(alice, bob, result="found", where="floor"))
    seal = pathway.sign(by=alice, treatment=treatment, on=today)
    content = msgspec.json.decode(zlib.decompress(bytes(seal.content)))
    assert content["format"] == seal.format == 3
    table = content["tables"]["treatment.Act"]
    rows = sorted((dict(zip(table["fields"], row, strict=True)) for row in table["rows"]),
                  key=lambda row: row["number"])  # fmt: skip
    told = [(row["kind"], row["details"]) for row in rows if row["kind"] in TOLD]
    assert [kind for kind, _details in told] == ["void", "count", "count", "account"]
    assert told[0][1]["reason"] == "not-through-skin"
    assert [details["matches"] for _kind, details in told[1:3]] == [False, True]
    assert [one["name"] for one in told[3][1]["people"]] == ["Alice", "Bob"]
    assert rows[0]["id"] == str(wrong.pk) == rows[1]["replaces_id"]
    assert found(clinic) == []


TOLD = ("void", "count", "account")
