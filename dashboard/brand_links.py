"""Links in the editor: rows of words and an address, and addresses at known places."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

from dashboard.languages.names import both_names
from lib.formats import is_rtl
from storefront_pages.social import APP_STORES, NETWORKS, Elsewhere

_ADDRESS: Final = {"dir": "ltr", "autocomplete": "off", "placeholder": "https://"}


@dataclass(frozen=True, slots=True)
class LinkRows:
    """Up to `most` links of a column: words by language, "footer_0_en", and "footer_0_url"."""

    prefix: str
    column: str
    most: int

    def fields(self, languages: list[str]) -> Iterator[tuple[str, forms.Field]]:
        for n in range(self.most):
            for code in languages:
                attrs = {"lang": code, "dir": "rtl" if is_rtl(code) else "ltr"}
                yield f"{self.prefix}_{n}_{code}", forms.CharField(
                    label=both_names(code), required=False, max_length=60,
                    widget=forms.TextInput(attrs=attrs),
                )  # fmt: skip
            yield f"{self.prefix}_{n}_url", forms.CharField(
                label=_("Web address"), required=False, max_length=500,
                widget=forms.TextInput(attrs=_ADDRESS),
            )  # fmt: skip

    def initial(self, links: list[dict[str, Any]], languages: list[str]) -> dict[str, str]:
        """What the fields show of these links."""
        found = {}
        first, *others = languages
        for n, link in enumerate(links[: self.most]):
            found[f"{self.prefix}_{n}_{first}"] = link["label"]
            found[f"{self.prefix}_{n}_url"] = link["url"]
            for code in others:
                found[f"{self.prefix}_{n}_{code}"] = (link.get("labels") or {}).get(code, "")
        return found

    def check(self, form: forms.Form, languages: list[str]) -> None:
        """A link has words and an address, or neither."""
        for n in range(self.most):
            words = [form.data.get(f"{self.prefix}_{n}_{code}", "").strip() for code in languages]
            field = f"{self.prefix}_{n}_url"
            url = str(form.cleaned_data.get(field, ""))
            if url and not is_web_address(url):
                form.add_error(field, _("Enter an address that begins with https:// or http://."))
            elif any(words) and not form.data.get(field, "").strip():
                form.add_error(field, _("Where does this link lead?"))
            elif url and not words[0]:
                form.add_error(f"{self.prefix}_{n}_{languages[0]}", _("Give the link a name."))

    def values(self, form: forms.Form, languages: list[str]) -> dict[str, Any]:
        """The column, where all of its fields are right."""
        if any(name.startswith(f"{self.prefix}_") for name in form.errors):
            return {}
        return {self.column: list(self._links(form.cleaned_data, languages))}

    def rows(self, fields: Mapping[str, Any], languages: list[str]) -> list[list[Any]]:
        """The fields of each row, as they stand in the editor."""
        names = [*languages, "url"]
        return [[fields[f"{self.prefix}_{n}_{one}"] for one in names] for n in range(self.most)]

    def _links(self, typed: Mapping[str, Any], languages: list[str]) -> Iterator[dict[str, Any]]:
        first, *others = languages
        for n in range(self.most):
            if typed[f"{self.prefix}_{n}_url"]:
                labels = {code: typed[f"{self.prefix}_{n}_{code}"] for code in others}
                yield {
                    "label": typed[f"{self.prefix}_{n}_{first}"],
                    "url": typed[f"{self.prefix}_{n}_url"],
                    "labels": {code: label for code, label in labels.items() if label},
                }


@dataclass(frozen=True, slots=True)
class Places:
    """An address at each known place: a column of addresses by slug, "social_instagram"."""

    prefix: str
    column: str
    known: Mapping[str, Elsewhere]

    def fields(self) -> Iterator[tuple[str, forms.Field]]:
        for slug, place in self.known.items():
            hint = f"https://{place.hosts[0]}/…"
            yield f"{self.prefix}_{slug}", forms.CharField(
                label=place.name, required=False, max_length=300,
                widget=forms.TextInput(attrs=_ADDRESS | {"placeholder": hint}),
            )  # fmt: skip

    def initial(self, links: Mapping[str, str]) -> dict[str, str]:
        return {f"{self.prefix}_{slug}": links.get(slug, "") for slug in self.known}

    def check(self, form: forms.Form) -> None:
        """Each address leads to its own place."""
        for slug, place in self.known.items():
            url = str(form.cleaned_data.get(f"{self.prefix}_{slug}", ""))
            if url and not (is_web_address(url) and place.has(url)):
                words = _("Enter an address that begins with https://%(host)s/.")
                form.add_error(f"{self.prefix}_{slug}", words % {"host": place.hosts[0]})

    def values(self, form: forms.Form) -> dict[str, Any]:
        """The column, where all of its fields are right."""
        names = {slug: f"{self.prefix}_{slug}" for slug in self.known}
        if any(name in form.errors for name in names.values()):
            return {}
        typed = {slug: form.cleaned_data[name] for slug, name in names.items()}
        return {self.column: {slug: url for slug, url in typed.items() if url}}


HEADER: Final = LinkRows("head", "header_links", 3)
FOOTER: Final = LinkRows("link", "footer_links", 4)
LINKS: Final = (HEADER, FOOTER)
SOCIAL: Final = Places("social", "social_links", NETWORKS)
APPS: Final = Places("app", "app_links", APP_STORES)
PLACES: Final = (SOCIAL, APPS)


def is_web_address(text: str) -> bool:
    """Whether browsers can go there."""
    try:
        URLValidator(schemes=["http", "https"])(text)
    except forms.ValidationError:
        return False
    return True
