"""Every command of docker-compose.yml and of the Dockerfile, run as written, does its job.

One scenario, because that is what `docker compose up` is: the servers first, then migrate, then
the rest, each looked at by its own health check.
"""

from __future__ import annotations

import shlex
import shutil
import subprocess
from collections.abc import Iterator

import httpx
import pytest
from celery import Celery
from prometheus_client.parser import text_string_to_metric_families

from config.celery import app as celery_app
from tests.compose import reading
from tests.compose.machine import Machine, until
from tests.compose.reading import ROOT, SERVICES

WORKERS = {
    "worker-polling": ("tracking.review_due", "polling"),
    "worker-inbound": ("hooks.process_waiting", "inbound"),
    "worker-stores": ("stores.report_due", "stores"),
    "worker-messages": ("notifications.compose_due", "messages"),
    "worker-webhooks": ("notifications.webhooks.send_due", "webhooks"),
}
#: Instructions of the Dockerfile that no test runs, each with its reason.
NOT_RUN = {
    "python -m venv /venv": "`make install` makes the same environment",
    "pip install --no-cache-dir --disable-pip-version-check --require-hashes"
    " --requirement requirements-run.lock": "needs the package index",
    "useradd --system --uid 10001 --no-create-home --home-dir /tmp homeward": (
        "would change this machine"
    ),
}


@pytest.fixture
def machine() -> Iterator[Machine]:
    made = Machine()
    try:
        yield made
    finally:
        made.close()


@pytest.mark.processes
def test_every_command_does_its_job(machine: Machine) -> None:
    _collect_static_files(machine)
    _start_servers(machine)
    _migrate(machine)
    assert machine.processes.pop("build").wait(timeout=60) == 0
    for service in ("web", *WORKERS, "beat"):
        machine.start(service)
    _web_answers(machine)
    _workers_take_from_their_queues_only(machine)
    _beat_ticks(machine)
    _metrics_tell_of_all(machine)
    _backup_can_be_restored(machine)
    assert machine.ran == set(reading.commands())


def _collect_static_files(machine: Machine) -> None:
    """The Dockerfile's own line, into this test's folder, while the servers start."""
    (line,) = [text for name, text in reading.image_steps() if "collectstatic" in text]
    here = line.replace("/app/static-collected", str(machine.folder / "static"))
    environment = {"PATH": machine.environment("migrate")["PATH"]}
    machine.processes["build"] = subprocess.Popen(
        ["/bin/sh", "-c", here], cwd=ROOT, env=environment
    )


def _start_servers(machine: Machine) -> None:
    assert not machine.is_healthy("valkey")
    data = machine.folder / "valkey"
    data.mkdir()
    machine.start("valkey", "--port", str(machine.valkey_port), "--dir", str(data))
    until(lambda: machine.is_healthy("valkey"))
    _create_database(machine)
    assert machine.is_healthy("postgres")


def _create_database(machine: Machine) -> None:
    """What the postgres image does with /docker-entrypoint-initdb.d on an empty volume."""
    mount = "./deploy/postgres:/docker-entrypoint-initdb.d:ro"
    assert mount in SERVICES["postgres"]["volumes"]
    (script,) = (ROOT / "deploy" / "postgres").iterdir()
    subprocess.run([script], env=machine.environment("postgres"), check=True, timeout=60)
    locale = "SELECT datlocprovider, datlocale FROM pg_database WHERE datname = 'homeward'"
    assert machine.query(locale, role="postgres", password="") == [("b", "C.UTF-8")]
    roles = machine.query(
        "SELECT rolname, rolsuper, rolbypassrls FROM pg_roles WHERE rolname LIKE 'homeward%'"
        " ORDER BY rolname",
        role="postgres", password="",
    )  # fmt: skip
    assert roles == [
        ("homeward_app", False, False),
        ("homeward_backup", False, True),
        ("homeward_owner", False, False),
    ]
    # The image asks for passwords, the embedded server would not.
    hba = machine.folder / "postgres" / "pg_hba.conf"
    hba.write_text("local all postgres trust\nlocal all all scram-sha-256\n")
    machine.query("SELECT pg_reload_conf()", role="postgres", password="")


def _migrate(machine: Machine) -> None:
    migrated = machine.run("migrate")
    assert (migrated.returncode, migrated.stderr) == (0, "")
    owners = "SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'"
    assert machine.query(owners, role="homeward_app", password="app-password") == [
        ("homeward_owner",)
    ]


def _web_answers(machine: Machine) -> None:
    until(lambda: machine.is_healthy("web"))
    base = f"http://localhost:{machine.web_port}"
    ready = httpx.get(f"{base}/readyz").json()
    assert {part: words for part, words in ready.items() if part != "background"} == {
        "status": "ok", "database": "ok", "cache": "ok", "broker": "ok", "migrations": "ok",
    }  # fmt: skip
    # As Caddy passes a visitor on, and as Caddy itself asks.
    proxied = {"Host": "track.example.com", "X-Forwarded-For": "203.0.113.9"}
    secure = proxied | {"X-Forwarded-Proto": "https"}
    assert httpx.get(f"{base}/app/login/", headers=proxied).status_code == 301
    page = httpx.get(f"{base}/app/login/", headers=secure)
    assert page.status_code == 200
    sheet = page.text.partition('rel="stylesheet" href="')[2].partition('"')[0]
    assert httpx.get(f"{base}{sheet}", headers=secure).status_code == 200
    assert httpx.get(f"{base}/metrics", headers=secure).status_code == 404
    ask, host = f"{base}/internal/domain-check", {"Host": "web:8000"}
    assert httpx.get(f"{ask}?domain=track.example.com", headers=host).status_code == 200
    assert httpx.get(f"{ask}?domain=evil.example", headers=host).status_code == 404


