"""What is paid is paid once, a mistake stays readable, and every number has its receipt."""

from __future__ import annotations

import csv
import io
from collections import Counter
from datetime import date, timedelta
from html import unescape
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader
from tests.clinic.pathway.acts import undone_afterwards
from tests.clinic.pathway.test_one_answer import DATABASE
from tests.clinic.payments.conftest import priced
from tests.clinic.twice import meanwhile

from filiform.clinic.facts.amending import ChangedMeanwhile
from filiform.clinic.patients import actions as patients
from filiform.clinic.payments import actions, ledger, package_actions, queries
from filiform.clinic.payments.export import csv_file
from filiform.clinic.payments.models import (
    CashCount,
    PackageSale,
    PackageUse,
    Payment,
    PaymentReceipt,
    VisitPrice,
)
from filiform.clinic.payments.till import takings
from filiform.clinic.visits import actions as visits
from filiform.clinic.visits.models import Visit

pytestmark = pytest.mark.django_db
RUPEES = 100


def as_(member) -> Client:
    client = Client()
    client.force_login(member, backend="django.contrib.auth.backends.ModelBackend")
    return client


def page(client: Client, address: str) -> str:
    return unescape(client.get(address).content.decode())


def pay(by, visit, amount=2500, how="cash", **more):
    return actions.pay(
        by=by, payment_id=uuid4(), amount=amount * RUPEES, how=how, visit=visit, **more
    )


def codes(answer) -> list[str]:
    return [one.code for one in answer]


# --- the desk -------------------------------------------------------------------------------------


def test_the_desk_takes_what_is_due_with_one_tap_and_a_second_tap_takes_nothing(done, bob) -> None:
    desk = as_(bob)
    assert "owes Rs 2,500" in page(desk, f"/visits/{done.pk}/payment/")
    told = {"payment_id": str(uuid4()), "amount": str(2500 * RUPEES), "how": "cash"}
    for _tap in range(2):
        desk.post(f"/visits/{done.pk}/payment/tap/", told)
    # Another desk, whose list is older: nothing is taken, and it says so.
    late = {**told, "payment_id": str(uuid4())}
    answer = as_(bob).post(f"/visits/{done.pk}/payment/tap/", late, follow=True)
    assert "The amount has changed meanwhile" in answer.content.decode()
    nothing = {**told, "payment_id": str(uuid4()), "amount": "0"}
    as_(bob).post(f"/visits/{done.pk}/payment/tap/", nothing)
    assert Payment.objects.get().amount == 2500 * RUPEES
    assert "owes Rs" not in page(desk, f"/visits/{done.pk}/payment/")
    assert "paid" in page(desk, "/payments/")


def test_who_treats_sees_paid_and_owed_but_no_takings_and_no_debt_above_the_needles(
    done, alice, bob, olga, charlie
):
    treats = as_(alice)
    assert "Rs 2,500" in page(treats, f"/visits/{done.pk}/payment/")
    assert "owes" not in page(treats, f"/patients/{done.patient_id}/")
    assert "owes Rs 2,500" in page(as_(bob), f"/patients/{done.patient_id}/")
    for address in ("/payments/", "/payments/day/", "/payments/export/"):
        assert treats.get(address).status_code == 403
        assert as_(olga).get(address).status_code == 200
    assert treats.post(f"/visits/{done.pk}/payment/pay/", {}).status_code == 403
    assert as_(charlie).get(f"/visits/{done.pk}/payment/").status_code == 404


def test_more_than_is_due_is_never_taken_and_a_visit_that_did_not_happen_is_not_owed(
    done, bob, alice, site
):
    assert codes(pay(bob, done, 2501)) == ["payment-more-than-due"]
    pay(bob, done, 1000)
    assert codes(pay(bob, done, 1501)) == ["payment-more-than-due"]
    coming = priced(
        visits.book(
            by=alice, patient=done.patient, practitioner=alice, site=site,
            planned_at=timezone.now() + timedelta(days=2),
        )
    )  # fmt: skip
    assert queries.balance_of(done.patient).owed == 1500 * RUPEES
    pay(bob, coming, 2500)
    found = queries.balance_of(done.patient)
    assert (found.owed, found.ahead) == (1500 * RUPEES, 2500 * RUPEES)


