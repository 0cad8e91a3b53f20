"""Trigger words of negation, doubt, family and history from published lists → published.tsv.

    pip download --no-deps medspacy==1.3.1 negspacy==1.1.0 edsnlp==0.23.0   (and unpack them)
    python tools/terminology/context.py FOLDER

FOLDER holds the unpacked packages. Their licences: medspacy and negspacy MIT, edsnlp BSD-3-Clause.
Not taken over: triggers of running text that mislead in the short titles of a problem list, listed
in LEFT_OUT with the reason.
"""

from __future__ import annotations

import ast
import json
import sys
from collections.abc import Iterator
from pathlib import Path

TARGET = Path("src/filiform/screening/data/terminology/context/published.tsv")
HEAD = """\
# Published triggers of ConText and NegEx, made by tools/terminology/context.py; don't edit.
# en, nl: medspacy 1.3.1 (MIT). es, en: negspacy 1.1.0 (MIT). fr: edsnlp 0.23.0 (BSD-3-Clause).
language\teffect\tdirection\tphrase
"""
LEFT_OUT = {
    "free": "“sugar free” is no negation of the medicine before it",
    "libre": "the same", "vrij": "the same",
    "resolved": "said by the status", "now resolved": "the same", "return": "not in titles",
    "if": "“if needed” limits a dose", "si": "the same", "selon": "the same", "s'il": "the same",
    "as needed": "the same", "indien nodig": "the same", "naar behoefte": "the same",
    "ro": "part of Spanish and Romanian words", "secondary": "names a disease: secondary anaemia",
    "any other": "not in titles", "as well as any": "the same", "doubt": "asks, in possible",
    "declined": "a refusal is a finding of its own", "decline": "the same",
    "weigerd": "the same", "décline": "the same", "décliné": "the same", "is geweigerd": "the same",
    "versus": "joins two diagnoses, and denies neither", "checked for": "read as a test",
    "soit": "joins two diagnoses", "épouse": "a carer is no relative by blood",
    "époux": "the same", "mari": "the same", "fiancé": "the same", "fiancée": "the same",
    "haar man": "the same", "discret": "mild is not doubtful", "discrets": "the same",
    "discrète": "the same", "discrètes": "the same", "immunisé": "read as a result",
    "prophylaxis": "kept with its neighbours in own.tsv", "na": "after, in Dutch: “na operatie”",
    "wel": "in Dutch names", "hij is": "not in titles", "plus d'aspect de": "the same",
    "exclusion": "names a device: occlusion, exclusion", "élimination": "of a substance",
    "non": "in “non-Hodgkin lymphoma” too; kept with its neighbours in own.tsv",
    "enfant": "a child's epilepsy is the patient's own", "enfants": "the same",
    "fille": "the same", "filles": "the same", "fils": "the same", "parent": "the same",
    "family": "kept with its neighbours in own.tsv", "still": "a name: Still's disease",
    "involving": "continues a diagnosis", "which": "the same", "test for": "read as a test",
    "absence": "a kind of seizure: absence epilepsy; “absence of” stays",
    "impossible": "not in titles", "risque": "kept with its neighbours in own.tsv",
    "geen behoefte aan": "need, not presence", "symptoms atypical": "not in titles",
    "symptôme atypique": "the same", "not": "kept in own.tsv",
}  # fmt: skip
EFFECTS = {
    "NEGATED_EXISTENCE": "negated", "HYPOTHETICAL": "possible", "POSSIBLE_EXISTENCE": "possible",
    "FAMILY": "family", "HISTORICAL": "history",
}  # fmt: skip
DIRECTIONS = {"FORWARD": "forward", "BACKWARD": "backward", "BIDIRECTIONAL": "both"}
Row = tuple[str, str, str, str]


def medspacy(folder: Path) -> Iterator[Row]:
    for language in ("en", "nl"):
        found = next(folder.rglob(f"resources/{language}/context_rules.json"))
        for rule in json.loads(found.read_text("utf-8"))["context_rules"]:
            effect, direction = EFFECTS[rule["category"]], rule["direction"]
            if direction == "TERMINATE":
                yield language, "end", "both", rule["literal"]
            elif direction == "PSEUDO":
                yield language, "pseudo", "both", rule["literal"]
            elif effect != "history":  # "history" in titles is read by own.tsv
                yield language, effect, DIRECTIONS[direction], rule["literal"]


def negspacy(folder: Path) -> Iterator[Row]:
    text = next(folder.rglob("negspacy/termsets.py")).read_text("utf-8")
    space: dict[str, dict[str, dict[str, list[str]]]] = {}
    exec(compile(ast.parse(text), "termsets", "exec"), space)  # noqa: S102 - only lists stand in it
    kinds = {
        "pseudo_negations": ("pseudo", "both"), "preceding_negations": ("negated", "forward"),
        "following_negations": ("negated", "backward"), "termination": ("end", "both"),
    }  # fmt: skip
    for name, language in (("en", "en"), ("es_clinical", "es")):
        for kind, phrases in space["LANGUAGES"][name].items():
            for phrase in phrases:
                yield language, *kinds[kind], phrase


def edsnlp(folder: Path) -> Iterator[Row]:
    kinds = {
        "negation": {"pseudo": ("pseudo", "both"), "preceding": ("negated", "forward"),
                     "following": ("negated", "backward")},
        "hypothesis": {"preceding": ("possible", "forward"), "following": ("possible", "backward")},
        "family": {"family": ("family", "both")},
    }  # fmt: skip
    for part, lists in kinds.items():
        text = next(folder.rglob(f"qualifiers/{part}/patterns.py")).read_text("utf-8")
        for node in ast.parse(text).body:
            target = getattr(node, "target", None) or getattr(node, "targets", [None])[0]
            name = getattr(target, "id", "")
            if name in lists:
                for phrase in ast.literal_eval(node.value):  # type: ignore[attr-defined]
                    yield "fr", *lists[name], phrase


def main() -> None:
    folder = Path(sys.argv[1])
    rows = {*medspacy(folder), *negspacy(folder), *edsnlp(folder)}
    kept = sorted(
        (row[0], row[1], "last" if row[3].startswith(":") else row[2], row[3].strip(": "))
        for row in rows
        if row[3].lower() not in LEFT_OUT and any(letter.isalpha() for letter in row[3])
    )  # fmt: skip
    TARGET.write_text(HEAD + "".join("\t".join(row) + "\n" for row in kept), encoding="utf-8")
    print(len(kept), "triggers")


if __name__ == "__main__":
    main()
