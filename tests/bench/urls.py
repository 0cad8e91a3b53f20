"""The clinic's addresses and the yardstick's."""

from django.urls import include, path
from tests.bench.yardstick import page

from filiform.clinic.urls import handler400, handler403, handler404, handler500

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

urlpatterns = [
    path("bench/yardstick/", page, name="yardstick"),
    path("", include("filiform.clinic.urls")),
]