def test_two_of_one_name_have_each_their_own_sum(done, bob, olga) -> None:
    type(olga).objects.filter(pk=olga.pk).update(name=bob.name)
    pay(bob, done, 2000)
    taken = pay(olga, done, 500)
    found = takings(done.site, taken.taken_on).by_person
    assert found == {bob: 2000 * RUPEES, olga: 500 * RUPEES}


# --- mistakes -------------------------------------------------------------------------------------


def test_a_correction_keeps_the_former_entry_and_the_papers_number(done, bob) -> None:
    taken = pay(bob, done, 2500)
    desk, receipt = as_(bob), PaymentReceipt.objects.get()
    wrong = {"amount": "2000", "how": "card", "why": "he paid by card"}
    desk.post(f"/payments/{taken.pk}/correct/", wrong)
    assert Payment.objects.count() == 2
    assert takings(done.site, taken.taken_on).by_way == {"card": 2000 * RUPEES}
    text = paper(desk, receipt)
    assert "Corrected" in text
    assert "Rs 2,000" in text
    now = Payment.objects.current().get()
    assert (
        desk.post(f"/payments/{taken.pk}/void/", {"why": "x"}).status_code == 404
    )  # it is not now
    assert desk.post(f"/payments/{now.pk}/void/", {"why": " "}).status_code == 422
    desk.post(f"/payments/{now.pk}/void/", {"why": "never taken"})
    assert "Void" in paper(desk, receipt)
    assert takings(done.site, taken.taken_on).total == 0


def test_no_more_is_given_back_than_was_paid_and_what_was_given_back_holds_the_payment(done, bob):
    taken = pay(bob, done, 2500)

    def give(amount: int):
        return actions.refund(
            by=bob, payment=taken, payment_id=uuid4(), amount=amount * RUPEES, how="cash", why="x"
        )

    back = give(1000)
    assert codes(give(1501)) == ["refund-more-than-paid"]
    assert codes(actions.void(by=bob, payment=taken, why="x")) == ["payment-has-refund"]
    assert queries.balance_of(done.patient).owed == 1000 * RUPEES
    actions.void(by=bob, payment=back, why="x")
    assert queries.balance_of(done.patient).owed == 0


def paper(client: Client, receipt: PaymentReceipt) -> str:
    answer = client.get(f"/payments/receipts/{receipt.pk}/")
    assert answer["Content-Type"] == "application/pdf"
    return "".join(one.extract_text() for one in PdfReader(io.BytesIO(answer.content)).pages)


def test_what_the_other_desk_does_at_this_moment_is_seen(done, five, bob, alice, site, monkeypatch):
    """A second tap is the same payment; nothing is given back of a payment that never was, and no
    package pays that was taken back."""
    key = uuid4()

    def half():
        return actions.pay(by=bob, payment_id=key, amount=1000 * RUPEES, how="cash", visit=done)

    with monkeypatch.context() as patch:
        meanwhile(patch, actions, half)
        assert half() == Payment.objects.get()
    paid = Payment.objects.get()
    with monkeypatch.context() as patch:
        meanwhile(patch, actions, lambda: actions.void(by=bob, payment=paid, why="Not paid."))
        with pytest.raises(ChangedMeanwhile):
            actions.refund(
                by=bob, payment=paid, payment_id=uuid4(), amount=1000 * RUPEES, how="cash",
                why="Too much",
            )  # fmt: skip
    assert queries.balance_of(done.patient).owed > 0
    with monkeypatch.context() as patch:
        meanwhile(
            patch, package_actions,
            lambda: package_actions.undo_sale(by=bob, sale=five, why="Wrong."),
        )  # fmt: skip
        with pytest.raises(ChangedMeanwhile):
            package_actions.use_package(by=bob, visit=done, sale=five)


def test_an_export_that_would_lack_payments_is_not_made(done, bob, monkeypatch) -> None:
    monkeypatch.setattr("filiform.clinic.payments.till.EXPORTED", 1)
    pay(bob, done, 1000)
    assert as_(bob).get("/payments/export/").status_code == 200
    pay(bob, done, 500)
    answer = as_(bob).get("/payments/export/", follow=True)
    assert "Choose a shorter one" in answer.content.decode()


