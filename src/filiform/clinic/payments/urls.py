"""Addresses of the room."""

from __future__ import annotations

from django.urls import path

from filiform.clinic.payments.views import account, desk, packages, payment, takings, visit

app_name = "payments"
urlpatterns = [
    path("payments/", desk.desk, name="desk"),
    path("payments/day/", takings.takings, name="takings"),
    path("payments/day/count/", takings.count, name="count"),
    path("payments/export/", takings.export, name="export"),
    path("payments/packages/", packages.packages, name="packages"),
    path("payments/packages/currency/", packages.currency, name="currency"),
    path("payments/packages/<uuid:package_id>/end/", packages.end, name="package-end"),
    path("payments/receipts/<uuid:receipt_id>/", payment.receipt, name="receipt"),
    path("payments/sales/<uuid:sale_id>/", account.sale, name="sale"),
    path("payments/sales/<uuid:sale_id>/pay/", account.pay_sale, name="sale-pay"),
    path("payments/sales/<uuid:sale_id>/undo/", account.undo_sale, name="sale-undo"),
    path("payments/<uuid:payment_id>/", payment.payment, name="payment"),
    path("payments/<uuid:payment_id>/refund/", payment.refund, name="refund"),
    path("payments/<uuid:payment_id>/correct/", payment.correct, name="correct"),
    path("payments/<uuid:payment_id>/void/", payment.void, name="void"),
    path("visits/<uuid:visit_id>/payment/", visit.visit_money, name="visit"),
    path("visits/<uuid:visit_id>/payment/tap/", desk.one_tap, name="one-tap"),
    path("visits/<uuid:visit_id>/payment/pay/", visit.pay, name="pay"),
    path("visits/<uuid:visit_id>/payment/price/", visit.price, name="price"),
    path("visits/<uuid:visit_id>/payment/package/", visit.use_package, name="use"),
    path("visits/<uuid:visit_id>/payment/package/off/", visit.give_back_use, name="use-off"),
    path("patients/<uuid:patient_id>/account/", account.account, name="account"),
    path("patients/<uuid:patient_id>/account/sell/", account.sell, name="sell"),
]
