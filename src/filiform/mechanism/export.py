"""The model as SBML, with a dose and a virtual patient set, for other tools."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from collections.abc import Mapping

import numpy as np

from filiform.mechanism.ensemble import ensemble
from filiform.mechanism.simulate import NeedlingDose
from filiform.mechanism.table import data_text, of_patients, starting

SBML = "http://www.sbml.org/sbml/level3/version2/core"


def sbml(dose: NeedlingDose) -> str:
    """SBML level 3 version 2: this dose given to the ensemble's most typical patient.

    Typical: the one nearest to the weighted mean of all, each parameter in standard deviations.
    """
    held = ensemble()
    mean = held.weights @ held.values
    spread = np.sqrt(held.weights @ (held.values - mean) ** 2)
    # One real patient of the ensemble: a mean of all may be a body that cannot be.
    typical = int(np.argmin((((held.values - mean) / spread) ** 2).sum(axis=1)))
    return with_values(
        {
            **dict(zip(of_patients(), held.values[typical].tolist(), strict=True)),
            **dict(zip(starting(), held.starts[typical].tolist(), strict=True)),
            **dose.checked().as_parameters(),
        }
    )


def with_values(values: Mapping[str, float]) -> str:
    """The model's SBML text with other values. Raises KeyError for a name that it doesn't hold."""
    ElementTree.register_namespace("", SBML)
    tree = ElementTree.fromstring(data_text("trigger_point.xml"))  # noqa: S314 - our own file
    missing = set(values)
    for kind, field in (
        ("parameter", "value"),
        # SBML gives a state by either.
        ("species", "initialConcentration"),
        ("species", "initialAmount"),
    ):
        for node in tree.iter(f"{{{SBML}}}{kind}"):
            name = node.get("id", "")
            if name in values and field in node.attrib:
                node.set(field, repr(float(values[name])))
                missing.discard(name)
    if missing:
        raise KeyError(f"not in the model: {', '.join(sorted(missing))}")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(tree, "unicode") + "\n"
