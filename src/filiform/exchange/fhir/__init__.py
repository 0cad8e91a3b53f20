"""FHIR R4, both ways; reading is liberal, and tells what it could not read."""

from filiform.exchange.fhir.bundle import read_bundle
from filiform.exchange.fhir.errors import BundleError
from filiform.exchange.fhir.model import LeftOut, ReadBundle, ReadPatient, Unread

__all__ = ["BundleError", "LeftOut", "ReadBundle", "ReadPatient", "Unread", "read_bundle"]
