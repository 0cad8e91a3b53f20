"""Make web/build from what npm installed: typefaces cut to what our pages need, and three.js.

    python tools/web/build.py            (make run, make test and make wheel do it)

    web/build/fonts/*.woff2    the faces of web/filiform/fonts.css, with their licences
    web/build/print/*.ttf      the same faces for paper: whole, one file a weight
    web/build/three/*.js       the two files that web/filiform/body/stage.js loads
    web/build/scanning/*       the reader of barcodes that web/filiform/scan-detector.js loads

Nothing of it lies in the repository: it is built from the locked packages in web/node_modules.
"""

from __future__ import annotations

import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

WEB = Path(__file__).resolve().parents[2] / "web"
MODULES = WEB / "node_modules"
BUILD = WEB / "build"

# What nearly every page in English needs: ASCII, the signs that stand in clinical text, and the
# letters in names of authors, whose works stand on the public page.
ENGLISH = {
    *range(0x20, 0x7F), 0xA0,
    *map(ord, "«°±²µ·»×áàâäãåçéèêëíîïñóôöøúûü‐‑–—‘’“”…−→⁹"),
}  # fmt: skip
# Every letter and mark of Urdu and of the Arabic words in it, both sets of digits, punctuation,
# and the joiners. Space and joiners are in the file so that words are shaped in one run, but not in
# the range of fonts.css: else a page in English would load the face for a blank.
URDU = {
    0x20, *range(0x60C, 0x60D), 0x61B, 0x61F, *range(0x621, 0x63B), *range(0x640, 0x656),
    *range(0x660, 0x66D), 0x670, 0x671, 0x679, 0x67E, 0x686, 0x688, 0x691, 0x698, 0x6A9, 0x6AF,
    0x6BA, 0x6BE, *range(0x6C0, 0x6C4), 0x6CC, 0x6D2, 0x6D3, 0x6D4, *range(0x6F0, 0x6FA),
    *range(0x200C, 0x2010),
}  # fmt: skip
EVERYTHING = set(range(0x20, 0x30000))
# The one Urdu word that an English page shows: the name of the language, on the switch.
NAME_OF_URDU = set(map(ord, "اردو"))


@dataclass(frozen=True)
class Face:
    """One file of fonts.css, cut from `source` in the package; weights: lightest, heaviest."""

    name: str
    package: str
    source: str
    letters: frozenset[int]
    weights: tuple[int, int] | int = (400, 700)


def _face(
    name: str, source: str, letters: set[int], weights: tuple[int, int] | int = (400, 700)
) -> Face:
    package = next(
        p
        for p in ("source-sans-3", "noto-naskh-arabic", "noto-nastaliq-urdu")
        if source.startswith(p)
    )
    return Face(name, package, f"{source}-wght-normal.woff2", frozenset(letters), weights)


FACES = [
    _face("sans-english", "source-sans-3-latin", ENGLISH),
    _face("sans-latin", "source-sans-3-latin", EVERYTHING - ENGLISH),
    _face("sans-latin-ext", "source-sans-3-latin-ext", EVERYTHING),
    _face("naskh-urdu", "noto-naskh-arabic-arabic", URDU),
    _face("naskh-rest", "noto-naskh-arabic-arabic", EVERYTHING - URDU | {0x20}),
    _face("naskh-switch", "noto-naskh-arabic-arabic", NAME_OF_URDU, 600),
    _face("nastaliq-urdu", "noto-nastaliq-urdu-arabic", URDU),
    # For the public pages, which are set in nothing else: one weight is 100 kB instead of 160.
    # The whole alphabet stays, since the owner writes texts, too.
    _face("nastaliq-public", "noto-nastaliq-urdu-arabic", URDU, 400),
]


PRINT_WEIGHTS = {400: "Regular", 600: "SemiBold"}
PRINT_FACES = {
    "Filiform Sans": "source-sans-3-latin",
    "Filiform Sans Extended": "source-sans-3-latin-ext",
    "Filiform Naskh": "noto-naskh-arabic-arabic",
}
"""Family that a paper's template names → file of the package. Each has a name of its own, because
a typesetter takes one file for one family and weight, and the packages cut Latin in two."""


