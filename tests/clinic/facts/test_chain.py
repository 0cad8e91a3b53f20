"""Every row of the record stands in the chain, and whatever is done behind its back is named."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from filiform.clinic.facts import chain, keys
from filiform.clinic.facts.beginning import FIRST_WITH_CHAIN, begin, begin_chains, lay_shapes
from filiform.clinic.facts.models import Entry, RecordLink, RowShape, new_id
from filiform.clinic.facts.prepared import insert
from filiform.clinic.facts.recording import recording
from filiform.clinic.facts.rows import Shape, entry_of, shape_of
from filiform.clinic.facts.stored import Stored, table_of
from filiform.clinic.facts.triggers import lay_guards, missing_guards
from filiform.clinic.intake.models import Answer, DisclosedFact
from filiform.clinic.operations.verifying import checking
from filiform.clinic.patients import actions as patients
from filiform.disclosure import Kind, Status

pytestmark = pytest.mark.django_db


def problems() -> list[str]:
    with checking() as check:
        return check.chain()


def run(sql: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def key_of(row) -> object:
    return row.pk.hex if connection.vendor == "sqlite" else row.pk


@pytest.fixture
def warfarin(patient, alice) -> DisclosedFact:
    from filiform.clinic.intake.disclosing import disclose

    return disclose(
        by=alice, patient=patient, kind=Kind.MEDICINE, text="Warfarin", status=Status.ACTIVE
    )


# --- what is written ------------------------------------------------------------------------------


def an_answer(patient, alice) -> Answer:
    return Answer(
        organisation=patient.organisation, recorded_by=alice, patient=patient,
        question="needle-phobia", value=True,
    )  # fmt: skip


@pytest.mark.parametrize(
    "write",
    [
        lambda row: row.save(),
        lambda row: Answer.objects.bulk_create([row]),
        insert,
        lambda row: Answer.objects.get_or_create(
            pk=row.pk,
            defaults={field.attname: getattr(row, field.attname) for field in row._meta.fields},
        ),
    ],
    ids=["save", "bulk_create", "insert", "get_or_create"],
)
def test_whichever_way_a_row_is_written_it_stands_in_the_chain(
    write: Callable, patient, alice
) -> None:
    before = RecordLink.objects.count()
    write(an_answer(patient, alice))
    assert RecordLink.objects.count() == before + 1
    with recording("question-answered", by=alice):
        write(an_answer(patient, alice))
    assert RecordLink.objects.count() == before + 2
    assert problems() == []


def test_a_recording_is_one_link_however_many_there_are_in_it(patient, alice) -> None:
    before = RecordLink.objects.count()
    with recording("outer", by=alice):
        patients.measure(by=alice, patient=patient, kind="weight_kg", value=61.0)
        patients.measure(by=alice, patient=patient, kind="height_cm", value=165.0)
    (link,) = list(RecordLink.objects.filter(number__gt=before))
    assert len(bytes(link.rows)) == 5 * 56, "two measurements and three entries"
    assert problems() == []


class Undone(Exception):
    pass


def test_what_was_undone_on_the_way_is_in_no_link(patient, alice) -> None:
    def write_and_fail() -> None:
        an_answer(patient, alice).save()
        raise Undone

    with recording("question-answered", by=alice):
        with pytest.raises(Undone), transaction.atomic():
            write_and_fail()
        with pytest.raises(Undone), recording("inner", by=alice):
            write_and_fail()
    with pytest.raises(Undone), recording("outer", by=alice):
        write_and_fail()
    an_answer(patient, alice).save()
    assert problems() == []


def test_a_link_costs_two_statements(alice, django_assert_num_queries) -> None:
    with chain.one_link():
        insert(Entry(organisation=alice.organisation, by=alice, action="saw-today"))
        with django_assert_num_queries(2):
            chain._write(connection)


def test_rows_that_may_be_left_out_on_the_way_are_refused(patient, alice) -> None:
    with pytest.raises(ValueError, match="all of them"):
        Answer.objects.bulk_create([an_answer(patient, alice)], ignore_conflicts=True)


def test_the_demo_clinic_and_a_clock_set_back_leave_the_chain_whole(
    patient, alice, monkeypatch
) -> None:
    yesterday = timezone.now() - timedelta(days=1)
    monkeypatch.setattr(timezone, "now", lambda: yesterday)
    patients.measure(by=alice, patient=patient, kind="weight_kg", value=61.0)
    monkeypatch.undo()
    patients.measure(by=alice, patient=patient, kind="weight_kg", value=62.0)
    assert problems() == []


# --- the text of a row is the same for all --------------------------------------------------------

values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.text(
        st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8
    ) | st.floats(allow_nan=False, allow_infinity=False),
    lambda one: st.lists(one, max_size=3) | st.dictionaries(
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=4),
        one, max_size=3,
    ),
    max_leaves=6,
)  # fmt: skip


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@example(
    details={"x": 6.615034024648566e16, "y": 1e22, "z": -0.0},
    at=datetime(2026, 1, 1, tzinfo=UTC),
    subject="",
)
@given(details=st.dictionaries(st.text("abü ", max_size=3), values, max_size=4),
       at=st.datetimes(timezones=st.just(UTC)),
       subject=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"),
                       max_size=40))  # fmt: skip
def test_a_row_has_the_same_hash_when_it_is_written_and_when_it_is_read(
    clinic, details, at, subject
) -> None:
    entry = Entry(organisation=clinic, action="tried", details=details, at=at, subject_id=subject)
    insert(entry)
    table = table_of(shape_of(Entry))
    assert Stored(connection).hashes(table, [entry.pk.bytes]) == {
        entry.pk.hex: entry_of(entry)[-32:]
    }


def test_the_text_of_a_row_is_kept_over_versions_and_engines(clinic) -> None:
    """A hash of the past must come out again for ever: this one was made once, by hand."""
    import hashlib

    entry = Entry(
        id="01a22219-a81d-74b7-85a8-5200c8f08e09",
        organisation_id="01a22219-a81d-74b7-85a8-5200c8f08e0a",
        at=datetime(2026, 11, 28, 12, 0, 0, 500, tzinfo=UTC),
        action="saw-chart",
        details={"b": 1.0, "a": "بائیں"},
    )
    entry.id = Entry._meta.pk.to_python(entry.id)
    columns = [
        "id", "organisation_id", "at", "by_id", "action", "patient_id", "subject_type",
        "subject_id", "details",
    ]  # fmt: skip
    assert shape_of(Entry) == Shape("record.entry", tuple(columns))
    named = "[" + ",".join(f'"{one}"' for one in ["record.entry", *columns]) + "]"
    shape = hashlib.sha256(named.encode()).hexdigest()[:16]
    text = (
        f'["{shape}","01a22219a81d74b785a85200c8f08e09","01a22219a81d74b785a85200c8f08e0a",'
        '"2026-11-28 12:00:00.000500",null,"saw-chart",null,"","",'
        '"{\\"a\\":\\"بائیں\\",\\"b\\":1}"]'
    )
    assert entry_of(entry)[-32:] == hashlib.sha256(text.encode()).digest()


def test_rows_from_before_a_column_was_added_keep_their_hash(patient, clinic, alice) -> None:
    former = Shape("intake.answer", tuple(c for c in shape_of(Answer).columns if c != "visit_id"))
    RowShape.objects.create(
        key=former.key.hex(), label=former.label, columns=",".join(former.columns)
    )
    row = an_answer(patient, alice)
    with transaction.atomic():
        super(type(row).__mro__[2], row).save()  # past the chain
    table = table_of(former)
    hash_ = Stored(connection).hashes(table, [row.pk.bytes])[row.pk.hex]
    chain.append(clinic.pk, former.key + row.pk.bytes + hash_, connection=connection)
    assert problems() == []


# --- what somebody does behind its back -----------------------------------------------------------


def test_warfarin_does_not_become_vitamin_c_by_a_replace(warfarin) -> None:
    columns = [field.column for field in DisclosedFact._meta.concrete_fields]
    as_it_is = ", ".join(f'"{one}"' for one in columns)
    changed = ", ".join("'Vitamin C'" if one == "text" else f'"{one}"' for one in columns)
    select = f"SELECT {changed} FROM intake_disclosedfact"
    if connection.vendor == "sqlite":
        sql = f"INSERT OR REPLACE INTO intake_disclosedfact ({as_it_is}) {select}"
    else:
        sql = (
            f"INSERT INTO intake_disclosedfact ({as_it_is}) {select} "
            "ON CONFLICT (id) DO UPDATE SET text = EXCLUDED.text"
        )
    with pytest.raises(DatabaseError, match="never altered"), transaction.atomic():
        run(sql)
    warfarin.refresh_from_db()
    assert warfarin.text == "Warfarin"


def test_with_the_guards_taken_away_and_laid_again_the_row_is_named(warfarin, unguarded) -> None:
    assert problems() == []
    run("UPDATE intake_disclosedfact SET text = 'Vitamin C' WHERE id = %s", key_of(warfarin))
    if connection.vendor == "sqlite":
        lay_guards()
        assert not [name for name in missing_guards() if "_no_" in name]
    (problem,) = problems()
    assert f"disclosedfact {warfarin.pk} was altered" in problem


def test_an_altered_audit_row_is_named(warfarin, unguarded) -> None:
    entry = Entry.objects.filter(action="fact-disclosed").get()
    run("UPDATE audit_entry SET action = 'saw-chart' WHERE id = %s", key_of(entry))
    (problem,) = problems()
    assert f"entry {entry.pk} was altered" in problem


def test_a_removed_row_is_named(warfarin, unguarded) -> None:
    run("DELETE FROM intake_disclosedfact WHERE id = %s", key_of(warfarin))
    (problem,) = problems()
    assert f"disclosedfact {warfarin.pk} was recorded and is gone" in problem


def slip_in(row, **changes) -> object:
    """A copy of a row under a new id, by SQL."""
    new = new_id()
    columns = [field.column for field in row._meta.concrete_fields]
    given = {"id": new.hex if connection.vendor == "sqlite" else new, **changes}
    shown = ", ".join("%s" if one in given else f'"{one}"' for one in columns)
    named = ", ".join(f'"{one}"' for one in columns)
    table = row._meta.db_table
    values = [given[one] for one in columns if one in given]
    run(
        f"INSERT INTO {table} ({named}) SELECT {shown} FROM {table} WHERE id = %s",
        *values, key_of(row),
    )  # fmt: skip
    return new


def test_a_row_that_was_slipped_in_is_named_though_another_was_taken_for_it(
    warfarin, unguarded
) -> None:
    new = slip_in(warfarin, text="Vitamin C")
    (problem,) = problems()
    assert f"disclosedfact {new} stands in no link" in problem
    run("DELETE FROM intake_disclosedfact WHERE id = %s", key_of(warfarin))
    assert len(problems()) == 2


def last_links(number: int) -> list[RecordLink]:
    return list(reversed(RecordLink.objects.order_by("-number")[:number]))


def test_a_swapped_pair_of_links_is_named(warfarin, patient, alice, unguarded) -> None:
    patients.measure(by=alice, patient=patient, kind="weight_kg", value=61.0)
    first, second = last_links(2)
    for number, to in (
        (first.number, 10**6),
        (second.number, first.number),
        (10**6, second.number),
    ):
        run("UPDATE record_link SET number = %s WHERE number = %s", to, number)
    found = " ".join(problems())
    assert f"Link {first.number}: what it says" in found
    assert f"Link {second.number}: what it says" in found
    assert "does not follow the link before it" in found


def test_a_link_that_was_taken_out_is_named_and_so_are_its_rows(warfarin, alice, unguarded) -> None:
    (link,) = last_links(1)
    patients.register(
        by=alice, given_name="Bilal", sex="male", birth_date=timezone.localdate() - timedelta(9999)
    )
    run("DELETE FROM record_link WHERE number = %s", link.number)
    found = " ".join(problems())
    assert f"the links {link.number} to {link.number} are missing" in found
    assert f"disclosedfact {warfarin.pk} stands in no link" in found


def test_a_tail_that_was_cut_off_leaves_its_rows_without_a_link(warfarin, unguarded) -> None:
    (link,) = last_links(1)
    run("DELETE FROM record_link WHERE number = %s", link.number)
    assert any(f"disclosedfact {warfarin.pk} stands in no link" in one for one in problems())


def rewrite(clinic, number: int, entries: bytes) -> None:
    """A link with other rows, and all after it, hashed anew: what a forger can do who knows the
    program and has no key."""
    before = RecordLink.objects.filter(number=number - 1).first()
    previous = bytes(before.hash) if before else chain.FIRST
    for link in RecordLink.objects.filter(number__gte=number).order_by("number"):
        rows = entries if link.number == number else bytes(link.rows)
        made = chain.link_hash(clinic.pk, link.number, previous, link.at_us, link.kind, rows)
        run(
            "UPDATE record_link SET rows = %s, previous = %s, hash = %s WHERE number = %s",
            rows, previous, made, link.number,
        )  # fmt: skip
        previous = made


def test_a_chain_that_was_rewritten_without_the_key_is_named_by_its_marks(
    warfarin, clinic, unguarded
) -> None:
    run("UPDATE intake_disclosedfact SET text = 'Vitamin C' WHERE id = %s", key_of(warfarin))
    warfarin.refresh_from_db()
    (link,) = last_links(1)
    entry = Entry.objects.get(action="fact-disclosed")
    rewrite(clinic, link.number, entry_of(warfarin) + entry_of(entry))
    (problem,) = problems()
    assert f"Link {link.number} does not bear the mark of key {keys.current().id}" in problem


def test_values_that_are_no_text_do_not_stop_the_check(warfarin, unguarded) -> None:
    if connection.vendor != "sqlite":  # PostgreSQL takes no such value
        run("UPDATE intake_disclosedfact SET text = '' WHERE id = %s", key_of(warfarin))
    else:
        run(
            "UPDATE intake_disclosedfact SET text = CAST(x'ff' AS TEXT) WHERE id = %s",
            key_of(warfarin),
        )
    (problem,) = problems()
    assert f"disclosedfact {warfarin.pk} was altered" in problem


def test_an_altered_shape_is_named(warfarin, unguarded) -> None:
    run("UPDATE record_shape SET columns = 'id' WHERE label = 'intake.disclosedfact'")
    assert any("shape" in problem for problem in problems())


# --- keys and beginnings --------------------------------------------------------------------------


def test_without_a_key_that_can_be_used_a_fact_is_recorded_and_its_link_named(
    patient, alice, settings, tmp_path
) -> None:
    assert problems() == []
    good = settings.KEY_FILE
    settings.KEY_FILE = str(tmp_path)  # a folder
    patients.measure(by=alice, patient=patient, kind="weight_kg", value=61.0)
    settings.KEY_FILE = good
    (problem,) = problems()
    assert "without a mark (1)" in problem


def test_a_key_that_was_replaced_still_vouches_for_its_links(
    patient, alice, settings, tmp_path
) -> None:
    settings.KEY_FILE = str(tmp_path / "key.pem")
    patients.measure(by=alice, patient=patient, kind="weight_kg", value=61.0)
    former, new = keys.replace()
    assert set(keys.known()) == {former.id, new.id}
    assert {file.stat().st_mode & 0o077 for file in tmp_path.iterdir()} == {0}
    patients.measure(by=alice, patient=patient, kind="weight_kg", value=62.0)
    marked_by = [link.key for link in last_links(2)]
    assert marked_by == [former.id, new.id]


def test_a_clinic_that_had_no_chain_gets_one_over_all_that_is_there_once(
    warfarin, clinic, unguarded
) -> None:
    run("DELETE FROM record_link")
    assert len(problems()) > 3
    begin_chains(plan=())
    assert len(problems()) > 3, "never later than with the migration that brings the chain"
    step = type("Step", (), {"app_label": FIRST_WITH_CHAIN[0], "name": FIRST_WITH_CHAIN[1]})
    begin_chains(plan=[(step, False)])
    assert problems() == []
    assert set(RecordLink.objects.values_list("kind", flat=True)) == {chain.BEGINNING}
    begin_chains(plan=[(step, False)])
    lay_shapes()
    assert problems() == []


def test_a_beginning_is_cut_into_links_of_a_size_that_is_read_at_once(
    warfarin, clinic, unguarded, monkeypatch
) -> None:
    run("DELETE FROM record_link")
    monkeypatch.setattr("filiform.clinic.facts.beginning.ROWS_EACH", 3)
    begin(clinic.pk, connection)
    assert RecordLink.objects.count() > 3
    assert problems() == []


@pytest.mark.postgres
def test_a_recording_holds_its_turn_before_its_first_row(clinic) -> None:
    """So no two transactions wait for each other's versions of records."""
    held = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()"
    with connection.cursor() as cursor, recording("grant-privilege", by=None, organisation=clinic):
        cursor.execute(held)
        assert cursor.fetchone() == (1,)
