"""What a signature under a letter stands for, as a hash that a later look can make again."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from filiform.clinic.correspondence.models import Letter, LetterSignature


def digest_of(letter: Letter, *, signed_by: UUID, signed_at: datetime) -> str:
    """SHA-256 in hexadecimal digits, over canonical JSON: what the letter says, to whom, about
    whom, in which language, who signed it and when."""
    content = {
        "letter": str(letter.root),
        "patient": str(letter.patient_id),
        "kind": letter.kind,
        "language": letter.language,
        "to": [letter.to_name, letter.to_place],
        "diagnosis": letter.diagnosis,
        "sentences": [[one["part"], one["text"], one["by"]] for one in letter.sentences],
        "by": str(signed_by),
        # PostgreSQL and SQLite give a moment back in different zones.
        "at": signed_at.astimezone(UTC).isoformat(),
    }
    # One text for one content: another order or a blank would be another hash.
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def is_intact(signature: LetterSignature) -> bool:
    """Whether the letter still says what was signed."""
    made = digest_of(
        signature.letter, signed_by=signature.signed_by_id, signed_at=signature.signed_at
    )
    return made == signature.digest
