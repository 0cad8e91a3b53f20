"""Addresses of the room."""

from __future__ import annotations

from django.urls import URLPattern, path

from filiform.clinic.supplies.views import sharps, shelf

app_name = "supplies"
urlpatterns: list[URLPattern] = [
    path("supplies/", shelf.shelf, name="shelf"),
    path("supplies/needle/", shelf.product, name="product"),
    path("supplies/receive/", shelf.receive, name="receive"),
    path("supplies/lots/<uuid:lot_id>/count/", shelf.count, name="count"),
    path("supplies/sharps/", sharps.sharps, name="sharps"),
    path("supplies/sharps/<uuid:container_id>/", sharps.container, name="container"),
    path("supplies/needlesticks/", sharps.needlesticks, name="needlesticks"),
    path("supplies/needlesticks/<uuid:needlestick_id>/<str:step>/", sharps.step, name="step"),
]
