"""Whether a consent counts now, as the pathway asks it."""

from __future__ import annotations

from filiform.clinic.consent import queries
from filiform.clinic.consent.models import Consent
from filiform.clinic.visits.models import Visit


def valid_consent(visit: Visit) -> Consent | None:
    """The consent against which nothing speaks: not withdrawn, and it covers all targets."""
    return None if queries.reasons_against(visit) else queries.last_consent(visit)
