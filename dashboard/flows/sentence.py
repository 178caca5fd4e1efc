"""A rule as a sentence that a merchant reads: when, whom, by what, how much later, and only if.

Whole sentences with places for names, so that each language can put them in its own order.
Everything is escaped; what the reader looks for is set in <strong>.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.html import conditional_escape, escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, npgettext, pgettext, pgettext_lazy

from lib import formats
from notifications.calm import Peace
from notifications.channels.registry import Kind, label_of
from notifications.rules import Ruling, Ways, chains_of
from notifications.triggers import BUYER, FRONT_DESK, RECEIVER

_ROLES: Final[Mapping[str, Promise]] = {
    BUYER: pgettext_lazy("who is told", "the buyer"),
    RECEIVER: pgettext_lazy("who is told", "the receiver"),
    FRONT_DESK: pgettext_lazy("who is told", "the front desk"),
}
#: Channels inside a sentence; those that are not here by their label.
_BY: Final[Mapping[str, Promise]] = {
    "email": pgettext_lazy("by which way", "e-mail"),
    "webpush": pgettext_lazy("by which way", "a note in the browser"),
    "inbox": pgettext_lazy("by which way", "the list of messages on the page"),
}


@dataclass(frozen=True, slots=True)
class Names:
    """What the slugs in rules are called, in the reader's language."""

    language: str
    stores: Mapping[str, str]
    carriers: Mapping[str, str]
    countries: Mapping[str, str]
    languages: Mapping[str, str]


def sentence(rule: Ruling, *, kinds: Mapping[str, Kind], peace: Peace, names: Names) -> SafeString:
    """`kinds`: the channels that are on; a chain is read without the others."""
    chains = usable(chains_of(rule), kinds)
    said: list[str] = [_main(rule, chains, names.language), *_limits(rule, names)]
    said.append(_night(rule, chains, kinds, peace, names.language))
    return mark_safe(" ".join(one for one in said if one))  # noqa: S308 - each part is escaped


def usable(ways: Ways, kinds: Collection[str]) -> list[list[str]]:
    """The chains as far as their channels are on; an empty chain is none."""
    known = [[slug for slug in chain if slug in kinds] for chain in ways]
    return [chain for chain in known if chain]


def _main(rule: Ruling, chains: Sequence[Sequence[str]], language: str) -> SafeString:
    when = _strong(rule.trigger.when)
    if not chains or not rule.roles:
        return _put(_("When %(when)s, nobody is told: no way that is switched on is chosen."),
                    when=when)  # fmt: skip
    whom = _strong(formats.listing([str(_ROLES[role]) for role in rule.roles], language))
    ways = _strong(formats.listing([_chain(chain) for chain in chains], language))
    if not rule.delay_minutes:
        text = (
            _("When %(when)s and this is still so, tell %(whom)s by %(ways)s.")
            if rule.still
            else _("When %(when)s, tell %(whom)s by %(ways)s.")
        )
        return _put(text, when=when, whom=whom, ways=ways)
    text = (
        _("When %(when)s, wait %(time)s and, if it is still so, tell %(whom)s by %(ways)s.")
        if rule.still
        else _("When %(when)s, wait %(time)s and tell %(whom)s by %(ways)s.")
    )
    return _put(text, when=when, time=_strong(duration(rule.delay_minutes)), whom=whom, ways=ways)


