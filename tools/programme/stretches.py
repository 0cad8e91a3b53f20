"""Computes which posture lengthens a muscle most: python tools/programme/stretches.py

Needs requirements/stretches.txt (mujoco, musclemimic-models); nothing of it reaches users. The
model is MuscleMimic's `myofullbody` (Apache-2.0): bones, joints and the paths of 416 fibres, put
together from published OpenSim models. Only lengths of paths are read; no forces are simulated.

Writes programme/data/computed_stretches.tsv and docs/reference/computed-stretches.md. What comes
out is the same every time: a search over whole degrees from fixed beginnings.
"""

from __future__ import annotations

import fnmatch
import sys
import tomllib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import mujoco
import musclemimic_models
import numpy as np

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "src"))
from filiform.anatomy import atlas  # noqa: E402
from filiform.programme.knowledge import knowledge  # noqa: E402

HERE = Path(__file__).parent
DATA = ROOT / "src/filiform/programme/data/computed_stretches.tsv"
REPORT = ROOT / "docs/reference/computed-stretches.md"
COARSE_DEG, ROUNDS = 15, 4
AGREES = 0.75
"""A posture agrees that reaches this share of the largest lengthening (design value)."""
MATTERS_PERCENT = 1.0
"""A joint that changes the length by less than this is left where it rests."""
NEIGHBOUR_PERCENT = 3.0


@dataclass(frozen=True)
class Joint:
    """A movement: the model's joint, and its normal range in degrees, narrowed to the model's own.

    less, more: what going down and up is called.
    """

    name: str
    joint: str
    low: float
    high: float
    less: str
    more: str


@dataclass(frozen=True)
class Told:
    """stretches.toml beside this file: joints, fibres of each muscle, textbook postures."""

    joints: dict[str, Joint]
    fibres: dict[str, list[str]]
    textbook: dict[str, dict[str, float]]


def read() -> Told:
    """Raises KeyError or TypeError on a malformed row."""
    told = tomllib.loads((HERE / "stretches.toml").read_text("utf-8"))
    return Told(
        {name: Joint(name, **row) for name, row in told["joint"].items()},
        told["fibres"],
        told["textbook"],
    )


class Body:
    """The model, bent by joints in degrees; everything that hangs on a joint follows."""

    def __init__(self, told: Told) -> None:
        self.model, self.data = musclemimic_models.load("myofullbody")
        self.told = told
        self.names = [self.model.actuator(i).name for i in range(self.model.nu)]
        self.tendon = self.model.actuator_trnid[:, 0]
        self.rest = self.model.qpos0.copy()
        model = self.model
        self.follows = [
            (model.eq_obj1id[i], model.eq_obj2id[i], model.eq_data[i, :5])
            for i in range(model.neq)
            if model.eq_type[i] == mujoco.mjtEq.mjEQ_JOINT and model.eq_obj2id[i] >= 0
        ]
        self.at = {name: model.joint(j.joint).qposadr[0] for name, j in told.joints.items()}
        self.joints = {name: self._narrowed(j) for name, j in told.joints.items()}

    def _narrowed(self, joint: Joint) -> tuple[float, float]:
        low, high = np.degrees(self.model.joint(joint.joint).range)
        return float(np.ceil(max(low, joint.low) - 0.01)), float(
            np.floor(min(high, joint.high) + 0.01)
        )

    def lengths(self, posture: dict[str, float]) -> np.ndarray:
        """Length of every fibre in metres."""
        qpos = self.rest.copy()
        for name, degrees in posture.items():
            qpos[self.at[name]] = np.radians(degrees)
        # Twice: what follows may itself be followed.
        for _ in range(2):
            for one, two, poly in self.follows:
                a, b = self.model.jnt_qposadr[one], self.model.jnt_qposadr[two]
                x = qpos[b] - self.model.qpos0[b]
                qpos[a] = self.model.qpos0[a] + sum(c * x**k for k, c in enumerate(poly))
        self.data.qpos[:] = qpos
        mujoco.mj_kinematics(self.model, self.data)
        mujoco.mj_comPos(self.model, self.data)
        mujoco.mj_tendon(self.model, self.data)
        return self.data.ten_length[self.tendon].copy()

    @cached_property
    def neutral(self) -> np.ndarray:
        return self.lengths({})

    def fibres(self, muscle: str) -> list[int]:
        """Numbers of the fibres of one of our muscles. Raises ValueError for a pattern of none."""
        found = []
        for pattern in self.told.fibres[muscle]:
            some = [i for i, name in enumerate(self.names) if fnmatch.fnmatchcase(name, pattern)]
            if not some:
                raise ValueError(f"stretches.toml: no fibre {pattern!r} for {muscle}")
            found += some
        return found

    def percent(self, muscle: str, posture: dict[str, float]) -> float:
        """How much longer the muscle is than in the anatomical position: its fibres' mean."""
        return self._percent(self.fibres(muscle), self.lengths(posture))

    def _percent(self, fibres: list[int], lengths: np.ndarray) -> float:
        return float(100 * (lengths[fibres] / self.neutral[fibres] - 1).mean())


