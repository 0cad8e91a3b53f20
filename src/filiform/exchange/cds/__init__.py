"""CDS Hooks 2.0: the answers of screening as cards for any hospital record. No network here."""

from filiform.exchange.cds.answering import CdsAnswer, respond
from filiform.exchange.cds.feedback import Feedback, read_feedback
from filiform.exchange.cds.refusal import CdsRefusal
from filiform.exchange.cds.request import HookRequest, read_request
from filiform.exchange.cds.services import SERVICES, Service, discovery

__all__ = [
    "SERVICES",
    "CdsAnswer",
    "CdsRefusal",
    "Feedback",
    "HookRequest",
    "Service",
    "discovery",
    "read_feedback",
    "read_request",
    "respond",
]
