"""A merchant's look: edited as a draft, published in one step, or thrown away.

The only writer of BrandDraft. All of it in the merchant's scope.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import F

from merchants.access import record
from merchants.look_languages import turned
from merchants.look_texts import TRANSLATED as TRANSLATED
from merchants.look_texts import texts_of
from merchants.models import Brand, BrandDraft, Look, Merchant, User

#: What a look has, and what of the merchant is edited with it.
_OF_LOOK: Final = (
    "accent", "background", "font", "radius", "logo", "logo_type", "tagline", "notice",
    "notice_until", "translations", "footer_links", "header_links", "blocks", "social_links",
    "app_links", "scheme", "icon", "icon_type", "share_image", "share_image_type", "own_font",
    "own_font_digest", "hide_carrier", "hide_origin",
)  # fmt: skip
#: A file's bytes, and what kind it is: one thing in two columns.
_FILES: Final = (
    ("logo", "logo_type"),
    ("icon", "icon_type"),
    ("share_image", "share_image_type"),
    ("own_font", "own_font_digest"),
)
#: Bytes that pages alone show: who reads a brand for something else leaves them where they are.
PAGE_FILES: Final = ("icon", "share_image", "own_font")
OF_SHOP: Final = ("name", "support_email", "support_phone", "page_root")


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that the draft changes. `field` is a column, or "tagline:ar" for a translation.

    Before and after are text; of a file its kind, "new" where only the bytes changed.
    """

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Saved:
    """A saved draft. `overtook` is whether somebody else had saved, published or discarded
    since the form was opened, `by` whose draft that was, where there still is one."""

    draft: BrandDraft
    overtook: bool
    by: User | None


class DraftMoved(Exception):
    """The draft is not the one that was looked at."""


def brand_of(merchant: Merchant) -> Brand:
    """The published look, made where there is none."""
    return Brand.objects.get_or_create(merchant=merchant)[0]


def draft_of(merchant: Merchant) -> BrandDraft:
    """The draft, or an unsaved one that says what is published."""
    return BrandDraft.objects.filter(merchant=merchant).first() or _copy(merchant)


def mark(draft: BrandDraft, brand: Brand) -> str:
    """What tells one state of the draft from any other; a form carries it to and fro."""
    return f"{draft.pk}.{draft.version}" if draft.pk else f"0.{brand.version}"


def dressed(merchant: Merchant, draft: BrandDraft) -> Merchant:
    """The merchant as it will be once the draft is published; unsaved."""
    fields = {field.attname: getattr(merchant, field.attname) for field in merchant._meta.fields}
    return Merchant(**(fields | {name: getattr(draft, name) for name in OF_SHOP}))


def save_draft(
    *, merchant: Merchant, by: User, values: Mapping[str, Any], seen: str, now: datetime
) -> Saved:
    """Set these columns of the draft. The last one who saves wins, and is told whom it overtook.

    `seen` is the `mark` of the draft that was on the screen. A draft that changes nothing any
    more is no draft: its row goes.
    """
    brand = _locked(merchant)
    draft = draft_of(merchant)
    overtook = seen != mark(draft, brand)
    by_whom = draft.saved_by if overtook and draft.saved_by_id != by.pk else None
    _set(draft, values)
    if not differences(draft, brand, merchant):
        BrandDraft.objects.filter(pk=draft.pk).delete()
        return Saved(_copy(merchant), overtook, by_whom)
    draft.version = draft.version + 1 if draft.pk else 1
    draft.saved_at, draft.saved_by = now, by
    draft.save()
    return Saved(draft, overtook, by_whom)


def publish(*, merchant: Merchant, by: User, seen: str) -> list[Difference]:
    """Make the draft the look of pages and messages; returns what changed, none without a draft.

    Raises DraftMoved where the draft is another than the one that was `seen`.
    """
    brand = _locked(merchant)
    draft = draft_of(merchant)
    if seen != mark(draft, brand):
        raise DraftMoved
    found = differences(draft, brand, merchant)
    if not found:
        return []
    _put(merchant, brand, {name: getattr(draft, name) for name in (*_OF_LOOK, *OF_SHOP)})
    BrandDraft.objects.filter(pk=draft.pk).delete()
    _record(merchant, by, found)
    return found


