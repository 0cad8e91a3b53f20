"""Why a call cannot be answered."""

from __future__ import annotations


class CdsRefusal(Exception):
    """A call that cannot be answered: its HTTP status and one line that says what is needed.

    400: the call is not one of CDS Hooks. 412: data is missing and cannot be fetched.
    422: the call is well formed, and its content contradicts itself or cannot be read.
    The line names fields, kinds and keys; it never repeats what stands in the patient's record.
    """

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
