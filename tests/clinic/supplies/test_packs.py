"""Packs at the couch: what may be opened, which needle comes from which, and that all agree."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone
from tests.tables import check_each

from filiform.clinic.facts.models import Entry
from filiform.clinic.supplies import actions, queries
from filiform.clinic.supplies.models import Lot, OpenedPack
from filiform.clinic.supplies.refusing import PackAsked, reasons_against_pack
from filiform.clinic.supplies.scanning import SEPARATOR, NotACode, readings
from filiform.clinic.treatment.packs import pack_panel
from filiform.clinic.treatment.queries import course
from filiform.reasons import Reason

DAY = date(2026, 11, 28)
SIZE = (0.25, 40.0)
GTIN = "08712345000011"


def test_a_pack_is_refused_for_what_it_is_and_the_reasons_name_it() -> None:
    sound = PackAsked("L1", DAY, SIZE)
    cases = {
        "on its last day": (sound, ()),
        "a day too old": (PackAsked("L1", DAY - timedelta(1), SIZE), ("pack-expired",)),
        "recalled": (PackAsked("L1", DAY, SIZE, recalled="rust"), ("pack-recalled",)),
        "opened before": (PackAsked("L1", DAY, SIZE, used=True), ("pack-used",)),
        "another size": (PackAsked("L1", DAY, (0.3, 60.0)), ("pack-size",)),
        "all at once": (
            PackAsked("L1", date(2020, 1, 1), (0.3, 60.0), "rust", used=True),
            ("pack-recalled", "pack-used", "pack-expired", "pack-size"),
        ),
    }

    def check(name: str) -> None:
        asked, expected = cases[name]
        reasons = reasons_against_pack(asked, planned={SIZE}, on=DAY)
        assert tuple(reason.code for reason in reasons) == expected
        assert all(reason.sources and reason.params for reason in reasons)

    check_each(cases, check)


def test_a_code_is_read_whole_and_a_lost_separator_is_never_guessed_at() -> None:
    expiry = date(2028, 1, 31)
    cases = {
        f"]d201{GTIN}17280131" + f"10L229{SEPARATOR}21S1": [("L229", expiry, "S1")],
        f"(01){GTIN}(17)280131(10)L229": [("L229", expiry, "")],
        f"01{GTIN}10L22917280131": [("L22917280131", None, ""), ("L229", expiry, "")],
        f"01{GTIN}17280131" + "10L22921S1": [("L22921S1", expiry, ""), ("L229", expiry, "S1")],
        GTIN: [("", None, "")],
    }

    def check(text: str) -> None:
        found = readings(text)
        assert [(one.lot, one.expires_on, one.serial) for one in found] == cases[text]
        assert {one.gtin for one in found} == {GTIN}
        assert {one.carrier for one in found} == {text}

    check_each(cases, check)
    for nothing in ("", "hello", "08712345000012", "10L229"):
        with pytest.raises(NotACode):
            readings(nothing)


def test_a_lost_separator_is_settled_by_a_lot_that_came_in_or_by_who_reads_the_pack(
    alice, site, today
) -> None:
    product = actions.add_product(
        by=alice, brand="B", diameter_mm=0.25, length_mm=40, gtin=GTIN, needles_per_pack=5
    )
    text = f"01{GTIN}17{(today + timedelta(90)):%y%m%d}10L22921S1"
    asked = actions.pack_of_scan(by=alice, text=text)
    assert isinstance(asked, Reason)
    assert asked.params["ways"] == "L22921S1, L229"
    lot, code = actions.pack_of_scan(by=alice, text=text, chosen="L229")
    assert (lot.number, code.serial, code.carrier) == ("L229", "S1", text)
    again, _code = actions.pack_of_scan(by=alice, text=text)
    assert again.pk == lot.pk
    assert Lot.objects.filter(product=product).count() == 1


@pytest.fixture
def opened(act, shelf, targets):
    """One pack of each size, opened by a tap."""
    return {size: act("pack", details={"lot": lot.pk}) for size, lot in shelf.items()}


def test_each_needle_comes_from_an_opened_pack_and_the_stock_falls_with_it(
    act, opened, shelf, targets, alice, visit, site, treatment, today
) -> None:
    needles = [act("insertion", target=target) for target in targets]
    for needle in needles:
        size = needle.details["diameter_mm"], needle.details["length_mm"]
        assert needle.details["pack"]["lot"] == str(shelf[size].pk)
        assert needle.details["pack"]["act"] == str(opened[size].pk)
        assert "despite" not in needle.details
    stock = queries.stock(alice.organisation_id)
    assert all(stock[lot.pk, site.pk] == 9 for lot in shelf.values())
    panel = pack_panel(visit, course(treatment), today)
    assert (panel.needles, panel.left, panel.loose, panel.choices) == (len(targets), 0, 0, [])


def test_a_needle_from_no_pack_is_recorded_with_what_stands_against_it(
    act, shelf, targets, visit, treatment, today
) -> None:
    needle = act("insertion", target=targets[0])
    assert [one["code"] for one in needle.details["despite"]] == ["needle-without-pack"]
    assert pack_panel(visit, course(treatment), today).loose == 1


def test_a_pack_that_was_not_opened_after_all_is_on_the_shelf_again(
    act, opened, shelf, alice, site
) -> None:
    size, pack = next(iter(opened.items()))
    act("void", replaces=pack, details={"reason": "tapped"})
    assert queries.stock(alice.organisation_id)[shelf[size].pk, site.pk] == 10
    assert not OpenedPack.objects.current().filter(act=pack.pk).exists()


def test_a_refused_pack_changes_nothing_and_leaves_its_refusal(act, shelf, alice) -> None:
    lot = next(iter(shelf.values()))
    actions.recall_lot(
        by=alice, lot=lot, reason="rust", is_drill=False, took_ms=1, patients=0, needles=0
    )
    answer = act("pack", details={"lot": lot.pk})
    assert [reason.code for reason in answer] == ["pack-recalled"]
    assert Entry.objects.filter(action="act-pack", details__refused=["pack-recalled"]).exists()
    assert not OpenedPack.objects.exists()


@pytest.fixture
def full_shelf(alice, shelf, site, today):
    """Beside the ten packs of the first size: one expired, one recalled, two that expire sooner."""
    size, lot = next(iter(shelf.items()))
    found = {"L1": lot}
    for number, days in (("OLD", -1), ("RUST", 10), ("SOON", 20)):
        move = actions.receive(
            by=alice, product=lot.product, site=site, number=number,
            expires_on=today + timedelta(days), packs=2,
        )  # fmt: skip
        found[number] = move.lot
    actions.recall_lot(
        by=alice, lot=found["RUST"], reason="rust", is_drill=False, took_ms=1, patients=0, needles=0
    )
    return size, found


def test_what_expires_first_is_taken_first_and_what_must_not_be_opened_is_passed_with_its_reason(
    full_shelf, shelf, alice, site, today
) -> None:
    size, _lots = full_shelf
    suggest = lambda needed: queries.suggest_packs(alice.organisation_id, site.pk, needed, today)  # noqa: E731
    told = lambda found: [(one.lot.number, one.packs) for one in found.choices]  # noqa: E731
    cases = {1: [("SOON", 1)], 2: [("SOON", 2)], 5: [("SOON", 2), ("L1", 3)]}

    def check(needles: int) -> None:
        found = suggest({size: needles})
        assert told(found) == cases[needles]
        passed = [(lot.number, reason.code) for lot, reason in found.passed]
        assert passed == [("OLD", "pack-expired"), ("RUST", "pack-recalled")]
        assert found.short == {}

    check_each(cases, check)
    assert suggest({size: 14}).short == {size: 2}, "twelve are there"
    assert suggest({(0.5, 7.0): 1}).short == {(0.5, 7.0): 1}, "a size that nobody bought"
    assert told(suggest({size: 1, **{other: 1 for other in shelf if other != size}})) == [
        ("SOON", 1),
        ("L2", 1),
    ]


def test_a_refused_pack_is_answered_with_the_lot_to_take_instead(act, full_shelf) -> None:
    _size, lots = full_shelf
    for number, code in (("OLD", "pack-expired"), ("RUST", "pack-recalled")):
        refused, instead = act("pack", details={"lot": lots[number].pk})
        assert (refused.code, instead.code) == (code, "pack-instead")
        assert instead.params["lot"] == "SOON"
    assert not OpenedPack.objects.exists()


def test_the_page_shows_every_lot_of_the_plan_before_the_first_needle_and_opens_all_by_one_tap(
    as_alice, visit, full_shelf, shelf, act, targets
) -> None:
    page = lambda: as_alice.get(f"/visits/{visit.pk}/treat/").content.decode()  # noqa: E731
    before = page()
    assert before.index("to-open") < before.index('id="board"'), "before the body"
    assert before.count("data-pack-lot=") == len(shelf)
    assert "data-open-all" in before
    assert "SOON" in before
    assert "Lot OLD expired" in before
    act("insertion", target=targets[0])
    assert "to-open" not in page(), "with a needle in, needles come first"


def test_the_count_compares_the_tray_with_the_packs_of_the_record(
    act, opened, targets, treatment, alice, today
) -> None:
    from filiform.clinic.pathway import actions as pathway

    needles = [act("insertion", target=target) for target in targets]
    for needle in needles:
        act("removal", needle=needle)
    n = len(needles)
    wrong = act("count", details={"opened": n - 1, "unused": 0, "in_bin": n - 1})
    assert not wrong.details["matches"]
    assert act("count", details={"opened": n, "in_bin": n}).details["matches"]
    answer = pathway.sign(by=alice, treatment=treatment, on=today)
    assert [reason.code for reason in answer] == ["sign-account"]


def test_a_pack_opened_after_the_count_asks_for_another_count(
    act, opened, targets, shelf, treatment, alice, today
) -> None:
    from filiform.clinic.pathway import actions as pathway

    needle = act("insertion", target=targets[0])
    act("removal", needle=needle)
    act("count", details={"opened": len(opened), "unused": len(opened) - 1, "in_bin": len(opened)})
    act("pack", details={"lot": next(iter(shelf.values())).pk})
    answer = pathway.sign(by=alice, treatment=treatment, on=today)
    assert [reason.code for reason in answer] == ["sign-count-again"]


def test_the_same_pack_with_its_serial_number_is_opened_once(act, alice, shelf, visit) -> None:
    (diameter_mm, length_mm), lot = next(iter(shelf.items()))
    actions.add_product(
        by=alice, brand="B", diameter_mm=diameter_mm, length_mm=length_mm, gtin=GTIN
    )
    scan = f"01{GTIN}17{lot.expires_on:%y%m%d}10L9{SEPARATOR}21S1"
    first, again = act("pack", details={"scan": scan}), act("pack", details={"scan": scan})
    assert first.details["carrier"] == scan
    assert [reason.code for reason in again] == ["pack-used", "pack-instead"]


def test_the_order_names_what_runs_low(alice, site, today) -> None:
    from filiform.clinic.supplies.ordering import order_message

    product = actions.add_product(
        by=alice, brand="Seirin", diameter_mm=0.25, length_mm=40, gtin=GTIN, reorder_at=10,
        supplier="Medline", supplier_phone="+92 300 1234567",
    )  # fmt: skip
    for number, packs, days in (("OLD", 30, -1), ("NEW", 9, 300)):
        actions.receive(
            by=alice, product=product, site=site, number=number,
            expires_on=today + timedelta(days), packs=packs,
        )  # fmt: skip
    lines = queries.supplies_of(alice.organisation_id, today)
    [(supplier, text, address)] = order_message(lines, alice.organisation, [site])
    assert supplier == "Medline"
    assert "21 packs: \u2068Seirin 0.25 × 40 mm, GTIN 08712345000011\u2069" in text
    assert address.startswith("https://wa.me/923001234567?text=")


def test_stock_taking_records_the_difference_and_who_found_it(alice, shelf, site) -> None:
    lot = next(iter(shelf.values()))
    move = actions.take_stock(by=alice, lot=lot, site=site, found=7)
    assert (move.kind, move.packs) == ("counted", -3)
    assert queries.stock(alice.organisation_id)[lot.pk, site.pk] == 7
    assert actions.take_stock(by=alice, lot=lot, site=site, found=7) is None


def test_a_needlestick_has_its_steps_in_order_and_says_which_is_late(alice) -> None:
    from django.utils import timezone

    now = timezone.now()
    row = actions.report_needlestick(
        by=alice, happened_at=now - timedelta(minutes=90), injured="Bob", depth="skin"
    )
    actions.do_step(by=alice, needlestick=row, step="wash")
    [line] = queries.needlesticks_of(alice.organisation_id, now)
    assert [step.code for step in line.steps][:3] == ["wash", "report", "hiv-prophylaxis"]
    assert [step.code for step in line.steps if step.late] == ["report"]
    assert line.open == len(line.steps) - 1


def test_packs_are_opened_from_the_page_and_a_fate_is_kept(
    as_alice, visit, treatment, shelf, targets
) -> None:
    lot = next(iter(shelf.values()))
    page = as_alice.get(f"/visits/{visit.pk}/treat/").content.decode()
    assert f'value="{lot.pk}"' in page
    for lot in shelf.values():
        fields = {"act_id": uuid4(), "kind": "pack", "lot": lot.pk, "packs": 1}
        assert as_alice.post(f"/visits/{visit.pk}/treat/act/", fields).status_code == 302
    fields = {"act_id": uuid4(), "kind": "insertion", "target": targets[0].pk}
    as_alice.post(f"/visits/{visit.pk}/treat/act/", fields)
    [needle] = course(treatment).needles.values()
    as_alice.post(f"/visits/{visit.pk}/treat/fates/", {f"fate-{needle.id}": "bent"})
    assert course(treatment).needles[needle.id].fate == "bent"
    # Undone on another tablet meanwhile: said in words, not a page that isn't there.
    fields = {"act_id": uuid4(), "kind": "void", "replaces": needle.id, "reason": "tapped"}
    for later in course(treatment).needles[needle.id].later:
        undo = {**fields, "act_id": uuid4(), "replaces": later.pk}
        as_alice.post(f"/visits/{visit.pk}/treat/act/", undo)
    as_alice.post(f"/visits/{visit.pk}/treat/act/", fields)
    answer = as_alice.post(f"/visits/{visit.pk}/treat/fates/", {f"fate-{needle.id}": "bent"})
    assert answer.status_code == 422
    assert "undone" in answer.content.decode()


def test_a_scan_without_its_separator_asks_on_the_page(as_alice, alice, visit, treatment, shelf):
    (diameter_mm, length_mm), lot = next(iter(shelf.items()))
    actions.add_product(
        by=alice, brand="B", diameter_mm=diameter_mm, length_mm=length_mm, gtin=GTIN
    )
    at = f"/visits/{visit.pk}/treat/packs/"
    scan = f"01{GTIN}17{lot.expires_on:%y%m%d}10L22921S1"
    asks = as_alice.post(at, {"act_id": uuid4(), "scan": scan})
    assert asks.status_code == 422
    assert 'value="L229"' in asks.content.decode()
    assert "camera=(self)" in asks["Permissions-Policy"]
    assert "wasm-unsafe-eval" in asks["Content-Security-Policy"]
    told = as_alice.post(at, {"act_id": uuid4(), "scan": scan, "chosen": "L229"})
    assert told.status_code == 302
    assert OpenedPack.objects.get().serial == "S1"
    assert "wasm-unsafe-eval" not in as_alice.get(f"/visits/{visit.pk}/")["Content-Security-Policy"]


def test_a_lot_with_another_expiry_date_and_an_injury_of_tomorrow_are_asked_about(
    as_alice, alice, shelf, site, today
) -> None:
    lot = next(iter(shelf.values()))
    receipt = {"product": lot.product_id, "site": site.pk, "number": lot.number, "packs": 1,
               "expires_on": (today + timedelta(days=30)).isoformat()}  # fmt: skip
    answer = as_alice.post(reverse("supplies:receive"), receipt)
    assert "stands here as expiring on" in answer.content.decode()
    same = {**receipt, "expires_on": lot.expires_on.isoformat()}
    assert as_alice.post(reverse("supplies:receive"), same).status_code == 302
    assert queries.stock(alice.organisation_id)[lot.pk, site.pk] == 11
    told = {"injured": "Bob", "depth": "skin", "clock": "10:00",
            "day": (today + timedelta(days=1)).isoformat()}  # fmt: skip
    answer = as_alice.post(reverse("supplies:needlesticks"), told)
    assert "still in the future" in answer.content.decode()
    assert queries.needlesticks_of(alice.organisation_id, timezone.now()) == []


def test_a_container_that_was_collected_long_ago_leaves_the_page(alice, site, monkeypatch) -> None:
    row = actions.open_container(by=alice, site=site, place="Room 2")
    for kind in ("full", "collected"):
        actions.move_container(by=alice, container=row, kind=kind)
    assert [line.state for line in queries.containers_of(alice.organisation_id)] == ["collected"]
    monkeypatch.setattr(queries, "COLLECTED_SHOWN", timedelta(0))
    assert queries.containers_of(alice.organisation_id) == []
