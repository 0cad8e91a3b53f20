"""FHIR, both ways; reading is liberal, and tells what it could not read.

Records are read by `read_bundle`; drawings go both ways in `exchange.fhir.drawing`, which is not
imported here: it needs the body's surface, and a record is screened without one.
"""

from filiform.exchange.fhir.bundle import read_bundle
from filiform.exchange.fhir.errors import BundleError
from filiform.exchange.fhir.model import LeftOut, ReadBundle, ReadPatient, Unread

__all__ = ["BundleError", "LeftOut", "ReadBundle", "ReadPatient", "Unread", "read_bundle"]
