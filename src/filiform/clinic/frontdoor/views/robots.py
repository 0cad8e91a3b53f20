"""What is read by machines alone: sitemap, robots.txt, manifest, icons, social preview."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language, override
from django.views.decorators.http import require_safe

from filiform.clinic.access.guards import public
from filiform.clinic.frontdoor import pictures, queries
from filiform.clinic.frontdoor.offers import booking_address
from filiform.clinic.frontdoor.texts import texts_of
from filiform.clinic.web.phones import readable
from filiform.clinic.web.templatetags.filiform import local_name

PAGES = ("home", "explainer", "location", "write", "wrong")
ICON_SIDES_PX = (180, 192, 512)
# `$`: the first page alone. Without it every address would be allowed.
ROBOTS = """\
User-agent: *
Allow: /$
{allowed}Disallow: /

Sitemap: {sitemap}
"""
"""Nothing behind the sign-in and no patient's link belongs into a search engine: everything is
refused but the pages that are written for everybody."""
DAY_S = 86_400


@public
@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    paths = [reverse(f"frontdoor:{name}") for name in PAGES]
    booking = booking_address()
    if booking:
        paths.append(booking)
    context = {"addresses": [request.build_absolute_uri(path) for path in paths]}
    text = render_to_string("frontdoor/sitemap.xml", context)
    return _for_a_day(HttpResponse(text, content_type="application/xml"))


@public
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    names = [reverse(f"frontdoor:{name}") for name in PAGES[1:]]
    names += ["/static/", "/photographs/", "/social", "/icon-", "/favicon.ico", "/sitemap.xml"]
    names += [reverse("frontdoor:manifest"), *filter(None, [booking_address()])]
    allowed = "".join(f"Allow: {name}\n" for name in names)
    address = request.build_absolute_uri(reverse("frontdoor:sitemap"))
    text = ROBOTS.format(allowed=allowed, sitemap=address)
    return _for_a_day(HttpResponse(text, content_type="text/plain; charset=utf-8"))


@public
@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """For "add to home screen": the clinic's name, not ours."""
    site = queries.public_site()
    urdu = (get_language() or "en").startswith("ur")
    name = "Filiform"
    if site is not None:
        name = (urdu and site.organisation.name_ur) or site.organisation.name
    found = {
        "name": name,
        "short_name": name[:24],
        "start_url": reverse("frontdoor:home"),
        "display": "browser",
        "lang": get_language(),
        "dir": "rtl" if urdu else "ltr",
        "background_color": "#f8f5ef",
        "theme_color": pictures.BLUE,
        "icons": [
            {"src": f"/icon-{side}.png", "sizes": f"{side}x{side}", "type": "image/png"}
            for side in ICON_SIDES_PX
        ],
    }
    return JsonResponse(found, content_type="application/manifest+json")


@public
@require_safe
def icon(request: HttpRequest, side: int) -> HttpResponse:
    if side not in ICON_SIDES_PX:
        raise Http404
    return _for_a_day(HttpResponse(pictures.icon_png(side), content_type="image/png"))


@public
@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """Browsers that know no icon of a page ask for this address."""
    return _for_a_day(HttpResponse(pictures.icon_png(32, "ICO"), content_type="image/x-icon"))


@public
@require_safe
def social(request: HttpRequest, language: str = "en") -> HttpResponse:
    """The picture of a link to us, in the language of the page that names it."""
    site = queries.public_site()
    if site is None or language not in dict(settings.LANGUAGES):
        raise Http404
    said = texts_of(site.organisation_id, language)["explainer"].title
    with override(language):
        name, address = local_name(site.organisation), local_name(site, "address")
    picture = pictures.social_png(name, said, address, readable(site.phone), language)
    return _for_a_day(HttpResponse(picture, content_type="image/png"))


def _for_a_day(answer: HttpResponse) -> HttpResponse:
    answer.headers["Cache-Control"] = f"public, max-age={DAY_S}"
    return answer
