"""Templates are kept once for each language, with what never changes already written into them.

A page has some sixty `{% translate %}`, twenty icons and a dozen addresses of static files, and
each says the same at every look: rendering them again took a sixth of the time of a patient's page.
When a template is first asked for in a language, these tags give way to what they say.

So do addresses: of `{% url "chart:patient" patient.pk %}` only the id changes, and becomes
`/patients/{{ patient.pk|in_address }}/`. Asking Django's resolver for each of the sixty on a
treatment page took a tenth of its time.

Each is rendered by Django itself, so that escaping and fallbacks are Django's. Tags that depend on
the context otherwise (`as name`, a variable, words around a variable) stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from uuid import UUID

from django.template import Context, Origin
from django.template.loaders.cached import Loader
from django.urls import NoReverseMatch, get_script_prefix, reverse
from django.utils.html import escape
from django.utils.translation import get_language

_LITERAL = r"""(?:"[^"\\{}%]*"|'[^'\\{}%]*')"""
SAYS_THE_SAME = re.compile(
    rf"{{% (?:translate {_LITERAL}(?: context {_LITERAL})?|icon {_LITERAL}|static {_LITERAL}"
    r"|comma) %}|{% blocktranslate(?: trimmed)? %}[^{}%]*{% endblocktranslate %}"
)
ADDRESS = re.compile(r"""{% url ["']([a-z_:-]+)["']((?: [A-Za-z_][A-Za-z_.]*)*) %}""")
NEEDED = "{% load i18n static %}"
STILL_A_TAG = ("{{", "{%", "{#")


class LanguageLoader(Loader):
    """Django's keeping loader, with the reader's language in the key."""

    def cache_key(self, template_name: str, skip: list[Origin] | None = None) -> str:
        # Under which path the clinic stands is the server's matter, and is in every address.
        return f"{get_language()} {get_script_prefix()} {super().cache_key(template_name, skip)}"

    def get_contents(self, origin: Origin) -> str:
        said: dict[str, str] = {}

        def say(found: re.Match[str]) -> str:
            tag = found.group()
            if tag not in said:
                text = self.engine.from_string(NEEDED + tag).render(Context())
                # A translation that looks like a tag would be run as one.
                said[tag] = tag if any(mark in text for mark in STILL_A_TAG) else text
            return said[tag]

        # Before Django parses it: what is written in is parsed as plain text, once.
        return ADDRESS.sub(_address, SAYS_THE_SAME.sub(say, super().get_contents(origin)))


def _address(found: re.Match[str]) -> str:
    """An address whose only parts that change are ids; every other tag as it is."""
    name, variables = found[1], found[2].split()
    if "as" in variables:
        return found[0]
    # Ids that stand in no address by chance, so that they are found again in it.
    ids = [UUID(int=0xF11F << 112 | number) for number in range(len(variables))]
    try:
        said: str = escape(reverse(name, args=ids))
    except NoReverseMatch:  # a number, or an address that is no more: Django's own to say
        return found[0]
    # Where a text may stand, it needs quoting, which an id never does.
    if any(_takes_text(name, ids, place) for place in range(len(ids))):
        return found[0]
    for one, variable in zip(ids, variables, strict=True):
        said = said.replace(str(one), f"{{{{ {variable}|in_address }}}}")
    return said


def _takes_text(name: str, ids: Sequence[UUID], place: int) -> bool:
    try:
        reverse(name, args=[*ids[:place], "text", *ids[place + 1 :]])
    except NoReverseMatch:
        return False
    return True
