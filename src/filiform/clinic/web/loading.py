"""Templates are kept once for each language, with what never changes already written into them.

A page has some sixty `{% translate %}`, twenty icons and a dozen addresses of static files, and
each says the same at every look: rendering them again took a sixth of the time of a patient's page.
When a template is first asked for in a language, these tags give way to what they say.

Each is rendered by Django itself, so that escaping and fallbacks are Django's. Tags that depend on
the context (`as name`, a variable, blocktranslate) stay as they are.
"""

from __future__ import annotations

import re

from django.template import Context, Origin
from django.template.loaders.cached import Loader
from django.utils.translation import get_language

_LITERAL = r"""(?:"[^"\\{}%]*"|'[^'\\{}%]*')"""
SAYS_THE_SAME = re.compile(
    rf"{{% (?:translate {_LITERAL}(?: context {_LITERAL})?|icon {_LITERAL}|static {_LITERAL}) %}}"
)
NEEDED = "{% load i18n static %}"
STILL_A_TAG = ("{{", "{%", "{#")


class LanguageLoader(Loader):
    """Django's keeping loader, with the reader's language in the key."""

    def cache_key(self, template_name: str, skip: list[Origin] | None = None) -> str:
        return f"{get_language()} {super().cache_key(template_name, skip)}"

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
        return SAYS_THE_SAME.sub(say, super().get_contents(origin))
