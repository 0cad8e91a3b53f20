"""The model written a second time, by hand, for SciPy: slow, obvious, and the referee.

Nothing here reads the SBML file: an error in the Antimony text or in its export shows as a
difference. `rates` works on one patient or on many side by side (NumPy arrays per state).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import solve_ivp

Numbers = NDArray[np.float64]

STATES = (
    "endplates_sound", "endplates_dysfunctional", "endplates_silenced", "endplate_noise",
    "sarcomeres_relaxed", "sarcomeres_contracted", "stiffness", "dilation", "oxygen",
    "atp", "adp", "acid", "fibres_intact", "fibres_injured", "fibres_regenerating",
    "inflammation", "substance_p", "cgrp", "bradykinin", "tnf_alpha", "il_1beta", "il_6",
    "serotonin", "noradrenaline", "sensitisation", "central", "gating", "opioid",
)  # fmt: skip


class Values(dict):
    """Parameters by name, as attributes."""

    __getattr__ = dict.__getitem__


def perfusion(p: Values, contracted: Numbers, noradrenaline: Numbers, dilation: Numbers) -> Numbers:
    half = p.squeeze_half**2
    rest = p.contracted_at_rest**2
    opened = p.capillaries_never_closed + (1 - p.capillaries_never_closed) * (half + rest) / (
        half + contracted * contracted
    )
    tone = 1 + p.constriction * (
        noradrenaline / (noradrenaline + p.noradrenaline_half) - 1 / (1 + p.noradrenaline_half)
    )
    return (
        opened * (1 + dilation + p.flow_by_exercise * p.exercise + p.flow_by_heat * p.heat) / tone
    )


def rates(y: Numbers, p: Values) -> Numbers:
    """Rates per hour; y has one row per state, and a column per patient where there are many."""
    (sound, bad, silent, noise, relaxed, contracted, stiff, dilation, oxygen, atp, adp, acid,
     _intact, injured, regen, inflam, sp, cgrp, bk, tnf, il1, il6, ht, ne, sens, central,
     gating, opioid) = y  # fmt: skip
    acid2 = acid * acid
    onset = (
        p.k_dysfunction
        * p.load
        * p.usual_load
        * (p.crisis_at_rest + acid2 * acid2 / (p.crisis_half**4 + acid2 * acid2))
        * sound
    )
    recovery = p.k_recovery * (1 + p.recovery_by_exercise * p.exercise) * bad
    repair = p.k_reinnervation * silent
    esterase = (1 + p.esterase_acid) / (1 + p.esterase_acid * acid)
    leak = p.endplate_leak * bad * (1 + p.leak_by_cgrp * cgrp / (cgrp + p.cgrp_half))
    contracture = contracted / p.contracted_at_rest
    energy2 = (atp / p.atp_at_rest) ** 2
    energy4 = energy2 * energy2
    half4 = p.pump_half**4
    bind = (
        p.k_relaxation
        * p.contracted_at_rest
        / (1 - p.contracted_at_rest)
        * (1 + p.contraction_by_noise * (noise - 1))
        * relaxed
    )
    release = (
        p.k_relaxation
        * ((1 + half4) * energy4 / (half4 + energy4))
        * (1 + p.relaxation_by_stretch * p.stretching + p.relaxation_by_heat * p.heat)
        * contracted
    )
    flow = perfusion(p, contracted, ne, dilation)
    work = 1 - p.contraction_cost + p.contraction_cost * contracture
    used = (p.oxygen_arterial - 1) * work * (1 + p.oxygen_half) * oxygen / (p.oxygen_half + oxygen)
    full = p.k_atp * p.atp_at_rest / (1 - p.atp_at_rest) * adp
    oxidative = (1 + p.mitochondria_half) * oxygen / (p.mitochondria_half + oxygen)
    charge = (
        full * ((1 - p.glycolytic_share) * oxidative + p.glycolytic_share) - p.k_atp * work * atp
    )
    exchange = 2 * flow / (1 + flow)
    washout = p.washout_at_rest + (1 - p.washout_at_rest) * exchange
    half = p.distress_half**2
    distress = acid2 / (half + acid2) - 1 / (half + 1)
    cells = (injured + regen) * (1 + p.reinfiltration * regen * regen)
    nerve = sens - p.sensitisation_at_rest
    clear = p.clearance_at_rest + (1 - p.clearance_at_rest) * exchange
    irritation4 = ((sp + cgrp + bk + tnf + il1 + il6 + ht + ne + acid) / p.nine) ** 2
    irritation4 = irritation4 * irritation4
    return np.array([
        recovery + repair - onset,
        onset - recovery,
        -repair,
        p.k_acetylcholine * (1 + leak - esterase * noise),
        release - bind,
        bind - release,
        p.k_stiffness * (1 + p.stiffening * (contracture - 1) - stiff),
        -p.k_dilation * dilation,
        p.k_oxygen * (flow * (p.oxygen_arterial - oxygen) - used),
        charge,
        -charge,
        p.k_acid * (adp / (1 - p.atp_at_rest) - washout * acid),
        p.k_regeneration * regen,
        -p.k_cleaning * injured,
        p.k_cleaning * injured - p.k_regeneration * regen,
        p.k_inflammation * (injured * (1 + p.reinjury * regen) - inflam),
        p.k_neuropeptide * (1 + p.substance_p_release * nerve - clear * sp),
        p.k_neuropeptide * (1 + p.cgrp_release * nerve - clear * cgrp),
        p.k_bradykinin
        * (1 + p.bradykinin_release * distress + p.bradykinin_by_injury * inflam - clear * bk),
        p.k_cytokine
        * (1 + p.cytokine_release * distress + p.tnf_alpha_by_injury * cells - clear * tnf),
        p.k_cytokine
        * (1 + p.cytokine_release * distress + p.interleukin_by_injury * cells - clear * il1),
        p.k_interleukin_6
        * (1 + p.cytokine_release * distress + p.interleukin_by_injury * cells - clear * il6),
        p.k_amine * (1 + p.serotonin_release * distress - clear * ht),
        p.k_amine * (1 + p.noradrenaline_release * nerve - clear * ne),
        p.k_sensitisation * (irritation4 / (p.irritation_half**4 + irritation4) - sens),
        p.k_central * (p.central_own + p.central_by_pain * sens - central),
        -p.k_gating * gating,
        p.k_opioid * (1 + p.opioid_by_exercise * p.exercise - opioid),
    ])  # fmt: skip


def needled(y: Numbers, p: Values) -> Numbers:
    """The states just after one session."""
    s = dict(zip(STATES, y, strict=True))
    silencing = 1 - np.exp(
        -p.silencing_by_insertion * p.insertions - p.silencing_by_twitch * p.twitches
    )
    loosened = 1 - np.exp(-p.release_by_insertion * p.insertions - p.release_by_twitch * p.twitches)
    wash = 1 - np.exp(-p.wash_by_insertion * p.insertions - p.wash_by_twitch * p.twitches)
    injury = 1 - np.exp(-p.injury_by_insertion * p.insertions - p.injury_by_twitch * p.twitches)
    stimulus = (1 - np.exp(-p.insertions / p.insertions_to_reach)) * (
        1
        + p.stimulus_by_twitch * p.twitches / (p.twitches + p.twitches_half)
        + p.stimulus_by_dwell * (1 - np.exp(-p.dwell / p.dwell_time))
    )
    bad, sound = s["endplates_dysfunctional"], s["endplates_sound"]
    lost = silencing * p.silencing_of_sound
    freed = loosened * (s["sarcomeres_contracted"] - p.contracted_at_rest)
    new = dict(s)
    new["endplates_dysfunctional"] = bad * (1 - silencing)
    new["endplates_sound"] = sound * (1 - lost)
    new["endplates_silenced"] = s["endplates_silenced"] + bad * silencing + sound * lost
    new["sarcomeres_contracted"] = s["sarcomeres_contracted"] - freed
    new["sarcomeres_relaxed"] = s["sarcomeres_relaxed"] + freed
    for name in ("substance_p", "cgrp"):
        new[name] = 1 + (s[name] - 1) * (1 - wash * p.wash_of_neuropeptides)
    for name in (
        "bradykinin", "tnf_alpha", "il_1beta", "il_6", "serotonin", "noradrenaline", "acid"
    ):  # fmt: skip
        new[name] = 1 + (s[name] - 1) * (1 - wash * p.wash_of_others)
    new["dilation"] = s["dilation"] + p.dilation_by_needle * stimulus
    new["gating"] = s["gating"] + p.gating_by_needle * stimulus
    new["opioid"] = s["opioid"] + p.opioid_by_needle * stimulus
    new["fibres_injured"] = s["fibres_injured"] + injury * (
        s["fibres_intact"] + s["fibres_regenerating"]
    )
    new["fibres_intact"] = s["fibres_intact"] * (1 - injury)
    new["fibres_regenerating"] = s["fibres_regenerating"] * (1 - injury)
    return np.array([new[name] for name in STATES])


def observed(y: Numbers, p: Values) -> dict[str, Numbers]:
    """What is read off the states, under the model's own names."""
    s = Values(zip(STATES, y, strict=True))
    inhibition = 1 + s.gating + p.pain_by_opioid * (s.opioid - 1)
    nociception = p.pain_gain * s.sensitisation**2 * (1 + s.central) / inhibition
    tenderness = p.injury_pain * s.fibres_injured + p.inflammation_pain * s.inflammation
    return {
        "endplate_noise": s.endplate_noise,
        "contracture": s.sarcomeres_contracted / p.contracted_at_rest,
        "stiffness": s.stiffness,
        "perfusion": perfusion(p, s.sarcomeres_contracted, s.noradrenaline, s.dilation),
        "oxygen": s.oxygen,
        "ph": p.ph_healthy - np.log10(s.acid),
        "substance_p": s.substance_p,
        "cgrp": s.cgrp,
        "opioid": s.opioid,
        "pain": 10 * nociception / (1 + nociception),
        "soreness": 10 * tenderness / (1 + tenderness),
        "pressure_threshold": p.pressure_threshold_healthy
        / (
            1
            + p.threshold_by_sensitisation
            * (s.sensitisation - p.sensitisation_at_rest)
            * (1 + s.central)
            + p.threshold_by_soreness * tenderness
        ),
    }


