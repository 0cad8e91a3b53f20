"""The states of a visit as a page of the documentation; a test keeps docs/reference/states.md
equal to it, and says how to write it anew."""

from __future__ import annotations

from filiform.clinic.visits.models import STATES
from filiform.clinic.visits.transitions import DESK_TRANSITIONS, TREATING_TRANSITIONS
from filiform.clinic.visits.vocabulary import STATES_IN_WORDS

HEAD = """# The states of a visit

Made from the table `STATES` in `src/filiform/clinic/visits/models.py`. A transition that is not
in the table is refused in words. Whoever books may note arrivals, departures, missed and
cancelled visits; the practitioner begins a visit and ends one without needles; needles in, to sign
and done after needling are transitions of the treatment itself. From the start of needling to the
signature nobody moves the visit by hand, and the treatment puts it where the needles are from
whatever state: [what the tablet keeps](../explanation/the-tablet.md).
"""


def states_page() -> str:
    """The whole text of docs/reference/states.md."""
    lines = [HEAD, "```mermaid", "stateDiagram-v2", "    [*] --> booked"]
    for state, after in STATES.items():
        key = state.replace("-", "_")
        lines.append(f'    state "{STATES_IN_WORDS[state]}" as {key}')
        lines += [f"    {key} --> {to.replace('-', '_')}" for to in sorted(after)]
        if not after:
            lines.append(f"    {key} --> [*]")
    lines += ["```", "", "| state | in words | may go to | who changes it by hand |"]
    lines.append("|---|---|---|---|")
    for state, after in STATES.items():
        to = ", ".join(f"`{one}`" for one in sorted(after)) or "nothing: it is over"
        lines.append(f"| `{state}` | {STATES_IN_WORDS[state]} | {to} | {_who(state)} |")
    return "\n".join(lines) + "\n"


def _who(state: str) -> str:
    if state in DESK_TRANSITIONS:
        return "whoever books"
    return "the practitioner" if state in TREATING_TRANSITIONS else "nobody: the treatment does"
