"""The look as people type it: checked field by field, what is right apart from what is not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import URLValidator
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dashboard.logo_check import LARGEST, REFUSED, NotALogo, logo_type
from merchants.looks import TRANSLATED
from merchants.models import Brand, BrandDraft
from storefront_pages.colours import is_hex

LINKS: Final = 4
LARGEST_RADIUS: Final = 24
FONTS: Final = (
    ("system", pgettext_lazy("font", "System: what the reader’s machine uses")),
    ("humanist", pgettext_lazy("font", "Humanist: open and friendly")),
    ("geometric", pgettext_lazy("font", "Geometric: round and modern")),
    ("serif", pgettext_lazy("font", "Serif: bookish")),
    ("rounded", pgettext_lazy("font", "Rounded: soft")),
    ("mono", pgettext_lazy("font", "Mono: technical")),
)
_PHONE: Final = re.compile(r"\+?[\d\s().-]{5,30}")
_LTR: Final = {"dir": "ltr", "autocomplete": "off"}
_NO_LINK: Final = _("Enter an address that begins with https:// or http://.")


class LookForm(forms.Form):
    """Everything the editor offers. Texts have a field for each of the shop's languages."""

    name = forms.CharField(label=_("Name of the shop"), max_length=120)
    logo_file = forms.FileField(
        label=_("Logo"),
        required=False,
        help_text=_("PNG, SVG or WebP, up to 200 kB."),
        widget=forms.FileInput(attrs={"accept": ".png,.svg,.webp"}),
    )
    logo_remove = forms.BooleanField(label=_("Show the name instead of the logo"), required=False)
    accent = forms.CharField(label=_("Your colour"), max_length=20)
    background = forms.CharField(label=_("Background"), max_length=20)
    font = forms.ChoiceField(label=_("Font"), choices=FONTS)
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
        names = dict(settings.LANGUAGES)
        for language in languages:
            attrs = {"lang": language, "dir": "rtl" if language == "ar" else "ltr"}
            for name, longest in (("tagline", 140), ("notice", 200)):
                self.fields[f"{name}_{language}"] = forms.CharField(
                    label=names[language], required=False, max_length=longest,
                    widget=forms.TextInput(attrs=attrs),
                )  # fmt: skip
            for n in range(LINKS):
                self.fields[f"link_{n}_{language}"] = forms.CharField(
                    label=names[language], required=False, max_length=60,
                    widget=forms.TextInput(attrs=attrs),
                )  # fmt: skip
        for n in range(LINKS):
            self.fields[f"link_{n}_url"] = forms.CharField(
                label=_("Web address"), required=False, max_length=500,
                widget=forms.TextInput(attrs=_LTR | {"placeholder": "https://"}),
            )  # fmt: skip

    def clean_accent(self) -> str:
        return _colour(self.cleaned_data["accent"])

    def clean_background(self) -> str:
        return _colour(self.cleaned_data["background"])

    def clean_logo_file(self) -> tuple[bytes, str] | None:
        upload = self.cleaned_data.get("logo_file")
        if upload is None:
            return None
        content = upload.read(LARGEST + 1)
        try:
            return content, logo_type(content)
        except NotALogo as problem:
            raise forms.ValidationError(str(REFUSED[problem.reason])) from problem

    def clean_support_phone(self) -> str:
        phone = str(self.cleaned_data["support_phone"])
        if phone and not _PHONE.fullmatch(phone):
            raise forms.ValidationError(_("Enter a number such as +971 4 123 4567."))
        return phone

    def clean(self) -> dict[str, Any]:
        """A link has words and an address, or neither."""
        for n in range(LINKS):
            words = [self.data.get(f"link_{n}_{one}", "").strip() for one in self.languages]
            url = str(self.cleaned_data.get(f"link_{n}_url", ""))
            if url and not _is_web_address(url):
                self.add_error(f"link_{n}_url", _NO_LINK)
            elif any(words) and not self.data.get(f"link_{n}_url", "").strip():
                self.add_error(f"link_{n}_url", _("Where does this link lead?"))
            elif url and not words[0]:
                self.add_error(f"link_{n}_{self.languages[0]}", _("Give the link a name."))
        return self.cleaned_data

    def values(self, draft: BrandDraft, published: Brand) -> dict[str, Any]:
        """Columns of the draft, as far as what was typed is right; the rest stays as it was."""
        typed = self.cleaned_data
        plain = ("name", "accent", "background", "font", "radius", "notice_until")
        found = {name: typed[name] for name in plain if name in typed}
        found |= {name: typed[name] for name in ("support_email", "support_phone") if name in typed}
        if typed.get("logo_file"):
            found["logo"], found["logo_type"] = typed["logo_file"]
        elif typed.get("logo_remove"):
            found |= {"logo": None, "logo_type": ""}
        elif not draft.logo_type:
            # Taken back: the logo that is published is the draft's again.
            found |= {"logo": published.logo, "logo_type": published.logo_type}
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
        if not any(name.startswith("link_") for name in self.errors):
            found["footer_links"] = list(self._links())
        return found

    def _links(self) -> Iterator[dict[str, Any]]:
        first, *others = self.languages
        for n in range(LINKS):
            if self.cleaned_data[f"link_{n}_url"]:
                labels = {code: self.cleaned_data[f"link_{n}_{code}"] for code in others}
                yield {
                    "label": self.cleaned_data[f"link_{n}_{first}"],
                    "url": self.cleaned_data[f"link_{n}_url"],
                    "labels": {code: label for code, label in labels.items() if label},
                }


def _initial(draft: BrandDraft, languages: list[str]) -> dict[str, Any]:
    """What the form shows before anything is typed."""
    names = (
        "name", "accent", "background", "font", "radius", "notice_until", "support_email",
        "support_phone",
    )  # fmt: skip
    found: dict[str, Any] = {name: getattr(draft, name) for name in names}
    found["logo_remove"] = not draft.logo_type
    first, *others = languages
    for name in TRANSLATED:
        found[f"{name}_{first}"] = getattr(draft, name)
        for code in others:
            found[f"{name}_{code}"] = draft.translations.get(code, {}).get(name, "")
    for n, link in enumerate(draft.footer_links[:LINKS]):
        found[f"link_{n}_{first}"], found[f"link_{n}_url"] = link["label"], link["url"]
        for code in others:
            found[f"link_{n}_{code}"] = (link.get("labels") or {}).get(code, "")
    return found


def _colour(text: str) -> str:
    colour = text.strip().lower()
    if not is_hex(colour):
        raise forms.ValidationError(_("Enter a colour such as #2f5bd7."))
    return colour


def _is_web_address(text: str) -> bool:
    try:
        URLValidator(schemes=["http", "https"])(text)
    except forms.ValidationError:
        return False
    return True
