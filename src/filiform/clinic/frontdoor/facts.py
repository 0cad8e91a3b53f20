"""The numbers that the public site shows, each with its source.

One table, so that a number is changed in one place. `per` is the denominator that people read.
Sources are named as the clinical notes name them; links lead to the publications.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Citation:
    name: str
    link: str


@dataclass(frozen=True)
class PublishedRate:
    """`low` to `high` in `per`; equal when one study or two agreeing ones gave it."""

    low: int
    high: int
    per: int
    sources: tuple[Citation, ...]


DOI = "https://doi.org/"
BRADY = Citation("Brady 2014: 7,629 treatments", DOI + "10.1179/2042618613Y.0000000044")
BOYCE = Citation("Boyce 2020: 20,464 sessions", DOI + "10.26603/ijspt20200103")
SORENESS = Citation(
    "Martín-Pintado-Zugasti 2016: 60 volunteers", "https://pubmed.ncbi.nlm.nih.gov/26406209/"
)
CAGNIE = Citation("Cagnie 2012: 20 people", DOI + "10.1016/j.jmpt.2012.10.005")
CHOU = Citation("Chou 2009: 20 patients", DOI + "10.1016/j.apmr.2008.12.020")
HSIEH = Citation("Hsieh 2012: rabbits", DOI + "10.1155/2012/342165")
GATTIE = Citation("Gattie 2017: 13 trials, 723 people", DOI + "10.2519/jospt.2017.7096")
CHYS = Citation("Chys 2023: 36 reviews", DOI + "10.3390/jcm12031205")
HEEL = Citation("Llurda-Almuzara 2021: 6 trials", "https://pubmed.ncbi.nlm.nih.gov/33760098/")
ADDED = Citation("Gattie 2021: 77 people, JOSPT 51:37-45", "")
GERBER = Citation("Gerber 2015: 52 people, 3 weekly treatments", "")

FACTS = {
    # Brady 7.55 %, Boyce 7.7 %
    "bruise": PublishedRate(8, 8, 100, (BRADY, BOYCE)),
    # Brady 4.65 %, Boyce 16 %
    "blood": PublishedRate(5, 16, 100, (BRADY, BOYCE)),
    # Brady 3.01 %, Boyce 5.9 %
    "pain": PublishedRate(3, 6, 100, (BRADY, BOYCE)),
    # Brady 0.88 %
    "worse": PublishedRate(9, 9, 1000, (BRADY,)),
    # Boyce: 20 sessions with a major event in 20,464, one in 1,024
    "serious": PublishedRate(1, 1, 1000, (BOYCE,)),
    # 60 of 60 volunteers; usually gone by 48 to 72 hours
    "sore": PublishedRate(60, 60, 60, (SORENESS,)),
    # 41 of 52 trigger points became quiet or disappeared
    "answered": PublishedRate(41, 52, 52, (GERBER,)),
}
SOURCES = {
    "mechanism": (CHOU, CAGNIE, HSIEH),
    "benefit": (GATTIE, CHYS, HEEL, GERBER),
    "added": (ADDED,),
}