def make_for_paper(family: str, source: str, weight: int) -> Path:
    """One weight of a whole face as TrueType: a typesetter reads neither woff2 nor an axis."""
    package = next(face.package for face in FACES if source.startswith(face.package))
    folder = MODULES / "@fontsource-variable" / package
    file = folder / "files" / f"{source}-wght-normal.woff2"
    font = TTFont(file, lazy=False, recalcTimestamp=False)
    instantiateVariableFont(font, {"wght": weight}, inplace=True)
    font["OS/2"].usWeightClass = weight
    style, whole = PRINT_WEIGHTS[weight], f"{family} {PRINT_WEIGHTS[weight]}"
    names = {1: whole, 2: "Regular", 4: whole, 6: whole.replace(" ", ""), 16: family, 17: style}
    for key, text in names.items():
        font["name"].removeNames(nameID=key)
        font["name"].setName(text, key, 3, 1, 0x409)
    font.flavor = None
    target = BUILD / "print" / f"{whole.replace(' ', '-').lower()}.ttf"
    font.save(target)
    return target


def make(face: Face) -> Path:
    """Cut one face out of its package's file; what the letters turn into stays complete."""
    folder = MODULES / "@fontsource-variable" / face.package
    # Not lazily: the instancer asks for glyphs by names that the subsetter took away. With the time
    # of the source: the same source makes the same file, and so the same hashed name.
    font = TTFont(folder / "files" / face.source, lazy=False, recalcTimestamp=False)
    options = Options(layout_features=["*"], hinting=False, name_IDs=["*"], notdef_outline=True)
    cutter = Subsetter(options)
    cutter.populate(unicodes=face.letters & set(font.getBestCmap()))
    cutter.subset(font)
    _rename(font, face)
    _weigh(font, face)
    target = BUILD / "fonts" / f"{face.name}.woff2"
    font.flavor = "woff2"
    font.save(target)
    return target


def _weigh(font: TTFont, face: Face) -> None:
    """Leave only the weights that our styles use."""
    axis = next(axis for axis in font["fvar"].axes if axis.axisTag == "wght")
    if isinstance(face.weights, int) or face.weights != (axis.minValue, axis.maxValue):
        instantiateVariableFont(font, {"wght": face.weights}, inplace=True)


def _rename(font: TTFont, face: Face) -> None:
    """Source is a reserved name of its licence: what is cut from it has to bear another."""
    if face.package != "source-sans-3":
        return
    for record in font["name"].names:
        if record.nameID not in {0, 7, 13, 14}:  # copyright, trademark and licence stay
            text = record.toUnicode().replace("Source Sans 3", "Filiform Sans")
            record.string = text.replace("SourceSans3", "FiliformSans")


def main() -> int:
    if not (MODULES / "three").is_dir():
        print(f"{MODULES} is not filled: run make run or make test.", file=sys.stderr)
        return 2
    shutil.rmtree(BUILD, ignore_errors=True)
    (BUILD / "fonts").mkdir(parents=True)
    (BUILD / "three").mkdir()
    (BUILD / "print").mkdir()
    for family, source in PRINT_FACES.items():
        for weight in PRINT_WEIGHTS:
            made = make_for_paper(family, source, weight)
            print(f"  {made.name:34} {made.stat().st_size:7,} bytes")
    for face in FACES:
        made = make(face)
        print(f"  {made.name:24} {made.stat().st_size:7,} bytes")
        licence = MODULES / "@fontsource-variable" / face.package / "LICENSE"
        for folder in ("fonts", "print"):
            shutil.copyfile(licence, BUILD / folder / f"LICENCE-{face.package}.txt")
    for name in ("build/three.module.min.js", "build/three.core.min.js", "LICENSE"):
        source = MODULES / "three" / name
        shutil.copyfile(
            source, BUILD / "three" / ("LICENCE.txt" if name == "LICENSE" else source.name)
        )
    copy_scanner()
    return 0


SCANNER = {
    "barcode-detector": ("dist/es/ponyfill.js", "dist/es/zxing-exported.js", "LICENSE"),
    "zxing-wasm": ("dist/reader/zxing_reader.wasm", "LICENSE"),
}
"""Package → its files that a browser gets when somebody scans a pack."""


def copy_scanner() -> None:
    (BUILD / "scanning").mkdir()
    for package, names in SCANNER.items():
        for name in names:
            source = MODULES / package / name
            kept = f"LICENCE-{package}.txt" if name == "LICENSE" else source.name
            shutil.copyfile(source, BUILD / "scanning" / kept)


if __name__ == "__main__":
    sys.exit(main())