def allowed(posture: dict[str, float]) -> bool:
    """Normal movement of joints that limit each other: an arm goes back 60 degrees, not 180."""
    plane, raised = posture.get("arm-plane", 0.0), posture.get("arm-raised", 0.0)
    if plane < 0 and raised > 90 - 30 * (-plane / 90):
        return False
    # Rectus femoris and hamstrings end both joints' range together: no heel to buttock behind.
    return not (posture.get("hip-flexion", 0.0) < -10 and posture.get("knee-flexion", 0.0) > 110)


def best(body: Body, muscle: str) -> dict[str, float]:
    """The posture in whole degrees that lengthens a muscle most, joint after joint in turns."""
    fibres = body.fibres(muscle)
    movable = [n for n, (low, high) in body.joints.items() if _moves(body, fibres, n, low, high)]
    found: dict[str, float] = {}
    most = 0.0
    for start in _beginnings(body, movable):
        posture = dict(start)
        now = body._percent(fibres, body.lengths(posture)) if allowed(posture) else -1e9
        for step in (COARSE_DEG, 5, 1):
            for _ in range(ROUNDS):
                before = now
                for name in movable:
                    posture, now = _along(body, fibres, posture, name, step, now)
                if now < before + 0.01:
                    break
        if now > most + 0.05:
            found, most = posture, now
    return _plain(body, fibres, found, most)


def _moves(body: Body, fibres: list[int], name: str, low: float, high: float) -> bool:
    some = [body._percent(fibres, body.lengths({name: x})) for x in (low, 0.0, high)]
    # A turned arm shows what turning does; hanging down it shows nothing.
    some += [
        body._percent(fibres, body.lengths({name: x, "arm-raised": 80.0})) for x in (low, high)
    ]
    if name == "arm-raised":
        return max(some) - min(some) > 0.2
    raised = [some[3], some[4], body._percent(fibres, body.lengths({"arm-raised": 80.0}))]
    return max(some[:3]) - min(some[:3]) > 0.2 or max(raised) - min(raised) > 0.2


def _beginnings(body: Body, movable: list[str]) -> list[dict[str, float]]:
    if "arm-raised" not in movable:
        return [{}]
    return [
        {"arm-plane": float(p), "arm-raised": float(r)}
        for p, r in ((0, 0), (0, 90), (90, 90), (130, 80), (-60, 45), (60, 170))
    ]


def _along(
    body: Body, fibres: list[int], posture: dict[str, float], name: str, step: int, now: float
) -> tuple[dict[str, float], float]:
    low, high = body.joints[name]
    if step == COARSE_DEG:
        tries = [*np.arange(low, high, step), high, 0.0]
    else:
        tries = [posture.get(name, 0.0) + step * k for k in (-3, -2, -1, 1, 2, 3)]
    for x in tries:
        x = float(np.clip(x, low, high))
        other = posture | {name: x}
        if not allowed(other):
            continue
        value = body._percent(fibres, body.lengths(other))
        if value > now + 1e-6:
            posture, now = other, value
    return posture, now


def _plain(
    body: Body, fibres: list[int], posture: dict[str, float], most: float
) -> dict[str, float]:
    """Without what adds nearly nothing: nobody turns a wrist for half a percent."""
    for name in sorted(
        posture,
        key=lambda n: (
            most - body._percent(fibres, body.lengths({k: v for k, v in posture.items() if k != n}))
        ),
    ):
        fewer = {k: v for k, v in posture.items() if k != name}
        if most - body._percent(fibres, body.lengths(fewer)) < min(MATTERS_PERCENT, 0.1 * most):
            posture, most = fewer, body._percent(fibres, body.lengths(fewer))
    return {name: posture[name] for name in body.joints if round(posture.get(name, 0.0))}


def said(body: Body, posture: dict[str, float]) -> str:
    """ "hip flexion 90, knee extension 0" in the joints' own words."""
    parts = []
    for name, degrees in posture.items():
        joint = body.told.joints[name]
        parts.append(f"{joint.more if degrees > 0 else joint.less} {abs(round(degrees))}")
    return ", ".join(parts)


