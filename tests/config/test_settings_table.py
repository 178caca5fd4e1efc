"""docs/operating.md lists every variable that anything of ours reads, and no other."""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterator
from pathlib import Path

from tests.conftest import ROOT

#: Read from the environment, and no setting: the tests' own, Django's, the system's, and what the
#: platform gives a process.
NO_SETTINGS = {"HOMEWARD_TESTING", "HOMEWARD_TEST_DB", "DJANGO_SETTINGS_MODULE", "PATH"}
#: Families of settings: one line of the table stands for all.
FAMILIES = {
    "STORE_APP_ID_": "STORE_APP_ID_SHOPIFY",
    "STORE_APP_SECRET_": "STORE_APP_SECRET_SHOPIFY",
    "STORE_HOOK_SECRET_": "STORE_HOOK_SECRET_ETSY",
    "STORE_APP_LISTING_": "STORE_APP_LISTING_AMAZON",
    "STORE_API_URL_": "STORE_API_URL_SHOPIFY",
    "MESSAGES_AT_ONCE_": "MESSAGES_AT_ONCE_EMAIL",
    "MESSAGES_PER_SECOND_": "MESSAGES_PER_SECOND_SMS",
}
READERS = {
    "text", "flag", "number", "whole", "names", "one_of", "secret_key", "fernet_keys", "base_url",
    "hosts", "redis_url", "sender", "mail_backend", "database", "addresses",
}  # fmt: skip


def test_table_lists_what_is_read_and_nothing_else() -> None:
    text = (ROOT / "docs" / "operating.md").read_text().partition("## Every setting")[2]
    table = text.partition("\nFor tests:")[0]
    listed = set(re.findall(r"^\| `(\w+)` \|", table, flags=re.MULTILINE))
    read = set(_in_python()) | set(_in_shell())
    assert (sorted(read - listed), sorted(listed - read)) == ([], [])


def _in_python() -> Iterator[str]:
    folders = {"tests", "benchmarks", ".venv", ".homeward", "build"}
    for folder, inside, names in os.walk(ROOT):
        inside[:] = [name for name in inside if name not in folders]
        for name in names:
            text = Path(folder, name).read_text() if name.endswith(".py") else ""
            if "env" in text:  # os.environ, config.environment, env.text
                for node in ast.walk(ast.parse(text)):
                    yield from _names_in(node)


def _names_in(node: ast.AST) -> Iterator[str]:
    """`env.text("X")`, `os.environ["X"]`, `os.environ.get("X")`, `"X" in os.environ`."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
        of, what = ast.unparse(node.func.value), node.func.attr
        if of == "env" and what == "family":
            yield FAMILIES[ast.literal_eval(node.args[0])]
        elif (of == "env" and what in READERS) or (of == "os.environ" and what == "get"):
            yield from _setting(node.args[0])
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args:
        if node.func.id in READERS:
            yield from _setting(node.args[0])
    elif isinstance(node, ast.Subscript) and ast.unparse(node.value) == "os.environ":
        yield from _setting(node.slice)


def _setting(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
        prefix = str(node.values[0].value)
        yield FAMILIES.get(prefix, f"{prefix}…")
    elif isinstance(node, ast.Constant):
        name = str(node.value)
        if re.fullmatch(r"[A-Z][A-Z0-9_]+", name) and name not in NO_SETTINGS:
            yield name


def _in_shell() -> Iterator[str]:
    """What the Procfile, compose, Caddy's file and the scripts of deploy/ take from outside."""
    files = [ROOT / "Procfile", ROOT / "docker-compose.yml", *(ROOT / "deploy").rglob("*")]
    for path in files:
        if path.is_file() and path.suffix in {"", ".yml", ".sh"}:
            text = path.read_text()
            yield from re.findall(r"(?<!\$)\{?\$\{?([A-Z][A-Z0-9_]+)", text)
