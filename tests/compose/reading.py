"""Every command that docker-compose.yml and the Dockerfile hold, as they would be run."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent.parent
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
_VARIABLE = re.compile(r"\$(?:\$|\{(\w+)(?::([-?])([^}]*))?\})")


def fill(text: str, environment: Mapping[str, str]) -> str:
    """The text as compose passes it on: `${NAME}`, `${NAME:-default}`, `${NAME:?message}`, `$$`."""

    def value(match: re.Match[str]) -> str:
        name, kind, other = match.groups()
        if name is None:
            return "$"
        found = environment.get(name, "")
        if not found and kind == "?":
            raise KeyError(other)
        return found or (other if kind == "-" else "")

    return _VARIABLE.sub(value, text)


def commands() -> dict[tuple[str, str], list[str]]:
    """(service, "command" or "health") to words, variables not yet filled in."""
    found: dict[tuple[str, str], list[str]] = {}
    for name, service in SERVICES.items():
        if "entrypoint" in service:
            raise AssertionError(f"{name}: teach tests/compose what an entrypoint is")
        if "command" in service:
            found[name, "command"] = _words(service["command"])
        test = service.get("healthcheck", {}).get("test")
        if test:
            found[name, "health"] = _health(test)
    return found


def environment_of(service: str, dotenv: Mapping[str, str]) -> dict[str, str]:
    """What a container of this service would find in its environment."""
    described = SERVICES[service]
    found = dict(dotenv) if "env_file" in described else {}
    for name, value in described.get("environment", {}).items():
        found[name] = fill(str(value), dotenv)
    return found


def dotenv(text: str) -> dict[str, str]:
    """The lines of a .env file that set something."""
    lines = [line for line in text.splitlines() if re.match(r"[A-Z]", line)]
    return dict(line.split("=", 1) for line in lines)


def image_steps() -> list[tuple[str, str]]:
    """The Dockerfile's instructions in order, continued lines joined, comments left out."""
    text = re.sub(r"\\\n\s*", "", (ROOT / "Dockerfile").read_text())
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [(line.split(" ", 1)[0], line.split(" ", 1)[1]) for line in lines]


def image_health() -> list[str]:
    (step,) = [text for name, text in image_steps() if name == "HEALTHCHECK"]
    return list(json.loads(step.partition("CMD ")[2]))


def image_command() -> list[str]:
    (step,) = [text for name, text in image_steps() if name == "CMD"]
    return list(json.loads(step))


def _words(command: str | list[str]) -> list[str]:
    return shlex.split(command) if isinstance(command, str) else list(command)


def _health(test: list[str]) -> list[str]:
    if test[0] == "CMD-SHELL":
        return ["/bin/sh", "-c", test[1]]
    assert test[0] == "CMD"
    return list(test[1:])
