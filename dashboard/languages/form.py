"""The languages of a shop's pages, and its own, as people choose them."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from dashboard.languages.names import both_names, has_messages, name_of
from lib.languages import OWN_NAMES, SHOPPERS
from merchants.languages import own_language
from merchants.models import Merchant
from storefront_pages.languages import offered

ALL: Final = "all"
SOME: Final = "some"


class LanguagesForm(forms.Form):
    """All or some, those that are ticked, and the shop's own, which is among them anyway."""

    which = forms.ChoiceField(choices=((ALL, ALL), (SOME, SOME)))
    languages = forms.MultipleChoiceField(choices=OWN_NAMES.items(), required=False)
    own = forms.ChoiceField(
        label=_("Your own language"),
        help_text=_("Pages begin in it where we do not know what a customer reads."),
    )

    def __init__(self, data: QueryDict | None, *, merchant: Merchant) -> None:
        initial = {
            "which": SOME if merchant.languages else ALL,
            "languages": offered(merchant) if merchant.languages else [],
            "own": own_language(merchant),
        }
        super().__init__(data, initial=initial)
        own = [(code, both_names(code)) for code in sorted(SHOPPERS, key=name_of)]
        self.fields["own"].choices = own  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        typed = self.cleaned_data
        if typed.get("which") == SOME and not typed.get("languages"):
            self.add_error("languages", _("Choose at least one language."))
        return typed

    @property
    def chosen(self) -> list[str]:
        """What is ticked, in the order of the list; before it is checked as well."""
        ticked = {str(code) for code in self["languages"].value() or ()}
        return [code for code in SHOPPERS if code in ticked]

    def wanted(self) -> list[str]:
        """The languages to speak; none for all."""
        return self.chosen if self.cleaned_data["which"] == SOME else []

    def rows(self) -> list[dict[str, Any]]:
        """The list to tick in, by the reader's names, those that are ticked before the others."""
        ticked, own = self.chosen, self["own"].value()
        codes = sorted(SHOPPERS, key=lambda code: (code not in ticked, code != own, name_of(code)))
        return [
            {
                "code": code,
                "own": OWN_NAMES[code],
                "name": name_of(code),
                "is_chosen": code in ticked,
                "has_messages": has_messages(code),
            }
            for code in codes
        ]