def session_times(p: Values, end: float) -> list[float]:
    times = [p.first_session + n * p.interval for n in range(round(p.sessions))]
    return [time for time in times if time < end]


def course(
    start: Numbers, p: Values, hours: Numbers, *, rtol: float, atol: float, method: str = "LSODA"
) -> dict[str, Numbers]:
    """One patient's observed course at `hours`, solved piece by piece between the sessions."""
    found = np.empty((len(STATES), len(hours)))
    y, at = np.asarray(start, float), 0.0
    for stop in [*session_times(p, hours[-1]), np.inf]:
        inside = (hours >= at) & (hours < stop)
        until = min(stop, hours[-1])
        solution = solve_ivp(
            lambda _t, y: rates(y, p), (at, until), y, method=method,
            t_eval=np.append(hours[inside], [until] if np.isfinite(stop) else []),
            rtol=rtol, atol=atol,
        )  # fmt: skip
        found[:, inside] = solution.y[:, : inside.sum()]
        if np.isfinite(stop):
            y, at = needled(solution.y[:, -1], p), stop
    return observed(found, p)


def courses_side_by_side(
    starts: Numbers,
    p: Mapping[str, Numbers],
    hours: Numbers,
    *,
    rtol: float,
    atol: float,
    band: bool = True,
) -> dict[str, Numbers]:
    """Many patients as one system: the states of a patient lie together, so the Jacobian has a
    narrow band, which LSODA is told if `band`. starts: (patients, states). Answers (patients,
    hours)."""
    values = Values(p)
    size = len(STATES)
    width = size - 1 if band else None
    found = np.empty((size, len(starts), len(hours)))
    y, at = np.asarray(starts, float).ravel(), 0.0

    def flat(_t: float, y: Numbers) -> Numbers:
        return rates(np.ascontiguousarray(y.reshape(-1, size).T), values).T.ravel()

    for stop in [*session_times(values, hours[-1]), np.inf]:
        inside = (hours >= at) & (hours < stop)
        until = min(stop, hours[-1])
        solution = solve_ivp(
            flat, (at, until), y, method="LSODA", lband=width, uband=width,
            t_eval=np.append(hours[inside], [until] if np.isfinite(stop) else []),
            rtol=rtol, atol=atol,
        )  # fmt: skip
        shaped = solution.y.reshape(len(starts), size, -1).transpose(1, 0, 2)
        found[:, :, inside] = shaped[:, :, : inside.sum()]
        if np.isfinite(stop):
            y, at = needled(shaped[:, :, -1], values).T.ravel(), stop
    wide = Values({k: np.reshape(v, (-1, 1)) if np.ndim(v) else v for k, v in values.items()})
    return observed(found, wide)