def test_a_receipt_tells_the_service_and_nothing_else_of_the_treatment(done, bob, charlie) -> None:
    pay(bob, done)
    receipt = PaymentReceipt.objects.get()
    text = paper(as_(bob), receipt)
    for told in ("Dry needling", "Rs 2,500", "Amna Siddiqui", f"{receipt.year}/00001", "Cash"):
        assert told in text
    assert as_(bob).get(f"/payments/receipts/{receipt.pk}/?language=ur").content[:5] == b"%PDF-"
    type(charlie).objects.filter(pk=charlie.pk).update(is_front_desk=True)
    assert as_(charlie).get(f"/payments/receipts/{receipt.pk}/").status_code == 404


# --- packages -------------------------------------------------------------------------------------


@pytest.fixture
def five(olga, patient, site, bob) -> PackageSale:
    package = package_actions.offer_package(
        by=olga, name="Two visits", name_ur="", visits=2, price=4000 * RUPEES, valid_days=90
    )
    return package_actions.sell(
        by=bob, patient=patient, package=package, site=site, sale_id=uuid4()
    )


def test_a_package_covers_as_many_visits_as_were_sold_until_its_last_day(
    done, five, bob, alice, site
):
    def another(days: int) -> Visit:
        when = timezone.now() + timedelta(days=days)
        booked = visits.book(
            by=alice, patient=done.patient, practitioner=alice, site=site, planned_at=when
        )
        return priced(booked)

    assert queries.balance_of(done.patient).owed == 6500 * RUPEES  # the visit and the package
    package_actions.use_package(by=bob, visit=done, sale=five)
    package_actions.use_package(by=bob, visit=done, sale=five)  # the same one twice is once
    assert queries.balance_of(done.patient).owed == 4000 * RUPEES
    assert codes(pay(bob, done, 1)) == ["payment-more-than-due"]
    late = another(91)
    assert codes(package_actions.use_package(by=bob, visit=late, sale=five)) == ["package-expired"]
    package_actions.use_package(by=bob, visit=another(3), sale=five)
    third = another(4)
    assert codes(package_actions.use_package(by=bob, visit=third, sale=five)) == ["package-used-up"]
    assert codes(package_actions.undo_sale(by=bob, sale=five, why="x")) == ["sale-in-use"]
    package_actions.give_back_use(by=bob, visit=done, why="came for a talk")
    pay(bob, third, 500)
    assert codes(package_actions.use_package(by=bob, visit=third, sale=five)) == [
        "package-visit-paid"
    ]
    assert queries.sale_account(five).left == 1


def test_a_package_pays_for_nobody_else(five, bob, alice, site) -> None:
    other = patients.register(by=bob, given_name="Zoya", sex="female", birth_date=date(1990, 1, 1))
    visit = priced(
        visits.book(
            by=alice, patient=other, practitioner=alice, site=site, planned_at=timezone.now()
        )
    )
    answer = as_(bob).post(f"/visits/{visit.pk}/payment/package/", {"sale": str(five.pk)})
    assert answer.status_code == 404


# --- the day --------------------------------------------------------------------------------------


def test_the_till_is_counted_against_the_record_and_a_table_runs_no_formula(done, bob) -> None:
    taken = pay(bob, done, 2500)
    actions.refund(
        by=bob, payment=taken, payment_id=uuid4(), amount=500 * RUPEES, how="cash",
        why='=HYPERLINK("http://x","y")',
    )  # fmt: skip
    desk = as_(bob)
    assert "Rs 2,000" in page(desk, "/payments/day/")
    counted = {"counted": "1,900", "day": str(taken.taken_on), "once": str(uuid4())}
    for _tap in range(2):
        desk.post("/payments/day/count/", counted)
    assert CashCount.objects.get().expected == 2000 * RUPEES
    assert "−Rs 100" in page(desk, "/payments/day/")
    rows = list(csv.DictReader(io.StringIO(csv_file(list(Payment.objects.all()))[1:])))
    assert [(row["amount"], row["for"]) for row in rows] == [
        ("2500", "Dry needling"), ("-500", "Dry needling"),
    ]  # fmt: skip
    assert rows[1]["why"].startswith("'=")
    name = desk.get("/payments/export/?first=2026-01-01&last=bogus")["Content-Disposition"]
    assert "payments-2026-01-01-" in name


