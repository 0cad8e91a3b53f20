"""FHIR R4, both ways; reading is liberal, and tells what it could not read."""

from filiform.exchange.fhir.bundle import read_bundle
from filiform.exchange.fhir.drawing import ReadDrawing, drawing_resources, read_drawings
from filiform.exchange.fhir.errors import BundleError
from filiform.exchange.fhir.model import LeftOut, ReadBundle, ReadPatient, Unread

__all__ = [
    "BundleError",
    "LeftOut",
    "ReadBundle",
    "ReadDrawing",
    "ReadPatient",
    "Unread",
    "drawing_resources",
    "read_bundle",
    "read_drawings",
]