def publish_at_once(*, merchant: Merchant, by: User, values: Mapping[str, Any]) -> list[Difference]:
    """Make these columns live without a draft; returns what changed. A file comes with its kind.

    A draft that somebody works on stays one: it only learns of these columns, so that publishing
    it later does not bring back what was there before.
    """
    brand = _locked(merchant)
    merchant.refresh_from_db(fields=OF_SHOP)
    changed = _changed(values, brand, merchant)
    if not changed:
        return []
    wanted = _copy(merchant)
    _set(wanted, changed)
    found = differences(wanted, brand, merchant)
    _put(merchant, brand, changed)
    _record(merchant, by, found)
    draft = BrandDraft.objects.filter(merchant=merchant).first()
    if draft is None:
        return found
    _set(draft, changed)
    if differences(draft, brand, merchant):
        draft.version += 1
        draft.save(update_fields=[*changed, "version"])
    else:
        draft.delete()
    return found


def turn_texts(*, merchant: Merchant, before: str, after: str) -> None:
    """The shop's own language is `after` from now on: what is published and a draft follow."""
    brand = _locked(merchant)
    _put(merchant, brand, turned(brand, before=before, after=after))
    for draft in BrandDraft.objects.filter(merchant=merchant):
        columns = turned(draft, before=before, after=after)
        BrandDraft.objects.filter(pk=draft.pk).update(**columns, version=F("version") + 1)


def discard(*, merchant: Merchant, by: User) -> None:
    """Throw the draft away; what is published stays."""
    deleted, _ = BrandDraft.objects.filter(merchant=merchant).delete()
    if deleted:
        record(merchant=merchant, user=by, action="brand.discarded")


def differences(draft: BrandDraft, brand: Brand, merchant: Merchant) -> list[Difference]:
    """What publishing the draft would change, in the order of the form."""
    found = [
        Difference(name, str(getattr(merchant, name)), str(getattr(draft, name)))
        for name in OF_SHOP
    ]
    found += [_of_file(draft, brand, *columns) for columns in _FILES]
    before, after = texts_of(brand), texts_of(draft)
    found += [
        Difference(name, before.get(name, ""), after.get(name, ""))
        for name in dict.fromkeys((*before, *after))
    ]
    return [one for one in found if one.before != one.after]


def in_language(look: Mapping[str, Any], name: str, language: str) -> str:
    """A text of a look (its columns as a mapping) in this language, else in the shop's own."""
    translations = look.get("translations")
    own = translations.get(language) if isinstance(translations, dict) else None
    return str((own or {}).get(name) or look.get(name) or "")


def _locked(merchant: Merchant) -> Brand:
    """The brand, locked: whoever saves or publishes waits for the other."""
    return Brand.objects.select_for_update().get(pk=brand_of(merchant).pk)


def _copy(merchant: Merchant) -> BrandDraft:
    brand = brand_of(merchant)
    fields = {name: getattr(brand, name) for name in _OF_LOOK}
    return BrandDraft(
        merchant=merchant, **fields, **{name: getattr(merchant, name) for name in OF_SHOP}
    )


def _set(draft: BrandDraft, values: Mapping[str, Any]) -> None:
    for name in (*_OF_LOOK, *OF_SHOP):
        if name in values:
            setattr(draft, name, values[name])


def _changed(values: Mapping[str, Any], brand: Brand, merchant: Merchant) -> dict[str, Any]:
    """Those of the values that are not live yet; a file and its kind are one thing."""
    found = {
        name: values[name]
        for names, row in ((_OF_LOOK, brand), (OF_SHOP, merchant))
        for name in names
        if name in values and values[name] != _plain(getattr(row, name))
    }
    for columns in _FILES:
        if found.keys() & set(columns):
            found |= {name: values[name] for name in columns}
    return found


def _plain(value: Any) -> Any:
    """A file comes from the database as a memoryview."""
    return bytes(value) if isinstance(value, memoryview) else value


def _put(merchant: Merchant, brand: Brand, values: Mapping[str, Any]) -> None:
    """Write these columns to what is live, here and in the database."""
    for row, names in ((brand, _OF_LOOK), (merchant, OF_SHOP)):
        for name in names:
            if name in values:
                setattr(row, name, values[name])
    look = {name: values[name] for name in _OF_LOOK if name in values}
    Brand.objects.filter(pk=brand.pk).update(**look, version=F("version") + 1)
    shop = {name: values[name] for name in OF_SHOP if name in values}
    if shop:
        Merchant.objects.filter(pk=merchant.pk).update(**shop)


def _record(merchant: Merchant, by: User, found: list[Difference]) -> None:
    detail: dict[str, Any] = {one.field: [one.before, one.after] for one in found}
    record(merchant=merchant, user=by, action="brand.published", **detail)


def _of_file(draft: Look, brand: Look, column: str, kind: str) -> Difference:
    before, after = (bytes(getattr(look, column) or b"") for look in (brand, draft))
    was, is_now = getattr(brand, kind), getattr(draft, kind)
    return Difference(column, was, "new" if before != after and was and is_now else is_now)
