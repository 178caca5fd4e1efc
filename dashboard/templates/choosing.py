"""Which text an address means, and what goes out for it now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import Http404
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from dashboard.shell import address
from lib import formats
from lib.languages import spoken
from merchants.access import MerchantRequest
from merchants.models import Merchant
from notifications.channels import registry
from notifications.channels.registry import CHANNELS, Kind
from notifications.models import Template
from notifications.templates.keeping import Which
from notifications.texts import LANGUAGES
from notifications.triggers import TRIGGERS, Trigger
from notifications.writing import SHAPES


@dataclass(frozen=True, slots=True)
class Chosen:
    """A text that can be edited, with what it belongs to."""

    which: Which
    trigger: Trigger
    kind: Kind

    @property
    def has_subject(self) -> bool:
        return self.kind.shape in {"letter", "note"}

    @property
    def may_promote(self) -> bool:
        """WhatsApp's templates about orders ("utility") carry no promotion."""
        return self.kind.shape != "chat" or self.trigger.is_marketing

    @property
    def written_in(self) -> str:
        """The language that we write it in: "ar" of "ar-SA"."""
        return base_of(self.which.language)


def chosen(topic: str, channel: str, language: str) -> Chosen:
    """What an address means; 404 where there is no such text."""
    kind = CHANNELS.get(channel)
    if topic not in TRIGGERS or kind is None or kind.shape not in SHAPES:
        raise Http404
    if not base_of(language):
        raise Http404
    return Chosen(Which(topic, channel, language), TRIGGERS[topic], kind)


def base_of(language: str) -> str:
    """The one of our languages that a tag is or begins with ("ar-SA" is "ar"); "" for none."""
    if language in LANGUAGES:
        return language
    base, _dash, region = language.rpartition("-")
    is_region = len(region) == 2 and region.isascii() and region.isupper()
    return base if base in LANGUAGES and is_region else ""


def kinds() -> Sequence[Kind]:
    """The channels whose messages can be written, of those that are set up."""
    return [kind for kind in registry.ready() if kind.shape in SHAPES]


def languages_of(merchant: Merchant) -> list[str]:
    """What we write in, the shop's own languages first."""
    wishes = (merchant.default_language, *merchant.languages)
    first = [found for one in wishes if (found := spoken(one, known=LANGUAGES))]
    return list(dict.fromkeys([*first, *LANGUAGES]))


def language_name(tag: str) -> str:
    """ "Arabic", "Arabic (Saudi Arabia)"; in the reader's language."""
    return formats.language_name(tag, get_language() or "en")


def what_goes(which: Which, own: Mapping[Which, Template]) -> tuple[str, str]:
    """How a text stands: a tone, and the words ("Yours, version 3")."""
    row = own.get(which)
    if row is None:
        return "quiet", _("Ours")
    if row.problem:
        return "act", _("Broken, ours goes")
    return "good", _("Yours, version %(n)s") % {"n": row.version}


def own_of(merchant: Merchant) -> dict[Which, Template]:
    """All of the shop's texts, by which they are; in its scope."""
    rows = Template.objects.filter(merchant_id=merchant.pk)
    return {Which(row.topic, row.channel, row.language): row for row in rows}


def path_of(request: MerchantRequest, which: Which, route: str = "template_edit") -> str:
    """The address of the editor, or of another page of this text."""
    return address(request, route, which.topic, which.channel, which.language)
