"""What people type to connect a carrier, checked: fields for what its adapter declares."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from carriers.base import Carrier
from dashboard.credential_words import credential_label


class CredentialsForm(forms.Form):
    """A field for each thing the adapter needs; what is secret is never shown back."""

    def __init__(
        self,
        carrier: Carrier,
        *args: Any,
        is_new: bool,
        has_shared: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        typed = [one for one in carrier.secrets if not one.made_by_us]
        self.has_secrets = bool(typed)
        self._required = [f"secret_{one.name}" for one in typed if not one.optional]
        if is_new:
            self.fields["account_name"] = forms.CharField(
                label=_("Name"), required=False, max_length=80,
                help_text=_("Only for you, where there are several accounts."),
            )  # fmt: skip
        if has_shared:
            self.fields["use_shared"] = forms.BooleanField(
                label=_("Use this platform’s account, in fair shares"), required=False,
                help_text=_("Then there is nothing else to type."),
            )  # fmt: skip
        for one in typed:
            attrs = {"dir": "ltr", "autocomplete": "off"}
            widget = forms.PasswordInput(attrs) if one.secret else forms.TextInput(attrs)
            self.fields[f"secret_{one.name}"] = forms.CharField(
                label=credential_label(one.label),
                required=not one.optional and not has_shared,
                max_length=2000,
                widget=widget,
            )
        if carrier.is_asked:
            self._add_limits(carrier)

    def _add_limits(self, carrier: Carrier) -> None:
        """Accounts with higher limits than the carrier's usual ones."""
        usual = carrier.limits
        self.fields["calls_per_second"] = forms.FloatField(
            label=_("Calls a second"), required=False, min_value=0.01, max_value=1000,
            help_text=_("Only where the carrier granted you other limits than its usual ones."),
            widget=forms.NumberInput({"dir": "ltr", "placeholder": f"{usual.per_second or ''}"}),
        )  # fmt: skip
        self.fields["calls_per_day"] = forms.IntegerField(
            label=_("Calls a day"), required=False, min_value=1, max_value=100_000_000,
            widget=forms.NumberInput({"dir": "ltr", "placeholder": f"{usual.per_day or ''}"}),
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Without the shared account, what the carrier needs must be typed."""
        cleaned = super().clean() or {}
        if not cleaned.get("use_shared"):
            for name in self._required:
                if name not in self.errors and not cleaned.get(name):
                    self.add_error(name, _("This field is required."))
        return cleaned

    def secrets(self) -> dict[str, str]:
        """Name to value, without what was left empty."""
        return {
            name.removeprefix("secret_"): value.strip()
            for name, value in self.cleaned_data.items()
            if name.startswith("secret_") and value and value.strip()
        }
