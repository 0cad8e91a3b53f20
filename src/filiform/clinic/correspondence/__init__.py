"""Letters about a patient to somebody outside: composed from the record, edited, signed, sent."""
