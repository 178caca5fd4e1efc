"""Settings come from the environment only, and a wrong one stops the start with one sentence."""

from __future__ import annotations

import base64
import json
import runpy

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import environment as env
from tests.config.production import ROOT, SETTINGS, environment, run

KEY = base64.urlsafe_b64encode(b"k" * 31).decode()


def start(monkeypatch: pytest.MonkeyPatch, **changes: str | None) -> dict[str, object]:
    """The settings module, read afresh with production's environment and these changes."""
    wanted = environment(**changes)
    for name in ("HOMEWARD_TESTING", "DEMO", "DEBUG", "OUTBOUND_ALLOW"):
        if name not in wanted:
            monkeypatch.delenv(name, raising=False)
    for name in SETTINGS:
        monkeypatch.delenv(name, raising=False)
    for name, value in wanted.items():
        monkeypatch.setenv(name, value)
    return runpy.run_path(str(ROOT / "config" / "settings.py"))


HOW_SECRET = "Generate one with: openssl rand -hex 32"
HOW_KEY = "Generate one with: openssl rand -base64 32 | tr '+/' '-_'"
HOW_DATABASE = "must look like postgresql://role:password@host:5432/database."


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"SECRET_KEY": None}, f"SECRET_KEY is not set. {HOW_SECRET}"),
        ({"SECRET_KEY": "short"}, f"SECRET_KEY must have at least 50 characters. {HOW_SECRET}"),
        ({"SECRET_KEY": "ab" * 40}, f"SECRET_KEY can be guessed. {HOW_SECRET}"),
        ({"ENCRYPTION_KEYS": None}, f"ENCRYPTION_KEYS is not set. {HOW_KEY}"),
        (
            {"ENCRYPTION_KEYS": f"{SETTINGS['ENCRYPTION_KEYS']},{KEY}"},
            f"ENCRYPTION_KEYS: key 2 is not 32 bytes in URL-safe base64. {HOW_KEY}",
        ),
        (
            {"PAGES_ADDRESSES": "203.0.113.7, pages.example"},
            "PAGES_ADDRESSES: 'pages.example' does not appear to be an IPv4 or IPv6 address.",
        ),
        (
            {"ENCRYPTION_KEYS": "no key"},
            f"ENCRYPTION_KEYS: key 1 is not 32 bytes in URL-safe base64. {HOW_KEY}",
        ),
        (
            {"BASE_URL": "http://track.homeward.example"},
            "BASE_URL must start with https://: sessions and links would travel in the clear.",
        ),
        (
            {"BASE_URL": "track.homeward.example"},
            "BASE_URL must start with http:// or https:// and name a host.",
        ),
        (
            {"BASE_URL": "https://homeward.example/track"},
            "BASE_URL must be scheme and host alone, e.g. https://x.example.",
        ),
        (
            {"ALLOWED_HOSTS": "*"},
            "ALLOWED_HOSTS must name each host:"
            " a wildcard would take merchants' domains for ours.",
        ),
        ({"TRUSTED_PROXIES": "-1"}, "TRUSTED_PROXIES must be from 0 to 10, not -1."),
        ({"TRUSTED_PROXIES": "1.5"}, "TRUSTED_PROXIES must be a whole number, not 1.5."),
        ({"DATABASE_URL": "mysql://a@b/c"}, f"DATABASE_URL {HOW_DATABASE}"),
        ({"DATABASE_URL": "postgresql://a@b:x/c"}, f"DATABASE_URL {HOW_DATABASE}"),
        ({"DATABASE_OWNER_URL": "postgresql://a@b"}, f"DATABASE_OWNER_URL {HOW_DATABASE}"),
        (
            {"REDIS_URL": "localhost:6379"},
            "REDIS_URL must look like redis://:password@host:6379/0.",
        ),
        ({"TICK_SECONDS": "fast"}, "TICK_SECONDS must be a number, not 'fast'."),
        ({"TICK_SECONDS": "0"}, "TICK_SECONDS must be from 0.2 to 300, not 0."),
        (
            {"POLL_INTERVAL_FACTOR": "-1"},
            "POLL_INTERVAL_FACTOR must be from 0.0001 to 100, not -1.",
        ),
        ({"EMAIL_PORT": "0"}, "EMAIL_PORT must be from 1 to 65535, not 0."),
        ({"EMAIL_USE_TLS": "maybe"}, "EMAIL_USE_TLS must be yes or no, not 'maybe'."),
        (
            {"EMAIL_USE_TLS": "yes", "EMAIL_USE_SSL": "yes"},
            "EMAIL_USE_TLS (STARTTLS) and EMAIL_USE_SSL exclude each other.",
        ),
        (
            {"EMAIL_HOST_USER": "me"},
            "EMAIL_HOST_USER and EMAIL_HOST_PASSWORD go together.",
        ),
        (
            {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"},
            "EMAIL_BACKEND django.core.mail.backends.console.EmailBackend sends nothing:"
            " no shopper would hear of it.",
        ),
        (
            {"EMAIL_BACKEND": "smtp"},
            "EMAIL_BACKEND must be the dotted path of a class, not 'smtp'.",
        ),
        (
            {"DEFAULT_FROM_EMAIL": None},
            "DEFAULT_FROM_EMAIL is not set: the address that all mail comes from.",
        ),
        (
            {"DEFAULT_FROM_EMAIL": "Homeward"},
            "DEFAULT_FROM_EMAIL must hold an e-mail address, not 'Homeward'.",
        ),
        ({"METRICS_TOKEN": "short"}, "METRICS_TOKEN must have at least 20 characters."),
        (
            {"LOG_LEVEL": "LOUD"},
            "LOG_LEVEL must be one of DEBUG, INFO, WARNING, ERROR, not 'LOUD'.",
        ),
        ({"LOG_FORMAT": "xml"}, "LOG_FORMAT must be one of json, line, not 'xml'."),
        (
            {"DEMO": "1"},
            "DEMO opens everything to anybody, and BASE_URL is a public address.",
        ),
        (
            {"DEBUG": "1"},
            "DEBUG opens everything to anybody, and BASE_URL is a public address.",
        ),
        (
            {"DEMO": "1", "BASE_URL": "http://127.0.0.1:8000",
             "DATABASE_URL": "postgresql://a@db.homeward.example/homeward"},
            "DEMO may only use a database on this machine, not the one that DATABASE_URL names.",
        ),
    ],
)  # fmt: skip
def test_wrong_setting_refuses_to_start(
    monkeypatch: pytest.MonkeyPatch, changes: dict[str, str | None], sentence: str
) -> None:
    with pytest.raises(ImproperlyConfigured) as refused:
        start(monkeypatch, **changes)
    assert str(refused.value) == sentence


