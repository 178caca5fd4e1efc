"""The look as people type it: checked field by field, what is right apart from what is not."""

from __future__ import annotations

import re
from typing import Any, Final

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dashboard.block_order import posted_order
from dashboard.brand_files import FILES, FONT
from dashboard.brand_links import LINKS, PLACES, is_web_address
from dashboard.languages.names import both_names
from lib.formats import is_rtl
from merchants.looks import TRANSLATED
from merchants.models import Brand, BrandDraft
from storefront_pages.colours import is_hex
from storefront_pages.style import OWN

LARGEST_RADIUS: Final = 24
#: What the form calls the empty scheme: an empty choice would be drawn as none.
AUTOMATIC: Final = "auto"
FONTS: Final = (
    ("system", pgettext_lazy("font", "System: what the reader’s machine uses")),
    ("humanist", pgettext_lazy("font", "Humanist: open and friendly")),
    ("geometric", pgettext_lazy("font", "Geometric: round and modern")),
    ("serif", pgettext_lazy("font", "Serif: bookish")),
    ("rounded", pgettext_lazy("font", "Rounded: soft")),
    ("mono", pgettext_lazy("font", "Mono: technical")),
    (OWN, pgettext_lazy("font", "Your own: a file of yours")),
)
SCHEMES: Final = (
    (AUTOMATIC, _("Light by day, dark by night: as the reader’s machine is set")),
    ("light", _("Always light")),
    ("dark", _("Always dark")),
)
#: Columns with one field of the same name each.
_PLAIN: Final = (
    "name", "accent", "background", "font", "radius", "notice_until", "support_email",
    "support_phone", "hide_carrier", "hide_origin", "page_root",
)  # fmt: skip
_PHONE: Final = re.compile(r"\+?[\d\s().-]{5,30}")
#: A path of a site, of letters, digits and dashes, without anything behind it.
_PAGE_ROOT: Final = re.compile(r"https://[^/?#@\s]+/(?:[\w-]+/)+", re.ASCII)
_LTR: Final = {"dir": "ltr", "autocomplete": "off"}


