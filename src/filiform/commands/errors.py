"""The one error with which a command refuses its input."""

from __future__ import annotations


class InputError(Exception):
    """The input cannot be used: what was got, what is allowed. One line; exit status 2."""

    def __init__(self, message: str) -> None:
        # Errors of other libraries come in several lines; scripts read ours as one.
        super().__init__(" ".join(message.split()))
