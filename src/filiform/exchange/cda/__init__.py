"""HL7 CDA (C-CDA and its relatives) → a FHIR Bundle, which is then read like any other.

One path from a record to facts: what a Procedure or a negated allergy proves is decided in
`exchange.fhir`, whatever form it came in.
"""

from filiform.exchange.cda.document import from_cda, is_cda

__all__ = ["from_cda", "is_cda"]