def test_the_currency_is_chosen_before_the_first_amount(done, bob, olga) -> None:
    owner = as_(olga)
    owner.post("/payments/packages/currency/", {"currency": "EUR"})
    assert queries.currency_of(olga.organisation_id) == "EUR"
    assert queries.account_of(done).account.price is None  # rupees are no euros
    owner.post("/payments/packages/currency/", {"currency": "PKR"})
    pay(bob, done)
    assert codes(actions.set_currency(by=olga, currency="EUR")) == ["currency-fixed"]


# --- the sum of all facts -------------------------------------------------------------------------

STEPS = st.lists(
    st.tuples(
        st.sampled_from(("pay", "pay", "refund", "void", "correct", "use", "off", "price")),
        st.integers(0, 1),
        st.integers(1, 3000),
    ),
    max_size=9,
)


def holding(model):
    """The rows that hold, by reading every row there is."""
    rows = list(model.objects.all())
    gone = {row.replaces_id for row in rows}
    return [row for row in rows if row.pk not in gone and not row.is_void]


def slow_owed(visit: Visit) -> int:
    price = [row.amount for row in holding(VisitPrice) if row.visit_id == visit.pk]
    covered = any(row.visit_id == visit.pk for row in holding(PackageUse))
    paid = sum(row.signed for row in holding(Payment) if row.visit_id == visit.pk)
    return (0 if covered else price[0] if price else 2500 * RUPEES) - paid


def perform(step: str, visit: Visit, amount: int, by, sale) -> int:
    """What the till gained, by the arithmetic of a cash book."""
    rows = [row for row, _receipt in queries.payments_of(visit=visit)]
    last = rows[-1] if rows else None
    amount *= RUPEES
    if step == "pay":
        answer = actions.pay(by=by, payment_id=uuid4(), amount=amount, how="cash", visit=visit)
        return 0 if isinstance(answer, tuple) else amount
    if step == "refund" and last:
        answer = actions.refund(
            by=by, payment=last, payment_id=uuid4(), amount=amount, how="cash", why="x"
        )
        return 0 if isinstance(answer, tuple) else -amount
    if step == "void" and last:
        return 0 if actions.void(by=by, payment=last, why="x") else -last.signed
    if step == "correct" and last:
        answer = actions.correct(by=by, payment=last, amount=amount, how="cash", why="x")
        return 0 if isinstance(answer, tuple) else answer.signed - last.signed
    if step == "use":
        package_actions.use_package(by=by, visit=visit, sale=sale)
    elif step == "off":
        package_actions.give_back_use(by=by, visit=visit, why="x")
    elif step == "price":
        actions.set_price(by=by, visit=visit, amount=amount, why="x")
    return 0


@settings(parent=DATABASE, max_examples=12)
@given(steps=STEPS)
def test_the_balance_is_the_sum_of_all_facts_whatever_was_done(done, five, bob, alice, site, steps):
    with undone_afterwards():
        other = priced(
            visits.book(
                by=alice, patient=done.patient, practitioner=alice, site=site,
                planned_at=timezone.now(),
            )
        )  # fmt: skip
        Visit.objects.filter(pk=other.pk).update(state="done")
        other.refresh_from_db()
        both = (done, other)
        till = sum(perform(step, both[at], amount, bob, five) for step, at, amount in steps)
        owed = {one.visit.pk: one.account.owed for one in queries.visit_accounts(done.patient)}
        assert owed == {visit.pk: slow_owed(visit) for visit in both}
        assert takings(site, five.sold_on).total == till
        found = queries.balance_of(done.patient)
        assert found.net == sum(owed.values()) + five.price
        # The referee reads every visit and every package with all that stands about it.
        bills = [*queries.visit_accounts(done.patient), *queries.sales_of(done.patient)]
        assert found == ledger.balance(one.account for one in bills)
        assert found.owed >= 0
        assert queries.sale_account(five).left == 2 - len(holding(PackageUse))
        # One number for each payment or refund that was ever taken, without a gap.
        numbers = sorted(PaymentReceipt.objects.values_list("number", flat=True))
        taken = Payment.objects.filter(replaces__isnull=True)
        assert numbers == list(range(1, taken.count() + 1))
        assert Counter(PaymentReceipt.objects.values_list("payment", flat=True)) == Counter(
            taken.values_list("origin", flat=True)
        )
