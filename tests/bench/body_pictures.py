"""The chart at three widths and from three sides: thin man, heavy woman, child; light and dark.

    python -m tests.bench.body_pictures FOLDER      writes light.jpg and dark.jpg there

The pictures of docs/reference/body-chart.md, to be looked at by people.
"""

from __future__ import annotations

import base64
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILDS = ("thin-man", "heavy-woman", "child")
SIZES = ((390, 844), (820, 1000), (1280, 860))
SIDES = ("front", "back", "right")
SCALE = 0.42
DRAWN = {
    "dull:6": "disc:infraspinous-fossa-center:6:right",
    "burning:8": "stripe:deltoid-lateral-mid>lateral-epicondyle:5:right",
    "tingling:3": "stripe:thigh-anterior-mid>patella-center>leg-anterior-mid:6:left",
    "numb:10": "disc:umbilicus:5:midline",
    "dull:4": "stripe:neck-shoulder-angle>acromion-tip:5:left",
}


def main(folder: Path) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    sys.path[:0] = [str(ROOT / "src"), str(ROOT), str(ROOT / "tools")]
    import django

    django.setup()
    from browser import find_chromium
    from playwright.sync_api import sync_playwright
    from tests.journeys.chart_page import chart_pages

    folder.mkdir(parents=True, exist_ok=True)
    with chart_pages() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_chromium(), args=["--no-sandbox", "--disable-gpu"]
        )
        for theme in ("light", "dark"):
            shots = [
                _shot(browser, f"{address}/?chart=paint&build={build}&theme={theme}", size, side)
                for build in BUILDS
                for size, side in zip(SIZES, SIDES, strict=True)
            ]
            (folder / f"{theme}.jpg").write_bytes(_sheet(browser, shots))
        browser.close()


def _value() -> str:
    from filiform.anatomy.surface import draw, parse_area, surface

    layers = {kind: draw(parse_area(area)).as_text() for kind, area in DRAWN.items()}
    parts = [f"{kind}:{text.split(';')[1]}" for kind, text in sorted(layers.items())]
    return f"{surface().release};{'|'.join(parts)}"


def _shot(browser, address: str, size: tuple[int, int], side: str) -> bytes:
    page = browser.new_page(viewport={"width": size[0], "height": size[1]})
    page.goto(address)
    page.evaluate(
        "async ([text, side]) => { const c = document.querySelector('body-chart'); await c.ready;"
        " c.value = text; c.go('whole', side, { calm: true });"
        " document.querySelector('h1').remove();"
        " await new Promise((done) => setTimeout(done, 400)); }",
        [_value(), side],
    )
    shot = page.screenshot()
    page.close()
    return bytes(shot)


def _sheet(browser, shots: list[bytes]) -> bytes:
    wide = sum(size[0] for size in SIZES) * SCALE + 40
    page = browser.new_page(viewport={"width": int(wide), "height": 400})
    images = "".join(
        f'<img src="data:image/png;base64,{base64.b64encode(shot).decode()}" '
        f'width="{SIZES[i % 3][0] * SCALE}">'
        for i, shot in enumerate(shots)
    )
    page.set_content(
        "<style>body{margin:0;background:#888;display:grid;grid-template-columns:auto auto auto;"
        f"gap:10px;padding:10px;align-items:start}}</style>{images}"
    )
    page.wait_for_timeout(300)
    sheet = page.screenshot(full_page=True, type="jpeg", quality=78)
    page.close()
    return bytes(sheet)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
