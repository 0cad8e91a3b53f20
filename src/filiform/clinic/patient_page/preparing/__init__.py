"""What a patient answers at home before a visit: one question at a time, kept at every step."""