def _workers_take_from_their_queues_only(machine: Machine) -> None:
    with Celery(broker=f"redis://127.0.0.1:{machine.valkey_port}/0") as sender:
        sender.conf.task_queues = celery_app.conf.task_queues
        sender.conf.task_routes = celery_app.conf.task_routes
        sender.conf.task_default_queue = celery_app.conf.task_default_queue
        for task, _ in WORKERS.values():
            sender.send_task(task)
        # The default queue has imports, which the worker of what comes in takes too.
        sender.send_task("celery.accumulate", args=(1, 2))
    expected = {service: {seen} for service, seen in WORKERS.items()}
    expected["worker-inbound"].add(("celery.accumulate", "default"))
    for service, tasks in expected.items():
        until(lambda service=service, tasks=tasks: tasks <= _seen(machine, service))
        queues = {queue for _, queue in _seen(machine, service)}
        assert queues == {queue for _, queue in tasks}
        until(lambda service=service: machine.is_healthy(service))


def _seen(machine: Machine, service: str) -> set[tuple[str, str]]:
    """(task, queue) of all that this worker has finished well, from its log."""
    lines = machine.log(service)
    return {(one["task"], one["queue"]) for one in lines if one.get("outcome") == "success"}


def _beat_ticks(machine: Machine) -> None:
    until(lambda: machine.is_healthy("beat"))
    assert list(machine.folder.glob("beat*"))
    ticked = {"tracking.poll_due", "tracking.review_due"}
    until(lambda: ticked <= {task for task, _ in _seen(machine, "worker-polling")})
    ready = f"http://localhost:{machine.web_port}/readyz"
    until(lambda: httpx.get(ready).json()["background"] == "ok")


def _metrics_tell_of_all(machine: Machine) -> None:
    """What web, workers and beat counted, from whichever process answers."""
    text = httpx.get(f"http://localhost:{machine.web_port}/metrics").text
    samples = [one for family in text_string_to_metric_families(text) for one in family.samples]
    tasks = {
        one.labels["task"]
        for one in samples
        if one.name == "homeward_tasks_total" and one.labels["outcome"] == "success"
    }
    assert {task for task, _ in WORKERS.values()} <= tasks
    alive = {one.labels["of"] for one in samples if one.name == "homeward_heartbeat_age_seconds"}
    assert alive == {"beat", "polling", "inbound", "stores", "messages", "webhooks"}


def _backup_can_be_restored(machine: Machine) -> None:
    """The way of docs/operating.md; as the owner it fails, because policies are forced."""
    app = {"role": "homeward_app", "password": "app-password"}
    machine.query(
        "INSERT INTO merchants_merchant (slug, name, country, zone, currency, languages,"
        " default_language, store_url, support_email, support_phone, fulfilled_is_shipped,"
        " setup_steps)"
        " VALUES ('noor', 'Noor', 'AE', 'UTC', 'AED', '[]', 'en', '', '', '', false, '{}');"
        "SELECT set_config('rls.is_admin', 'true', false);"
        "INSERT INTO merchants_auditentry (merchant_id, action, subject, detail)"
        " SELECT id, 'kept', '', '{}' FROM merchants_merchant",
        **app,
    )
    dump = str(machine.folder / "homeward.dump")
    machine.tool(
        "pg_dump", "--username", "homeward_backup", "--format", "custom", "--file", dump,
        "homeward", password="backup-password",
    )  # fmt: skip
    with pytest.raises(subprocess.CalledProcessError):
        machine.tool(
            "pg_dump", "--username", "homeward_owner", "--file", f"{dump}.owner", "homeward",
            password="owner-password",
        )  # fmt: skip
    machine.query("CREATE DATABASE restored TEMPLATE template0", role="postgres", password="")
    machine.tool("pg_restore", "--username", "postgres", "--dbname", "restored", dump)
    kept = machine.query(
        "SELECT action FROM merchants_auditentry",
        role="postgres", password="", database="restored",
    )  # fmt: skip
    assert kept == [("kept",)]


def test_image_starts_and_looks_at_web_as_compose_does() -> None:
    found = reading.commands()
    assert reading.image_command() == [reading.fill(word, {}) for word in found["web", "command"]]
    assert reading.image_health() == found["web", "health"]


def test_every_step_of_the_image_is_run_or_listed() -> None:
    steps = [text for name, text in reading.image_steps() if name == "RUN"]
    run = [text for text in steps if "collectstatic" in text or text == COMPILE]
    assert sorted([*run, *NOT_RUN]) == sorted(steps)


COMPILE = "pybabel --quiet compile --domain django --directory locale"


@pytest.mark.processes
def test_catalogues_compile_as_in_the_image(machine: Machine) -> None:
    shutil.copytree(ROOT / "locale", machine.folder / "locale")
    environment = {"PATH": machine.environment("migrate")["PATH"]}
    subprocess.run(
        shlex.split(COMPILE), cwd=machine.folder, env=environment, check=True, capture_output=True
    )
    assert (machine.folder / "locale" / "ar" / "LC_MESSAGES" / "django.mo").exists()
