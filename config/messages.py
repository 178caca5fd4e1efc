"""`make messages`: collect every string of ours into the catalogues, and say what is missing.

Django's own extraction needs GNU gettext; this does the same with Django's template lexer
and Babel, so it runs wherever the tests do. Translations that exist are kept.
"""

from __future__ import annotations

import ast
import io
import os
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.pofile import read_po, write_po
from django.utils.translation import to_locale
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
_SLAVIC = (
    "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : "
    "n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);"
)
#: Plural forms in gettext's usual order of CLDR's categories. Babel's own Arabic formula swaps
#: "many" (11 to 99) and "other" (100), which translators do not expect.
PLURALS = {
    "ar": "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : "
    "n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5);",
    "he": "nplurals=3; plural=(n==1 ? 0 : n==2 ? 1 : 2);",
    "pl": "nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2);",
    "ro": "nplurals=3; plural=(n==1 ? 0 : n==0 || (n%100>0 && n%100<20) ? 1 : 2);",
    **dict.fromkeys(("cs", "sk"), "nplurals=3; plural=(n==1 ? 0 : n>=2 && n<=4 ? 1 : 2);"),
    **dict.fromkeys(("ru", "uk"), _SLAVIC),
    **dict.fromkeys(
        ("fa", "fr", "pt", "pt-br", "hi", "bn", "fil"), "nplurals=2; plural=(n > 1);"
    ),
    **dict.fromkeys(
        ("de", "es", "it", "nl", "tr", "ur", "hu", "el", "sv", "da", "nb", "fi", "ta", "te", "ml",
         "mr"),
        "nplurals=2; plural=(n != 1);",
    ),
    **dict.fromkeys(
        ("zh-hans", "zh-hant", "ko", "ja", "th", "vi", "id", "ms"), "nplurals=1; plural=0;"
    ),
}  # fmt: skip
LANGUAGES = tuple(PLURALS)
#: Languages in which everything is written; the others have what shoppers read.
WHOLE = frozenset({"ar"})
#: Languages in which shoppers are written to; in the others they have the pages alone.
WRITTEN_TO = frozenset(
    {"fr", "de", "es", "pt", "it", "nl", "tr", "hi", "ur", "zh-hans", "zh-hant", "ko", "ja"}
)
#: The files whose strings stand in messages to shoppers.
IN_MESSAGES = (
    "edd/disruption_words.py",
    "lib/addresses/",
    "lib/carrier_words.py",
    "lib/formats.py",
    "lib/headlines.py",
    "lib/words.py",
    "notifications/answers/replying.py",
    "notifications/drafting.py",
    "notifications/page_codes.py",
    "notifications/rendering.py",
    "notifications/telling.py",
    "notifications/templates/mail.py",
    "notifications/texts.py",
    "notifications/writing.py",
    "templates/mail/message",
)
#: The files whose strings stand on shoppers' pages, beside the components that these include.
ON_PAGES = (
    "edd/disruption_words.py",
    "lib/addresses/",
    "lib/answer_words.py",
    "lib/carrier_words.py",
    "lib/formats.py",
    "lib/headlines.py",
    "lib/mark_words.py",
    "lib/silence_words.py",
    "lib/words.py",
    "notifications/channels/registry.py",
    "notifications/groups.py",
    "notifications/heading.py",
    "storefront_pages/",
    "templates/base.html",
    "templates/shop_base.html",
    "templates/storefront/",
)
_SKIP = {".venv", "tests", "benchmarks", "build", ".homeward", "migrations"}
_INCLUDED = re.compile(r'{%\s*include\s+"(components/[\w/]+\.html)"')
_IN_BRACES = re.compile(rb"\{\s*(_|gettext)\(")
_KEYWORDS = DEFAULT_KEYWORDS | {
    "gettext_lazy": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
    "gettext_noop": None,
}
Key = tuple[str | None, str, str | None]


def strings_for(language: str) -> Iterator[tuple[Key, str]]:
    """What this language has to say: everything, or what shoppers read."""
    files = (*ON_PAGES, *components_on_pages())
    if language in WRITTEN_TO:
        files += IN_MESSAGES
    for key, where in strings():
        if language in WHOLE or where.startswith(files):
            yield key, where


@cache
def components_on_pages() -> tuple[str, ...]:
    """The components that shoppers' templates include, and those that these include."""
    found: set[str] = set()
    unread = [*ROOT.glob("templates/storefront/**/*.html"), ROOT / "templates/shop_base.html"]
    while unread:
        text = unread.pop().read_text(encoding="utf-8")
        for name in set(_INCLUDED.findall(text)) - found:
            found.add(name)
            unread.append(ROOT / "templates" / name)
    return tuple(sorted(f"templates/{name}" for name in found))