COLUMNS = (
    "muscle_id",
    "stretch_id",
    "fibres",
    "posture",
    "lengthening_percent",
    "textbook_percent",
    "share",
    "verdict",
    "neighbours",
)


def row_of(body: Body, muscle: str, percents: dict[str, list[int]]) -> dict[str, str]:
    """The table's row of one muscle that the model has."""
    stretch = knowledge().stretch_of[muscle].id
    posture = best(body, muscle)
    lengths = body.lengths(posture)
    own = body._percent(body.fibres(muscle), lengths)
    others = {m: body._percent(f, lengths) for m, f in percents.items() if m != muscle}
    near = sorted(
        (m for m, p in others.items() if p >= NEIGHBOUR_PERCENT),
        key=lambda m: (-round(others[m], 1), m),
    )
    row = {
        "muscle_id": muscle,
        "stretch_id": stretch,
        "fibres": str(len(body.fibres(muscle))),
        "posture": said(body, posture),
        "lengthening_percent": f"{own:.1f}",
        "textbook_percent": "",
        "share": "",
        "verdict": "textbook not in the model",
        "neighbours": ";".join(f"{m}={others[m]:.0f}" for m in near[:5]),
    }
    if stretch in body.told.textbook:
        clipped = {
            n: float(np.clip(x, *body.joints[n])) for n, x in body.told.textbook[stretch].items()
        }
        told = body.percent(muscle, clipped)
        row["textbook_percent"] = f"{told:.1f}"
        row["share"] = f"{told / own:.2f}" if own > 0 else ""
        # Half a percent of a path is below what such a model can tell.
        row["verdict"] = "agrees" if told >= min(AGREES * own, own - 0.5) else "differs"
    return row


TITLES = {
    "differs": "Where they disagree",
    "agrees": "Where they agree",
    "textbook not in the model": "Computed alone",
}


def report(rows: list[dict[str, str]]) -> str:
    """The page for readers: computed against textbook, disagreements first."""
    names = {muscle: one.name.en for muscle, one in atlas().muscles.items()}
    have = [r for r in rows if r["fibres"]]
    count = {v: sum(r["verdict"] == v for r in have) for v in ("agrees", "differs")}
    lacking = [names[r["muscle_id"]] for r in rows if not r["fibres"]]
    share = round(100 * AGREES)
    parts = [HEAD.format(all=len(rows), have=len(have), lack=len(lacking), share=share, **count)]
    for verdict, title in TITLES.items():
        lines = [_line(r, names) for r in have if r["verdict"] == verdict]
        if lines:
            parts += [
                f"\n## {title}\n\n",
                "| muscle | computed | longer by | our posture | longer by | lengthened too |\n",
                "|---|---|---|---|---|---|\n",
                *lines,
            ]
    parts.append(
        "\n## Not in the model, or not openly licensed\n\nTheir posture stays as it was authored: "
    )
    return "".join(parts) + ", ".join(lacking) + ".\n"


def _line(row: dict[str, str], names: dict[str, str]) -> str:
    pairs = [one.split("=") for one in row["neighbours"].split(";") if one]
    cells = (
        names[row["muscle_id"]],
        row["posture"] or "no joint lengthens it",
        f"{row['lengthening_percent']} %",
        row["stretch_id"],
        f"{row['textbook_percent']} %" if row["textbook_percent"] else "",
        ", ".join(f"{names[muscle]} {percent} %" for muscle, percent in pairs),
    )
    return "| " + " | ".join(cells) + " |\n"


HEAD = (HERE / "stretches-head.md").read_text("utf-8")


def main() -> None:
    """Writes the table and the report."""
    told = read()
    body = Body(told)
    known = knowledge().stretch_of
    unknown = set(told.fibres) - set(known)
    if unknown:
        raise SystemExit(f"stretches.toml: no such muscles: {sorted(unknown)}")
    numbers = {muscle: body.fibres(muscle) for muscle in told.fibres}
    rows = []
    # In the atlas' order: sets have another one in every process.
    for muscle in atlas().muscles:
        if muscle in told.fibres:
            rows.append(row_of(body, muscle, numbers))
        else:
            told_of = {"muscle_id": muscle, "stretch_id": known[muscle].id}
            rows.append(dict.fromkeys(COLUMNS, "") | told_of | {"verdict": "not in the model"})
    lines = ["\t".join(COLUMNS), *("\t".join(row[c] for c in COLUMNS) for row in rows)]
    DATA.write_text("\n".join(lines) + "\n", "utf-8")
    REPORT.write_text(report(rows), "utf-8")
    sys.stdout.write(f"{len(rows)} muscles, {sum(bool(r['fibres']) for r in rows)} in the model\n")


if __name__ == "__main__":
    main()
