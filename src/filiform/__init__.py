"""Filiform, the clinical system for dry needling."""

__version__ = "0.1.0"
