"""Where a visit and a patient stand: what is next, what is missing, what forbids a needle."""
