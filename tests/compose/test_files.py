"""The compose file keeps to its schema, Caddy's to Caddy's, and the image has what it needs."""

from __future__ import annotations

import fnmatch
import json
import re
import shutil
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from tests.compose import reading
from tests.compose.reading import ROOT, SERVICES
from tests.config.production import environment, run


def test_compose_file_keeps_to_its_schema() -> None:
    checked = subprocess.run(
        [
            Path(sys.executable).parent / "check-jsonschema",
            "--builtin-schema", "vendor.compose-spec", ROOT / "docker-compose.yml",
        ],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (checked.returncode, checked.stderr) == (0, "")


def test_every_variable_of_the_compose_file_has_a_value_or_an_example() -> None:
    text = (ROOT / "docker-compose.yml").read_text()
    asked = set(re.findall(r"(?<!\$)\$\{(\w+)(?:\}|:\?)", text))
    given = set(reading.dotenv((ROOT / "deploy" / "env.example").read_text()))
    assert asked - given == set()


def test_only_the_database_knows_the_other_roles_passwords() -> None:
    names = ("POSTGRES_PASSWORD", "OWNER_PASSWORD", "APP_PASSWORD", "BACKUP_PASSWORD")
    dotenv = {name: f"secret {name}" for name in names}
    dotenv |= {"HOMEWARD_HOST": "x.example", "ACME_EMAIL": "a@x.example"}
    knowing = {
        service: [
            name
            for name in names
            if f"secret {name}" in str(reading.environment_of(service, dotenv))
        ]
        for service in SERVICES
    }
    application = [
        "web",
        "worker-polling",
        "worker-inbound",
        "worker-stores",
        "worker-messages",
        "worker-webhooks",
        "beat",
    ]
    assert {service: known for service, known in knowing.items() if known} == {
        "postgres": list(names),
        "migrate": ["OWNER_PASSWORD", "APP_PASSWORD"],
        **{service: ["APP_PASSWORD"] for service in application},
    }


def test_every_queue_has_a_worker() -> None:
    from config.celery import QUEUES

    words = [service["command"] for service in SERVICES.values() if "worker" in str(service)]
    named = [one[one.index("--queues") + 1].split(",") for one in words if "--queues" in one]
    assert sorted(queue for queues in named for queue in queues) == sorted(QUEUES)


def test_everybody_waits_for_what_they_need() -> None:
    for name in (
        "web",
        "worker-polling",
        "worker-inbound",
        "worker-stores",
        "worker-messages",
        "worker-webhooks",
        "beat",
    ):
        assert SERVICES[name]["depends_on"] == {
            "postgres": {"condition": "service_healthy"},
            "valkey": {"condition": "service_healthy"},
            "migrate": {"condition": "service_completed_successfully"},
        }
        assert "healthcheck" in SERVICES[name]
    assert SERVICES["migrate"]["restart"] == "no"


def test_caddy_asks_us_and_never_passes_on_what_is_inside() -> None:
    caddy = shutil.which("caddy")
    if caddy is None:
        pytest.skip("no caddy on this machine: only Caddy itself can read its file")
    version = subprocess.run([caddy, "version"], capture_output=True, text=True, check=True).stdout
    if tuple(map(int, re.findall(r"\d+", version)[:2])) < (2, 7):
        pytest.skip(f"caddy {version.strip()} does not know request_buffers; 2.7 does")
    adapted = subprocess.run(
        [caddy, "adapt", "--config", "deploy/Caddyfile", "--adapter", "caddyfile", "--validate"],
        cwd=ROOT, env=environment(HOMEWARD_HOST="track.example.com", ACME_EMAIL="a@example.com"),
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    config = json.loads(adapted.stdout)
    asked = config["apps"]["tls"]["automation"]["on_demand"]["permission"]["endpoint"]
    assert asked == "http://web:8000/internal/domain-check"
    routes = config["apps"]["http"]["servers"]["srv0"]["routes"]
    for route in routes:
        inner = route["handle"][0]["routes"]
        places = [json.dumps(one) for one in inner]
        refusing = next(i for i, one in enumerate(places) if '"/internal/*"' in one)
        passing = next(i for i, one in enumerate(places) if "reverse_proxy" in one)
        assert refusing < passing


def test_image_leaves_out_secrets_and_tests() -> None:
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    for path in (".env", "deploy/.env", "tests", "demo", ".git", ".homeward", "docs"):
        assert any(fnmatch.fnmatch(path, rule.removeprefix("**/")) or path.startswith(f"{rule}/")
                   for rule in ignored if rule), path  # fmt: skip


def locked(name: str) -> dict[str, list[str]]:
    """Package and version to hashes of a lock file."""
    found: dict[str, list[str]] = {}
    for block in re.split(r"\n(?=\S)", (ROOT / name).read_text()):
        if "==" in block:
            found[block.split(" ")[0]] = sorted(re.findall(r"sha256:\w+", block))
    return found


def test_both_locks_name_the_same_packages() -> None:
    everything, running = locked("requirements.lock"), locked("requirements-run.lock")
    assert len(running) > 30
    assert {one: hashes for one, hashes in running.items() if everything.get(one) != hashes} == {}


BLOCK = """
import sys
missing = set({missing!r})
class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition('.')[0] in missing:
            raise ModuleNotFoundError(f'not in the image: {{name}}', name=name)
sys.meta_path.insert(0, Absent())
import django; django.setup()
from django.core.management import get_commands, load_command_class
from config.celery import app
import config.urls, config.gunicorn
app.loader.import_default_modules()
for name, where in get_commands().items():
    if not where.startswith('django.'):
        load_command_class(where, name)
from config import wsgi
"""


def test_application_starts_with_the_images_packages_alone() -> None:
    """Development's packages are hidden; what is left must be enough to import everything."""
    kept = {re.split(r"==|\[", one)[0] for one in locked("requirements-run.lock")}
    missing = sorted(
        module
        for module, names in packages_distributions().items()
        if not {re.sub(r"[-_.]+", "-", name).lower() for name in names} & (kept | {"setuptools"})
        and module.isidentifier()
    )
    assert "playwright" in missing
    started = run("-c", BLOCK.format(missing=missing), DJANGO_SETTINGS_MODULE="config.settings")
    assert (started.returncode, started.stderr.splitlines()[-1:]) == (
        0, [line for line in started.stderr.splitlines()[-1:] if "cannot be reached yet" in line],
    )  # fmt: skip
