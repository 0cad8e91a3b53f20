"""When a message may go, through what, and when it is tried again. Values in, values out."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

BACKOFF = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=20),
    timedelta(hours=1),
    timedelta(hours=4),
)
"""After the first, second ... try that was not taken; after the last one it has failed."""
CHANNELS = ("whatsapp", "sms", "email")
"""In the order in which they are tried for somebody who wished for none."""
# Both are design values.


@dataclass(frozen=True)
class QuietHours:
    """From an hour in the evening to one in the morning nothing is sent that can wait. Equal hours
    are none."""

    begin: time
    end: time

    def is_quiet(self, moment: datetime, zone: ZoneInfo) -> bool:
        clock = moment.astimezone(zone).time()
        if self.begin <= self.end:
            return self.begin <= clock < self.end
        return clock >= self.begin or clock < self.end

    def after(self, moment: datetime, zone: ZoneInfo) -> datetime:
        """The moment itself, or the end of the quiet hours that it falls in."""
        if not self.is_quiet(moment, zone):
            return moment
        local = moment.astimezone(zone)
        end = datetime.combine(local.date(), self.end, zone)
        return (
            end
            if end > moment
            else datetime.combine(local.date() + timedelta(days=1), self.end, zone)
        )


def again_at(now: datetime, tries: int) -> datetime | None:
    """When a message is tried again after so many tries; None when that was the last one."""
    return now + BACKOFF[tries - 1] if tries <= len(BACKOFF) else None


def channel_for(wish: str, *, has_phone: bool, has_email: bool, configured: Collection[str]) -> str:
    """Through what a message goes: the wish where it can be had, else the first that can; "hand"
    for a person's tap where nothing can; "none" for who wants nothing.
    """
    if wish == "none":
        return "none"
    can = [
        one
        for one in CHANNELS
        if one in configured and (has_email if one == "email" else has_phone)
    ]
    if wish in can:
        return wish
    return can[0] if can else "hand"


RANK = {"waiting": 0, "sending": 1, "failed": 2, "sent": 2, "delivered": 3, "answered": 4}


def reported(state: str, report: str) -> str:
    """The state after a delivery report, which may come late, twice or out of order.

    Nothing goes back: a "failed" about what was delivered is one of an earlier attempt.
    """
    if report == "failed":
        return "failed" if state in ("sending", "sent", "failed") else state
    if state not in RANK or report not in RANK:
        return state
    # What was held for failed (cut off, too slow) and is reported after all did go.
    return report if RANK[report] > RANK[state] or state == "failed" else state
