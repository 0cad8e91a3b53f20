"""How long screening takes: one patient with 300 resources, and a folder of 10,000 Bundles.

    python -m tests.bench.screening_times [NUMBER OF FILES]

One patient: read and screened 300 times in one process after a warm start; the figures are the
50th and 95th percentile. The folder holds copies of the samples beside the project (made-up
patients of 300 resources where they are absent), each with a birth date of its own, and is
screened by `filiform screen --folder` on all cores.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
from tests.exchange.test_every_rule_from_a_record import NOT_SAID, SAID, resource

from filiform.exchange.fhir import read_bundle
from filiform.screening import screen

SAMPLES = Path(__file__).parents[3] / "shared" / "samples"
DAY = date(2025, 11, 22)
ROUNDS = 300


def patient_of(resources: int, seed: int = 1) -> bytes:
    """A made-up patient with so many resources: half measured values, half said things."""
    choice = random.Random(seed)
    ways = [way for _, _, way in [*SAID, *NOT_SAID]]
    entries: list[Any] = [{"resourceType": "Patient", "id": "p", "birthDate": "1961-02-03"}]
    while len(entries) < resources:
        number = len(entries)
        if number % 2:
            entries.append(resource(choice.choice(ways), id=f"r{number}"))
            continue
        entries.append(
            {"resourceType": "Observation", "id": f"o{number}", "status": "final",
             "subject": {"reference": "Patient/p"}, "effectiveDateTime": "2025-10-01",
             "code": {"coding": [{"system": "http://loinc.org",
                                  "code": choice.choice(["8480-6", "4548-4", "2339-0"])}]},
             "valueQuantity": {"value": choice.randint(5, 140), "unit": "mm[Hg]"}}
        )  # fmt: skip
    document = {"resourceType": "Bundle", "entry": [{"resource": one} for one in entries]}
    return json.dumps(document).encode()


def one_patient(raw: bytes) -> str:
    """Percentiles in milliseconds, reading included: of the clock, and of the processor's time,
    which other work on the machine does not lengthen."""
    began = time.perf_counter()
    screen(read_bundle(raw).disclosure(on=DAY), on=DAY)
    first = 1000 * (time.perf_counter() - began)
    clock, work = [], []
    for _ in range(ROUNDS):
        began, busy = time.perf_counter(), time.process_time()
        screen(read_bundle(raw).disclosure(on=DAY), on=DAY)
        clock.append(1000 * (time.perf_counter() - began))
        work.append(1000 * (time.process_time() - busy))
    return (
        f"clock p50 {_at(clock, 50):.1f} p95 {_at(clock, 95):.1f} ms, "
        f"processor p50 {_at(work, 50):.1f} p95 {_at(work, 95):.1f} ms, first call {first:.0f} ms"
    )


def _at(times: list[float], percent: int) -> float:
    return sorted(times)[len(times) * percent // 100]


def fill(folder: Path, files: int) -> str:
    """Fill a folder with Bundles; returns what they are copies of."""
    samples = [path.read_text("utf-8") for path in sorted(SAMPLES.glob("*.json"))]
    kind = f"{len(samples)} samples"
    if not samples:
        samples, kind = [patient_of(300).decode()], "a made-up patient of 300 resources"
    documents = [json.loads(one) for one in samples]
    for number in range(files):
        document = documents[number % len(documents)]
        for entry in document["entry"]:
            if entry["resource"]["resourceType"] == "Patient":
                entry["resource"]["birthDate"] = f"{1940 + number % 70}-01-{number % 28 + 1:02}"
        (folder / f"{number:06}.json").write_text(json.dumps(document), "utf-8")
    return kind


def parsed_alone(folder: Path) -> float:
    """Seconds for reading the same files and parsing them with msgspec in one process, nothing
    else: what screening is compared with."""
    began = time.perf_counter()
    for path in sorted(folder.glob("*.json")):
        msgspec.json.decode(path.read_bytes())
    return time.perf_counter() - began


def whole_folder(files: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        kind = fill(folder, files)
        size = sum(path.stat().st_size for path in folder.iterdir()) / 1e6
        out = folder / "answers.jsonl"
        began = time.perf_counter()
        with out.open("w") as stream:
            done = subprocess.run(
                [sys.executable, "-m", "filiform", "screen", "--folder", name],
                stdout=stream, stderr=subprocess.PIPE, text=True, check=True,
            )  # fmt: skip
        took = time.perf_counter() - began
        lines = sum(1 for _ in out.open())
        alone = parsed_alone(folder)
        print(f"{files:,} files, {size:,.0f} MB, copies of {kind}: {took:.0f} s,")
        print(f"{files / took:.0f} patients/s, {size / took:.0f} MB/s, {lines:,} lines")
        print(f"{took / alone:.1f} times as long as parsing them alone ({alone:.1f} s)")
        print(done.stderr.strip().splitlines()[-1])


def main() -> None:
    raw = patient_of(300)
    print(f"made-up patient, 300 resources, {len(raw) / 1e3:.0f} kB: {one_patient(raw)}")
    for path in sorted(SAMPLES.glob("*.json")):
        raw = path.read_bytes()
        entries = len(json.loads(raw)["entry"])
        print(f"{path.stem}, {entries} resources, {len(raw) / 1e3:.0f} kB: {one_patient(raw)}")
    whole_folder(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)


if __name__ == "__main__":
    main()
