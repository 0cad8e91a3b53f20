"""Rules that belong together for those who ask "is there a blood thinner?", whichever it is."""

from __future__ import annotations

BLOOD_THINNERS = frozenset(
    {
        "anticoagulant-deep",
        "anticoagulant-vka",
        "anticoagulant-doac",
        "heparin",
        "thrombolysis-recent",
        "antiplatelet-single",
        "antiplatelet-dual",
    }
)
"""Rules that mean a blood thinner (safety.md, A2)."""

PREGNANCY = frozenset({"pregnancy-t1", "pregnancy-t2t3", "pregnancy-risk"})
"""Rules that mean a pregnancy (safety.md, A6)."""