class LookForm(forms.Form):
    """Everything the editor offers. Texts have a field for each of the shop's languages."""

    name = forms.CharField(label=_("Name of the shop"), max_length=120)
    accent = forms.CharField(label=_("Your colour"), max_length=20)
    background = forms.CharField(label=_("Background"), max_length=20)
    font = forms.ChoiceField(label=_("Font"), choices=FONTS)
    scheme = forms.ChoiceField(label=_("Light or dark"), choices=SCHEMES)
    radius = forms.IntegerField(label=_("Corners"), min_value=0, max_value=LARGEST_RADIUS)
    notice_until = forms.DateField(
        label=_("Last day of the notice"),
        required=False,
        help_text=_("It disappears by itself the day after. Left empty, it stays."),
        widget=forms.DateInput(attrs=_LTR, format="%Y-%m-%d"),
    )
    support_email = forms.EmailField(
        label=_("E-mail for questions"), required=False, widget=forms.EmailInput(attrs=_LTR)
    )
    support_phone = forms.CharField(
        label=_("Phone for questions"),
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs=_LTR | {"type": "tel"}),
    )

    page_root = forms.CharField(
        label=_("Address of the pages at your own site"),
        required=False,
        max_length=80,
        help_text=_("Publish it once your proxy answers there: messages lead to it from then on."),
        widget=forms.TextInput(attrs=_LTR | {"placeholder": "https://shop.example/tracking/"}),
    )
    hide_carrier = forms.BooleanField(
        label=_("Do not name the carrier"),
        required=False,
        help_text=_(
            "Pages and messages say “the carrier”, without its name, its own words and its links."
        ),
    )
    hide_origin = forms.BooleanField(
        label=_("Do not say where parcels come from"),
        required=False,
        help_text=_("Scans before the country of delivery are shown without their place."),
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        files: MultiValueDict[str, UploadedFile[Any]] | None = None,
        *,
        languages: list[str],
        draft: BrandDraft,
    ) -> None:
        """`languages` are the shop's, its own first."""
        super().__init__(data, files, initial=_initial(draft, languages))
        self.languages = languages
        self.draft = draft
        for language in languages:
            attrs = {"lang": language, "dir": "rtl" if is_rtl(language) else "ltr"}
            for name, longest in (("tagline", 140), ("notice", 200)):
                self.fields[f"{name}_{language}"] = forms.CharField(
                    label=both_names(language), required=False, max_length=longest,
                    widget=forms.TextInput(attrs=attrs),
                )  # fmt: skip
        for links in LINKS:
            self.fields.update(links.fields(languages))
        for group in (*PLACES, *FILES):
            self.fields.update(group.fields())

    def clean_accent(self) -> str:
        return _colour(self.cleaned_data["accent"])

    def clean_background(self) -> str:
        return _colour(self.cleaned_data["background"])

    def clean_support_phone(self) -> str:
        phone = str(self.cleaned_data["support_phone"])
        if phone and not _PHONE.fullmatch(phone):
            raise forms.ValidationError(_("Enter a number such as +971 4 123 4567."))
        return phone

    def clean_page_root(self) -> str:
        root = str(self.cleaned_data["page_root"])
        if root and not root.endswith("/"):
            root += "/"
        if root and not (_PAGE_ROOT.fullmatch(root) and is_web_address(root)):
            raise forms.ValidationError(
                _("Enter an address such as https://shop.example/tracking/.")
            )
        return root

    def clean_scheme(self) -> str:
        scheme = str(self.cleaned_data["scheme"])
        return "" if scheme == AUTOMATIC else scheme

    def clean(self) -> dict[str, Any]:
        for links in LINKS:
            links.check(self, self.languages)
        for group in (*PLACES, *FILES):
            group.check(self)
        if self.cleaned_data.get(FONT.upload):
            self.cleaned_data["font"] = OWN
        elif self.cleaned_data.get("font") == OWN and not self.draft.own_font_digest:
            self.add_error("font", _("Choose a file for your own font below."))
        return self.cleaned_data

    def values(self, published: Brand) -> dict[str, Any]:
        """Columns of the draft, as far as what was typed is right; the rest stays as it was."""
        typed, draft = self.cleaned_data, self.draft
        found: dict[str, Any] = {name: typed[name] for name in (*_PLAIN, "scheme") if name in typed}
        for file in FILES:
            found |= file.values(self, draft, published)
        for links in LINKS:
            found |= links.values(self, self.languages)
        for places in PLACES:
            found |= places.values(self)
        if isinstance(self.data, QueryDict):
            found["blocks"] = posted_order(self.data, draft.blocks)
        return found | self._texts()

    def _texts(self) -> dict[str, Any]:
        """What is one text in the shop's language and others by language."""
        typed, draft, found = self.cleaned_data, self.draft, {}
        first, *others = self.languages
        translations = {code: dict(texts) for code, texts in draft.translations.items()}
        for name in TRANSLATED:
            found[name] = typed.get(f"{name}_{first}", getattr(draft, name))
            for code in others:
                if f"{name}_{code}" in typed:
                    translations.setdefault(code, {})[name] = typed[f"{name}_{code}"]
        found["translations"] = {
            code: kept
            for code, texts in translations.items()
            if (kept := {name: text for name, text in texts.items() if text})
        }
        return found


def _initial(draft: BrandDraft, languages: list[str]) -> dict[str, Any]:
    """What the form shows before anything is typed."""
    found: dict[str, Any] = {name: getattr(draft, name) for name in _PLAIN}
    found["scheme"] = draft.scheme or AUTOMATIC
    first, *others = languages
    for name in TRANSLATED:
        found[f"{name}_{first}"] = getattr(draft, name)
        for code in others:
            found[f"{name}_{code}"] = draft.translations.get(code, {}).get(name, "")
    for links in LINKS:
        found |= links.initial(getattr(draft, links.column), languages)
    for places in PLACES:
        found |= places.initial(getattr(draft, places.column))
    for file in FILES:
        found[file.removal] = not getattr(draft, file.kind)
    return found


def _colour(text: str) -> str:
    colour = text.strip().lower()
    if not is_hex(colour):
        raise forms.ValidationError(_("Enter a colour such as #2f5bd7."))
    return colour
