"""What can go wrong while reading a record that others wrote."""

from __future__ import annotations


class BundleError(ValueError):
    """The input cannot be used at all; the message fits on one line."""


class ResourceError(ValueError):
    """One resource cannot be read; the message says why, and the others are read on."""