def duration(minutes: int) -> str:
    """ "2 hours", in the largest unit that leaves nothing over."""
    if minutes % (24 * 60) == 0:
        n = minutes // (24 * 60)
        return npgettext("how long to wait", "%(n)s day", "%(n)s days", n) % {"n": n}
    if minutes % 60 == 0:
        n = minutes // 60
        return npgettext("how long to wait", "%(n)s hour", "%(n)s hours", n) % {"n": n}
    return npgettext("how long to wait", "%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}


def named(slug: str) -> str:
    """A channel as it is called inside a sentence."""
    return str(_BY.get(slug) or label_of(slug))


def _chain(chain: Sequence[str]) -> str:
    """ "WhatsApp (else SMS)"."""
    first, *rest = [named(slug) for slug in chain]
    if not rest:
        return first
    if len(rest) == 1:
        return _("%(first)s (else %(second)s)") % {"first": first, "second": rest[0]}
    return _("%(first)s (else %(second)s, else %(third)s)") % {
        "first": first,
        "second": rest[0],
        "third": ", ".join(rest[1:]),
    }


def _night(
    rule: Ruling,
    chains: Sequence[Sequence[str]],
    kinds: Mapping[str, Kind],
    peace: Peace,
    language: str,
) -> SafeString | str:
    rings = dict.fromkeys(slug for chain in chains for slug in chain if kinds[slug].rings)
    if not rings or rule.at_night or peace.quiet_from == peace.quiet_to or not rule.roles:
        return ""
    return _put(
        _("Between %(first)s and %(last)s there, %(ways)s can wait until morning."),
        first=formats.time_of_day(peace.quiet_from, language),
        last=formats.time_of_day(peace.quiet_to, language),
        ways=formats.listing([named(slug) for slug in rings], language),
    )


def _limits(rule: Ruling, names: Names) -> list[SafeString]:
    found: list[SafeString] = []
    clauses = [
        _CLAUSES[name](wanted, names) for name, wanted in rule.conditions.items() if _asks(wanted)
    ]
    if clauses:
        found.append(
            _put(
                pgettext("conditions of a rule", "Only if %(conditions)s."),
                conditions=_strong(formats.listing(clauses, names.language)),
            )
        )
    if rule.least_days:
        n = rule.least_days
        text = ngettext(
            "Only if the date moves by %(n)s day or more.",
            "Only if the date moves by %(n)s days or more.",
            n,
        )
        found.append(_put(text, n=n))
    if rule.trigger.is_marketing:
        found.append(_put(_("Only those who agreed to offers.")))
    return found


def _asks(wanted: Any) -> bool:
    return wanted is False or bool(wanted)


def _either(slugs: Sequence[str], known: Mapping[str, str], language: str) -> str:
    return formats.listing([known.get(slug, slug) for slug in slugs], language, either=True)


def _amount(wanted: str, names: Names) -> str:
    return formats.number(Decimal(wanted), names.language)


_CLAUSES: Final[Mapping[str, Callable[[Any, Names], str]]] = {
    "stores": lambda wanted, names: (
        _("the order is from %(stores)s")
        % {"stores": _either(wanted, names.stores, names.language)}
    ),
    "countries": lambda wanted, names: (
        _("it goes to %(countries)s")
        % {"countries": _either(wanted, names.countries, names.language)}
    ),
    "carriers": lambda wanted, names: (
        _("the carrier is %(carriers)s")
        % {"carriers": _either(wanted, names.carriers, names.language)}
    ),
    "tags": lambda wanted, names: (
        _("the order has the tag %(tags)s")
        % {"tags": _either([f"“{tag}”" for tag in wanted], {}, names.language)}
    ),
    "languages": lambda wanted, names: (
        _("the reader’s language is %(languages)s")
        % {"languages": _either(wanted, names.languages, names.language)}
    ),
    "least_value": lambda wanted, names: (
        _("the order comes to %(amount)s or more") % {"amount": _amount(wanted, names)}
    ),
    "most_value": lambda wanted, names: (
        _("the order comes to %(amount)s or less") % {"amount": _amount(wanted, names)}
    ),
    "cash": lambda wanted, names: (
        _("it is paid at the door") if wanted else _("nothing is paid at the door")
    ),
}


def _strong(text: Promise | str) -> SafeString:
    return format_html("<strong>{}</strong>", text)


def _put(template: str, **values: str | int) -> SafeString:
    """The translated template with its values, both escaped."""
    safe = {
        name: conditional_escape(str(value) if isinstance(value, int) else value)
        for name, value in values.items()
    }
    return mark_safe(escape(template) % safe)  # noqa: S308 - escaped above
