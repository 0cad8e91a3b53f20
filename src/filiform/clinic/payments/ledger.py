"""What is owed for a visit or a package. Pure: rows in, accounts out.

    owed = what it costs (nothing, while it is not due, or when a package covers it) − what was paid

Every amount is in the smallest unit of one currency; a negative `owed` was paid ahead.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

Key = TypeVar("Key")


@dataclass(frozen=True)
class Bill(Generic[Key]):
    """price: None where nobody has said one. is_due: the visit has begun, or a price was set for it
    by hand. covered: by a package."""

    key: Key
    price: int | None
    paid: int = 0
    is_due: bool = True
    covered: bool = False

    @property
    def costs(self) -> int:
        return 0 if self.covered or self.price is None else self.price

    @property
    def owed(self) -> int:
        # What was paid ahead is below zero until the visit begins.
        return (self.costs if self.is_due else 0) - self.paid

    @property
    def to_pay(self) -> int:
        """What may still be paid, also ahead of the visit."""
        return max(0, self.costs - self.paid)


@dataclass(frozen=True)
class Balance:
    """Of one person. owed and ahead are never set off against one another: what was paid for next
    week's visit does not pay for today's."""

    owed: int
    ahead: int

    @property
    def net(self) -> int:
        return self.owed - self.ahead


def balance(accounts: Iterable[Bill[Key]]) -> Balance:
    open_ones = [account.owed for account in accounts]
    return Balance(
        owed=sum(one for one in open_ones if one > 0),
        ahead=-sum(one for one in open_ones if one < 0),
    )
