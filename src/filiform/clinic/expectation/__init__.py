"""What to expect after needling: the band of the model, with what was measured over it."""
