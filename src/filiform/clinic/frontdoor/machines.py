"""What search engines and other machines read of the public pages: JSON-LD, sitemap, robots.

Only what the pages themselves say to people. Types are those of schema.org.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from filiform.clinic.frontdoor.offers import PricedOffer
from filiform.clinic.frontdoor.texts import TextsInForce
from filiform.clinic.staff.hours import OpeningRow
from filiform.clinic.staff.models import Site

DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
SCRIPT_SAFE = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026"}


def of_home(context: Mapping[str, Any]) -> SafeString:
    """The clinic at each of its sites, what it offers, and the questions."""
    root: str = context["root"]
    graph = [_clinic(site, root) for site in context["sites"]]
    week: list[OpeningRow] = context["week"]
    here = next(one for one in graph if one["@id"] == _id(root, context["site"]))
    special = [_special(row.day, row.opening.hours) for row in week if row.opening.because]
    if special:
        here["specialOpeningHoursSpecification"] = [one for rows in special for one in rows]
    offers = [_offer(offer) for offer in context["offers"]]
    if offers:
        here["makesOffer"] = offers
    if context["booking"]:
        here["potentialAction"] = _booking(root + context["booking"])
    graph.append(_questions(context["texts"], root))
    return in_script(graph)


def of_page(context: Mapping[str, Any]) -> SafeString:
    """The clinic alone, for a page about one of its things."""
    return in_script([_clinic(context["site"], context["root"])])


def in_script(graph: list[dict[str, Any]]) -> SafeString:
    """As text of a script element: no sign in it can end the element."""
    text = json.dumps({"@context": "https://schema.org", "@graph": graph}, ensure_ascii=False)
    return mark_safe(text.translate(SCRIPT_SAFE))  # noqa: S308 - escaped in this line


def _clinic(site: Site, root: str) -> dict[str, Any]:
    address = {"@type": "PostalAddress", "streetAddress": _local(site, "address")}
    if site.town:
        address["addressLocality"] = _local(site, "town")
    found: dict[str, Any] = {
        # Physiotherapy is a MedicalBusiness, and a value of MedicalClinic's medicalSpecialty.
        "@type": ["MedicalClinic", "Physiotherapy"],
        "@id": _id(root, site),
        "name": f"{_local(site.organisation, 'name')}, {_local(site, 'name')}",
        "url": f"{root}/",
        "image": f"{root}/social-{(get_language() or 'en')[:2]}.png",
        "telephone": site.phone,
        "address": address,
        "medicalSpecialty": "https://schema.org/Physiotherapy",
        "openingHoursSpecification": [
            {
                "@type": "OpeningHoursSpecification",
                "dayOfWeek": f"https://schema.org/{DAY_NAMES[int(day)]}",
                "opens": start,
                "closes": _closes(end),
            }
            for day, periods in sorted(site.opening_hours.items())
            for start, end in periods
        ],
        "availableLanguage": ["en", "ur"],
    }
    if site.latitude is not None:
        found["geo"] = {
            "@type": "GeoCoordinates",
            "latitude": site.latitude,
            "longitude": site.longitude,
        }
    return found


def _closes(end: str) -> str:
    """A time of schema.org is one of the day: it knows no 24:00."""
    return "23:59" if end == "24:00" else end


def _special(day: date, hours: tuple[tuple[str, str], ...]) -> list[dict[str, str]]:
    """Other hours of one day; a closed day opens and closes at midnight, as schema.org has it."""
    return [
        {
            "@type": "OpeningHoursSpecification",
            "validFrom": day.isoformat(),
            "validThrough": day.isoformat(),
            "opens": start,
            "closes": _closes(end),
        }
        for start, end in hours or (("00:00", "00:00"),)
    ]


def _offer(offer: PricedOffer) -> dict[str, Any]:
    found: dict[str, Any] = {
        "@type": "Offer",
        "itemOffered": {"@type": "Service", "name": _local(offer, "name")},
    }
    if offer.price is not None:
        found |= {"price": str(offer.price), "priceCurrency": offer.currency}
    return found


def _booking(address: str) -> dict[str, Any]:
    """What a search engine may show as "Book" beside its result."""
    return {
        "@type": "ReserveAction",
        "target": {"@type": "EntryPoint", "urlTemplate": address, "inLanguage": ["en", "ur"]},
        "result": {"@type": "Reservation"},
    }


def _questions(texts: TextsInForce, root: str) -> dict[str, Any]:
    return {
        "@type": "FAQPage",
        "@id": f"{root}/#questions",
        "inLanguage": texts.language,
        "mainEntity": [
            {
                "@type": "Question",
                "name": one.title,
                "acceptedAnswer": {"@type": "Answer", "text": " ".join(one.lines)},
            }
            for one in texts.questions()
        ],
    }


def _id(root: str, site: Site) -> str:
    return f"{root}/#{site.pk}"


def _local(thing: Any, field: str) -> str:
    urdu = (get_language() or "en").startswith("ur")
    translated = getattr(thing, f"{field}_ur", "") if urdu else ""
    return str(translated or getattr(thing, field))
