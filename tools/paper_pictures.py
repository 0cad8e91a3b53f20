"""Pictures of the papers of the demo clinic, in English and Urdu, into docs/pictures/papers.

    python tools/paper_pictures.py     (needs pdftoppm: apt-get install poppler-utils, and Pillow)

The demo clinic is loaded into a folder of its own; the papers are those that its pages answer.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
PICTURES = ROOT / "docs/pictures/papers"
DOTS_PER_INCH = 80


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {
            "FILIFORM_DEMO": "yes",
            "FILIFORM_DATA": folder,
            "FILIFORM_LIVE": "yes",
            "DJANGO_SETTINGS_MODULE": "filiform.clinic.settings",
        }
        for command in ("migrate", "demo"):
            subprocess.run([sys.executable, "-m", "filiform", command], check=True)  # noqa: S603
        PICTURES.mkdir(parents=True, exist_ok=True)
        for name, made in papers():
            picture(made, PICTURES / f"{name}.webp")
    return 0


def papers() -> list[tuple[str, bytes]]:
    """(name, PDF) of each paper in both languages, about the last signed treatment."""
    import django

    django.setup()
    from django.test import Client

    from filiform.clinic.staff.models import Member
    from filiform.clinic.supplies.models import OpenedPack
    from filiform.clinic.treatment.models import Seal

    visit = Seal.objects.order_by("-number")[0].treatment.visit
    lot = OpenedPack.objects.filter(visit=visit)[0].lot_id
    addresses = {
        "note": f"/visits/{visit.pk}/note/pdf/",
        "audit-packet": f"/visits/{visit.pk}/note/audit/",
        "paper-pack": "/today/paper/",
        "recall-letter": f"/supplies/lots/{lot}/recall/{visit.patient_id}/letter/",
    }
    found = []
    for language in ("en", "ur"):
        client = Client(HTTP_HOST="localhost")
        client.force_login(
            Member.objects.get(username="sana"), "django.contrib.auth.backends.ModelBackend"
        )
        client.cookies["filiform_language"] = language
        # A letter is in the patient's own language.
        type(visit.patient).objects.filter(pk=visit.patient_id).update(language=language)
        for name, address in addresses.items():
            found.append((f"{name}-{language}", client.get(address).content))
    return found


def picture(made: bytes, target: Path) -> None:
    """The first page, as WebP."""
    from io import BytesIO

    from PIL import Image

    command = ["pdftoppm", "-r", str(DOTS_PER_INCH), "-f", "1", "-l", "1", "-png", "-"]
    page = subprocess.run(command, input=made, capture_output=True, check=True).stdout  # noqa: S603
    Image.open(BytesIO(page)).save(target, quality=80)
    print(f"{target.relative_to(ROOT)}: {target.stat().st_size:,} bytes")


if __name__ == "__main__":
    sys.exit(main())
