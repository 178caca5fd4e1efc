"""What a merchant types to connect an account: fields for what the provider declares."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from dashboard.channels.words import provider_of
from lib.phones import e164
from notifications.channels.forms import Field, Provider
from notifications.channels.registry import Kind, Reach
from notifications.models import ChannelSetting

_LONGEST: Final = 4000
_SMS_SENDER: Final = re.compile(r"\+?[0-9]{3,15}|[A-Za-z0-9 ._-]{3,11}|MG[0-9a-f]{32}")


class AccountForm(forms.Form):
    """The provider's fields; a secret that is kept already need not be typed again."""

    def __init__(
        self,
        kind: Kind,
        provider: Provider,
        data: Mapping[str, Any] | None,
        *,
        row: ChannelSetting | None,
        preset: Mapping[str, str],
    ) -> None:
        self._kind, self._provider = kind, provider
        is_same = provider_of(kind, row) is provider
        kept: Mapping[str, Any] = row.config if row and is_same else {}
        self._is_kept = is_same and bool(row and row.secrets)
        initial = {one.name: one.initial for one in provider.fields}
        initial |= {name: value for name, value in kept.items() if name in initial} | dict(preset)
        initial["sender"] = row.sender if row and is_same else ""
        super().__init__(data, initial=initial)
        if provider.sender_label:
            self.fields["sender"] = forms.CharField(
                label=str(provider.sender_label), help_text=str(provider.sender_help),
                max_length=254, widget=forms.TextInput({"dir": "ltr", "autocomplete": "off"}),
            )  # fmt: skip
        for one in provider.fields:
            self.fields[one.name] = self._field(one)

    def _field(self, one: Field) -> forms.Field:
        if one.choices:
            return forms.ChoiceField(
                label=str(one.label), help_text=str(one.help), choices=one.choices
            )
        attrs = {"dir": "ltr", "autocomplete": "off"}
        widget: forms.Widget = forms.Textarea(attrs) if one.is_long else forms.TextInput(attrs)
        help_text = str(one.help)
        if one.is_secret:
            widget = forms.PasswordInput(attrs)
            if self._is_kept:
                help_text = _("Kept. Type it only to replace it.")
        return forms.CharField(
            label=str(one.label), help_text=help_text, widget=widget, max_length=_LONGEST,
            required=not (one.is_optional or (one.is_secret and self._is_kept)),
        )  # fmt: skip

    def clean_sender(self) -> str:
        sender = str(self.cleaned_data["sender"]).strip()
        if self._kind.reach is Reach.EMAIL:
            try:
                validate_email(sender)
            except ValidationError as error:
                words = _("Enter an address such as hello@shop.example.")
                raise forms.ValidationError(words) from error
        elif self._kind.slug == "whatsapp" and e164(sender, country="") != sender:
            raise forms.ValidationError(_("Enter a number such as +97141234567."))
        elif not _SMS_SENDER.fullmatch(sender):
            words = _("Enter a number such as +97141234567, or a name of 3 to 11 letters.")
            raise forms.ValidationError(words)
        return sender

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors:
            given = {name: str(value) for name, value in cleaned.items()}
            for name, words in self._provider.problems(given).items():
                if not (self._is_kept and self._is_secret(name)):
                    self.add_error(name, str(words))
        return cleaned

    def _is_secret(self, name: str) -> bool:
        return any(one.name == name and one.is_secret for one in self._provider.fields)

    def config(self) -> dict[str, str]:
        """What is no secret."""
        return self._typed(is_secret=False)

    def secrets(self) -> dict[str, str]:
        """What is one, as far as it was typed."""
        return self._typed(is_secret=True)

    def _typed(self, *, is_secret: bool) -> dict[str, str]:
        return {
            one.name: str(self.cleaned_data[one.name]).replace("\r\n", "\n").strip()
            for one in self._provider.fields
            if one.is_secret is is_secret and self.cleaned_data.get(one.name)
        }


class TestForm(forms.Form):
    """To whom a test goes."""

    __test__ = False  # no test of pytest's

    to = forms.CharField(
        max_length=80, widget=forms.TextInput({"dir": "ltr", "autocomplete": "off"})
    )

    def __init__(self, kind: Kind, country: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._kind, self._country = kind, country
        is_phone = kind.reach is Reach.PHONE
        self.fields["to"].label = _("Your number") if is_phone else _("Your LINE user ID")

    def clean_to(self) -> str:
        to = str(self.cleaned_data["to"]).strip()
        if self._kind.reach is not Reach.PHONE:
            return to
        number = e164(to, country=self._country)
        if not number:
            raise forms.ValidationError(_("Enter a number such as +97141234567."))
        return number