@cache
def strings() -> tuple[tuple[Key, str], ...]:
    """Every (context, text, plural) with the file it stands in; read once a process."""
    return tuple(
        (key, str(path.relative_to(ROOT)))
        for path in sorted(_files())
        for key in (_in_python(path) if path.suffix == ".py" else _in_template(path))
    )


def _files() -> Iterator[Path]:
    """Our Python and our templates, without a look into folders that hold neither."""
    for folder, inside, names in os.walk(ROOT):
        inside[:] = [name for name in inside if name not in _SKIP]
        in_templates = "templates" in Path(folder).relative_to(ROOT).parts
        wanted = {".py", ".html", ".txt"} if in_templates else {".py"}
        yield from (Path(folder, name) for name in names if Path(name).suffix in wanted)


def _in_python(path: Path) -> Iterator[Key]:
    source = path.read_bytes()
    if b"gettext" not in source:  # under any name, the functions come from there
        return
    for _, text, _, context in extract("python", io.BytesIO(source), keywords=_KEYWORDS):
        one, many = text if isinstance(text, tuple | list) else (text, None)
        if one:
            yield context, str(one), str(many) if many else None
    if _IN_BRACES.search(source):
        yield from _in_f_strings(source)


def _in_f_strings(source: bytes) -> Iterator[Key]:
    """Calls inside f-strings, which Babel does not look into: plain ones, with one text."""
    for string in ast.walk(ast.parse(source)):
        if not isinstance(string, ast.JoinedStr):
            continue
        for call in ast.walk(string):
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") in {"_", "gettext"}:
                text = call.args[0]
                if isinstance(text, ast.Constant) and isinstance(text.value, str):
                    yield None, text.value, None


def _in_template(path: Path) -> Iterator[Key]:
    """Django's templatize turns a template into text with gettext calls in it; read those calls."""
    text = templatize(path.read_text(encoding="utf-8"), origin=str(path.relative_to(ROOT)))
    for call in re.finditer(r"\b(n?p?gettext|p?ngettext)\(", text):
        arguments = _strings_of(text[call.start() :])
        function = call.group(1)
        if not arguments:
            continue
        context = arguments.pop(0) if "p" in function else None
        plural = arguments[1] if "n" in function.removesuffix("gettext") else None
        yield context, arguments[0], plural


def _strings_of(text: str) -> list[str]:
    """The string arguments of the call that `text` begins with."""
    for end in re.finditer(r"\)", text):
        try:
            call = ast.parse(text[: end.end()], mode="eval").body
        except SyntaxError:
            continue
        if isinstance(call, ast.Call):
            values = [arg.value for arg in call.args if isinstance(arg, ast.Constant)]
            return [value for value in values if isinstance(value, str)]
    return []


def catalogue_path(language: str) -> Path:
    return ROOT / "locale" / to_locale(language) / "LC_MESSAGES" / "django.po"


def read(language: str) -> Catalog:
    path = catalogue_path(language)
    if not path.exists():
        return Catalog(locale=to_locale(language), charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=to_locale(language), charset="utf-8")


def missing(language: str) -> list[str]:
    """Texts without a translation, each with one file it stands in."""
    catalogue = read(language)
    found: dict[str, str] = {}
    for (context, one, _), where in strings_for(language):
        message = catalogue.get(one, context)
        if message is None or not _is_whole(message):
            found.setdefault(one, where)
    return [f"{where}: {text}" for text, where in found.items()]


def _is_whole(message: Message) -> bool:
    text = message.string
    return bool(text) and not message.fuzzy and (all(text) if isinstance(text, tuple) else True)


def main() -> int:
    for language in LANGUAGES:
        catalogue = read(language)
        wanted: dict[tuple[str | None, str], Key] = {}
        for (context, one, many), _ in strings_for(language):
            known = wanted.get((context, one))
            if known is None or known[2] is None:
                wanted[context, one] = (context, one, many)
        fresh = Catalog(
            locale=to_locale(language),
            charset="utf-8",
            project="Homeward",
            header_comment="# Homeward.",
            fuzzy=False,
        )
        fresh.mime_headers = [("Plural-Forms", PLURALS[language])]
        for context, one, many in sorted(wanted.values(), key=lambda key: (key[1], key[0] or "")):
            old = catalogue.get(one, context)
            fresh.add((one, many) if many else one, old.string if old else "", context=context)
        path = catalogue_path(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            write_po(file, fresh, width=96, omit_header=False, sort_output=False, no_location=True)
        lacking = missing(language)
        sys.stdout.write(f"{language}: {len(wanted)} texts, {len(lacking)} without translation\n")
        for line in lacking:
            sys.stdout.write(f"  {line}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
