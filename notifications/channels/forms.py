"""What a provider is to a merchant: a name, a form to fill in, a channel made of the answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.functional import Promise

from notifications.channels.base import Account, Channel


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that a provider's form asks for. `choices` are (value, label); the first is taken
    where nothing is chosen. `is_long` is text of several lines."""

    name: str
    label: Promise | str
    help: Promise | str = ""
    is_secret: bool = False
    is_optional: bool = False
    choices: Sequence[tuple[str, Promise | str]] = ()
    initial: str = ""
    is_long: bool = False


@dataclass(frozen=True, slots=True)
class Provider:
    """One company (or protocol) that carries a channel's messages.

    `docs` is the address of its public documentation; `hooks` says that it posts receipts to
    `/hooks/channel/<slug>/<token>/`. `sender_label` names what the merchant writes under there;
    "" asks for none. `problems` says what is wrong with a filled-in form, by field.
    """

    slug: str
    label: Promise | str
    docs: str
    fields: Sequence[Field]
    make: Callable[[Account], Channel]
    sender_label: Promise | str = ""
    sender_help: Promise | str = ""
    about: Promise | str = ""
    hooks: bool = False
    presets: Sequence[Preset] = ()
    problems: Callable[[Mapping[str, str]], Mapping[str, Promise | str]] = lambda values: {}

    def missing(self, account: Account) -> list[str]:
        """The names of the fields that must be filled in and are not."""
        given = {**account.config, **account.secrets}
        return [one.name for one in self.fields if not (one.is_optional or given.get(one.name))]


@dataclass(frozen=True, slots=True)
class Preset:
    """A form filled in for a company whose public documentation (`docs`) says how."""

    slug: str
    label: str
    docs: str
    values: dict[str, str] = field(default_factory=dict)
