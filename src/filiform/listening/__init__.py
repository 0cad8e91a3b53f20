"""What somebody wrote, heard for words of danger: English, Urdu and Urdu in Latin letters."""

from filiform.listening.hearing import Heard, hear, urgency_of

__all__ = ["Heard", "hear", "urgency_of"]
