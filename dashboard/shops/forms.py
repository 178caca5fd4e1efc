"""What people type to connect a shop, and to say what its statuses mean, checked."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dashboard.credential_words import credential_label
from lib.vocabulary import Milestone
from stores.base import Store, StoreError, Way
from stores.shop import WriteKind
from tracking.order_changes import ON_HOLD, OUT_OF_STOCK


class ConnectForm(forms.Form):
    """The fields that one way of connecting a platform needs; `is_again`: the shop is known."""

    def __init__(self, store: Store, way: Way, *args: Any, is_again: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._store = store
        if store.shop_label and not is_again:
            self.fields["shop"] = forms.CharField(
                label=credential_label(store.shop_label),
                max_length=255,
                widget=forms.TextInput(
                    {"dir": "ltr", "autocomplete": "url", "placeholder": store.shop_example}
                ),
            )
        if way == "keys":
            self._add_secrets()
        if not is_again:
            self.fields["store_name"] = forms.CharField(
                label=_("Name"), max_length=120, required=False,
                help_text=_("Left empty, the shop’s own name is taken."),
            )  # fmt: skip

    def _add_secrets(self) -> None:
        for one in self._store.secrets:
            if one.made_by_us:
                continue
            attrs = {"dir": "ltr", "autocomplete": "off"}
            widget = forms.PasswordInput(attrs) if one.secret else forms.TextInput(attrs)
            self.fields[f"secret_{one.name}"] = forms.CharField(
                label=credential_label(one.label),
                required=not one.optional,
                max_length=4000,
                widget=widget,
            )

    def clean_shop(self) -> str:
        """In the form that the platform names its shops."""
        try:
            return self._store.shop_name(str(self.cleaned_data["shop"]))
        except StoreError as error:
            raise forms.ValidationError(str(error)) from error

    def secrets(self) -> dict[str, str]:
        """Name to value, without what was left empty."""
        return {
            name.removeprefix("secret_"): value.strip()
            for name, value in self.cleaned_data.items()
            if name.startswith("secret_") and value and value.strip()
        }


_MEANINGS = (
    ("", _("No milestone of ours")),
    (str(Milestone.CONFIRMED), _("The order is confirmed")),
    (str(Milestone.PACKED), _("The order is packed")),
    (ON_HOLD, _("The order is on hold")),
    (OUT_OF_STOCK, _("Something is out of stock")),
)
_WRITES: dict[WriteKind, tuple[Any, Any]] = {
    "parcel": (
        _("Where the parcel is, and its date"),
        _("Milestones appear in the shop’s own order page, for you and for the shopper."),
    ),
    "address": (
        _("A corrected address"),
        _("What the shopper or your team mends before dispatch is changed in the shop as well."),
    ),
    "tags": (
        _("A tag on the order"),
        _("homeward-delivered, homeward-attempt-failed and so on, to filter orders by."),
    ),
    "note": (
        _("A note on the order"),
        _("One line for each change, for your own people only."),
    ),
}


class StatusesForm(forms.Form):
    """What each of the shop's own statuses means; `statuses` as the shop writes them."""

    def __init__(self, statuses: Iterable[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._statuses = list(statuses)
        for index, status in enumerate(self._statuses):
            self.fields[f"status_{index}"] = forms.ChoiceField(
                label=status, choices=_MEANINGS, required=False
            )

    @classmethod
    def showing(cls, statuses: Iterable[str], status_map: dict[str, str]) -> StatusesForm:
        """The form with what is chosen now."""
        known = list(statuses)
        initial = {f"status_{index}": status_map.get(word, "") for index, word in enumerate(known)}
        return cls(known, initial=initial)

    def status_map(self) -> dict[str, str]:
        """The shop's words with a meaning, as `StoreConnection.status_map` keeps them."""
        chosen = {
            word: self.cleaned_data.get(f"status_{index}", "")
            for index, word in enumerate(self._statuses)
        }
        return {word: meaning for word, meaning in chosen.items() if meaning}


class WritesForm(forms.Form):
    """What is written back to the shop, of what its platform has a place for."""

    def __init__(self, store: Store, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind, (label, help_text) in _WRITES.items():
            if kind in store.writes:
                self.fields[f"write_{kind}"] = forms.BooleanField(
                    label=label, help_text=help_text, required=False
                )

    def writes(self) -> list[str]:
        """The kinds that are wanted, as `StoreConnection.writes` keeps them."""
        return [name.removeprefix("write_") for name, wanted in self.cleaned_data.items() if wanted]


class BuyersForm(forms.Form):
    """Whether the buyers of this shop hear from us."""

    may_message = forms.BooleanField(
        label=_("Messages to the buyers of this shop"),
        help_text=_(
            "Marketplaces forbid most messages beside their own: read their rules before switching "
            "this on. The tracking page works either way."
        ),
        required=False,
    )
