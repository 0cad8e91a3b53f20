"""What was composed and may be shown again: the entries used last, up to a size."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, Generic, TypeVar
from weakref import WeakSet

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

_ALL: WeakSet[Keep[Any, Any]] = WeakSet()


class Keep(Generic[K, V]):
    """A dictionary in memory that forgets what was used longest ago. Safe among threads.

    largest: the sum of what `size` says of the entries; without it, their number.
    """

    def __init__(self, largest: int, size: Callable[[V], int] = lambda _value: 1) -> None:
        self.largest = largest
        self._size = size
        self._entries: OrderedDict[K, V] = OrderedDict()
        self._sum = 0
        self._lock = Lock()
        _ALL.add(self)

    def get(self, name: K) -> V | None:
        with self._lock:
            value = self._entries.get(name)
            if value is not None:
                self._entries.move_to_end(name)
            return value

    def put(self, name: K, value: V) -> None:
        with self._lock:
            # Popped, so that what is put again counts as used last.
            former = self._entries.pop(name, None)
            self._sum += self._size(value) - (self._size(former) if former is not None else 0)
            self._entries[name] = value
            while self._sum > self.largest:
                _name, oldest = self._entries.popitem(last=False)
                self._sum -= self._size(oldest)

    def clear(self) -> None:
        with self._lock:
            self._entries.clear()
            self._sum = 0

    def __len__(self) -> int:
        return len(self._entries)


def forget_everything() -> None:
    """Empty every keep of this process: pages are composed anew."""
    for keep in list(_ALL):
        keep.clear()
