"""A text as WhatsApp takes it: fixed words with {{1}}, {{2}} … where they change. Pure.

The rules are Meta's: https://developers.facebook.com/docs/whatsapp/message-templates/guidelines
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from notifications.rendering import Own, Telling, follow_words, to_pay_line
from notifications.templates.blocks import WORDS, Part, parts_of
from notifications.templates.liquid import Broken, fill, read
from notifications.templates.mail import order_word
from notifications.templates.variables import VARIABLES, values_of
from notifications.texts import CASE, TEXTS

LONGEST: Final = 1024
_NUMBER: Final = re.compile(r"\{\{(\d+)\}\}")
#: Marks around a variable's name while a form is put together: private characters of Unicode.
_OPEN, _CLOSE = "\ue000", "\ue001"
_MARK: Final = re.compile(f"{_OPEN}([\\w.]+){_CLOSE}")
#: Nothing that decides: a form's words are fixed.
_TAGS: Final = frozenset({"button", "pay", "sorry", "date", "comment", "#"})
_FILTERS: Final = frozenset({"default", "escape", "strip", "money"})
#: What stands for the heading with what is to be paid, as one sentence.
_SAID: Final = "said"
#: Our texts' placeholders, by the names of templates' variables.
_OURS: Final = {"number": "order.number", "carrier": "parcel.carrier", "name": "customer.name",
                "amount": "amount", "code": "code", "worth": "worth"}  # fmt: skip


class Unfit(Exception):
    """A text that cannot be made a form, in words for the merchant."""


@dataclass(frozen=True, slots=True)
class Form:
    """What is handed in: `variables` by number, as paths of the template's variables."""

    body: str
    variables: Sequence[str]

    def filled(self, values: Mapping[str, str]) -> str:
        """The text with these values, by number ("1")."""
        return _NUMBER.sub(lambda found: values.get(found[1], ""), self.body)


def form_of(telling: Telling) -> Form:
    """The form of what this topic says in this language: the merchant's own words in `telling`,
    else ours. Raises Unfit."""
    with override(telling.language):
        body = _own_body(telling.own) if telling.own.body else _our_body(telling)
        shop = telling.look.shop
        lines = [
            _("Hello %(name)s,") % {"name": _mark("customer.name")},
            f"*{_mark(_SAID)}*",
            body,
            f"{order_word()} {_mark('order.number')}\n{follow_words(telling)}: {_mark('link')}",
            shop,
        ]
        return _numbered("\n\n".join(line for line in lines if line))


def problems(form: Form) -> list[str]:
    """What WhatsApp would refuse it for, in words; empty where it may be handed in."""
    found = []
    text = form.body.strip()
    if len(text) > LONGEST:
        words = _("It is %(n)s characters long; WhatsApp takes %(most)s.")
        found.append(words % {"n": len(text), "most": LONGEST})
    if text.startswith("{{"):
        found.append(_("It begins with something that changes; WhatsApp wants words there."))
    if text.endswith("}}"):
        found.append(_("It ends with something that changes; WhatsApp wants words there."))
    if re.search(r"\}\}\s*\{\{", text):
        found.append(_("Two things that change stand side by side; WhatsApp wants words between."))
    return found


def checked(form: Form) -> Form:
    """The form, if it may be handed in. Raises Unfit."""
    wrong = problems(form)
    if wrong:
        raise Unfit(" ".join(wrong))
    return form


def values_for(form: Form, telling: Telling) -> dict[str, str]:
    """What its numbers stand for in one message. None is empty, none has a line break: WhatsApp
    takes neither."""
    with override(telling.language):
        known = values_of(telling)
        return {
            str(nth): " ".join(_value(path, known, telling).split())
            for nth, path in enumerate(form.variables, start=1)
        }


def examples_for(form: Form) -> dict[str, str]:
    """An example for each number: WhatsApp's reviewers want to see one."""
    shown = {one.name: one.example for one in VARIABLES}
    shown[_SAID] = shown["heading"]
    return {str(nth): shown[path] for nth, path in enumerate(form.variables, start=1)}


def _own_body(own: Own) -> str:
    try:
        template = read(own.body)
        found = template.analyze(include_partials=False)
        if set(found.tags) - _TAGS or set(found.filters) - _FILTERS:
            raise Unfit(
                _("WhatsApp approves fixed words: no conditions, loops or filters but default.")
            )
        parts = parts_of(fill(own.body, _marks()))
    except Broken as broken:
        raise Unfit(str(broken)) from broken
    return "\n\n".join(line for line in map(_line, parts) if line)


def _line(part: Part) -> str:
    if part.kind == WORDS:
        return part.words
    if part.kind == "sorry":
        return _("We are sorry that it takes longer than we said.")
    # The page's link, the date and what is to be paid stand in every form already.
    return ""


def _our_body(telling: Telling) -> str:
    if telling.topic == CASE:
        return f"{telling.look.shop}: {_mark('answer')}"
    values = {"shop": telling.look.shop} | {one: _mark(path) for one, path in _OURS.items()}
    return _(TEXTS[telling.topic].body) % values


def _mark(path: str) -> str:
    return f"{_OPEN}{path}{_CLOSE}"


def _marks() -> dict[str, Any]:
    """Every variable as its own mark, nested as templates name them."""
    found: dict[str, Any] = {}
    for one in VARIABLES:
        if one.name == "items":
            continue
        root, _dot, leaf = one.name.partition(".")
        if leaf:
            found.setdefault(root, {})[leaf] = _mark(one.name)
        else:
            found[root] = _mark(one.name)
    return found


def _numbered(text: str) -> Form:
    paths = list(dict.fromkeys(_MARK.findall(text)))
    numbers = {path: nth for nth, path in enumerate(paths, start=1)}
    body = _MARK.sub(lambda found: "{{" + str(numbers[found[1]]) + "}}", text)
    return Form(body, paths)


def _value(path: str, known: Mapping[str, Any], telling: Telling) -> str:
    if path == _SAID:
        parts = (telling.sentence, to_pay_line(telling))
        return ". ".join(part.rstrip(".") for part in parts if part)
    value: Any = known
    for step in path.split("."):
        value = value.get(step, "") if isinstance(value, Mapping) else ""
    if not str(value).strip() and path.startswith("customer."):
        return pgettext("instead of a name that is not known", "dear customer")
    return str(value).strip() or "–"
