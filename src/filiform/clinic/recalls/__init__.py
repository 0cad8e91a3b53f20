"""Recall of a lot: every needle, treatment and patient of it, who was told, letters, drills."""