def test_right_settings_start(monkeypatch: pytest.MonkeyPatch) -> None:
    found = start(monkeypatch, TRUSTED_PROXIES="1", ALLOWED_HOSTS="track.homeward.example,web")
    assert found["PRODUCTION"] is True
    assert found["OUR_HOSTS"] == ["track.homeward.example", "web"]
    assert (found["SESSION_COOKIE_SECURE"], found["SECURE_HSTS_SECONDS"]) == (True, 31_536_000)
    assert "demo" not in found["INSTALLED_APPS"]  # type: ignore[operator]


def test_demonstration_starts_on_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    found = start(monkeypatch, DEMO="1", BASE_URL="http://127.0.0.1:8000")
    assert (found["PRODUCTION"], found["DEMO"]) == (False, True)


@pytest.mark.parametrize(
    ("host", "own", "at_home"),
    [
        ("localhost", True, True),
        ("/run/postgresql", True, True),
        ("127.0.0.2", True, True),
        ("[::1]", True, True),
        ("192.168.1.7", False, True),
        ("homeward.example", False, False),
        ("8.8.8.8", False, False),
    ],
)
def test_this_machine_and_home(host: str, own: bool, at_home: bool) -> None:
    assert (env.is_this_machine(host), env.is_at_home(host)) == (own, at_home)


@pytest.mark.parametrize("arguments", [("manage.py", "check"), ("-c", "import config.wsgi")])
def test_refusal_is_one_sentence_and_no_page_of_calls(arguments: tuple[str, ...]) -> None:
    refused = run(*arguments, SECRET_KEY="short")
    assert refused.returncode == 1
    assert refused.stderr == (
        f"Homeward does not start: SECRET_KEY must have at least 50 characters. {HOW_SECRET}\n"
    )


def test_check_for_deployment_is_clean() -> None:
    checked = run("manage.py", "check", "--deploy", "--fail-level", "DEBUG", TRUSTED_PROXIES="1")
    assert checked.stderr == ""
    assert checked.returncode == 0
    assert checked.stdout == "System check identified no issues (1 silenced).\n"


def test_start_logs_json_in_production() -> None:
    code = "import django; django.setup(); import logging; logging.getLogger('homeward').info('up')"
    started = run("-c", code, DJANGO_SETTINGS_MODULE="config.settings")
    line = json.loads(started.stderr)
    assert {key: line[key] for key in ("level", "logger", "message")} == {
        "level": "info", "logger": "homeward", "message": "up",
    }  # fmt: skip


def test_example_of_the_environment_is_complete() -> None:
    """Every setting that production insists on stands in deploy/env.example."""
    text = (ROOT / "deploy" / "env.example").read_text()
    given = {line.split("=")[0] for line in text.splitlines() if line and line[0].isupper()}
    made_by_compose = {"DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "BASE_URL"}
    assert set(SETTINGS) - made_by_compose - given == set()
