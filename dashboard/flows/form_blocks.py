"""The form of a rule as its template draws it."""

from __future__ import annotations

from typing import Any

from django.forms import BoundField
from django.utils.translation import gettext as _

from dashboard.flows.journey import Scene
from dashboard.flows.rule_form import RuleForm, asks_days
from dashboard.flows.steps import ALWAYS, NOT, STEPS
from dashboard.form_fields import components, general_error
from notifications.channels.registry import CHANNELS
from notifications.rules import Ruling


def blocks(form: RuleForm, rule: Ruling, scene: Scene) -> dict[str, Any]:
    """`fields` by name (text fields and selects), `choices` by name (lists of checkboxes), and
    the table of ways."""
    fields = {one["name"]: one for one in components(form)}
    lists = ("roles", "stores", "carriers", "languages")
    return {
        "fields": fields,
        "choices": {name: choices(form[name]) for name in lists},
        "checks": {name: bool(form[name].value()) for name in ("still", "at_night")},
        "columns": _columns(),
        "ways": _ways(form, scene) if form.has_ways else [],
        "form_error": general_error(form),
        "asks_days": asks_days(str(rule.trigger.slug)),
        "has_conditions": bool(rule.conditions) or bool(form.errors),
        "is_marketing": rule.trigger.is_marketing,
    }


def choices(bound: BoundField) -> dict[str, Any]:
    """Checkboxes for `dashboard/flows/_checks.html`."""
    chosen = {str(value) for value in bound.value() or []}
    return {
        "label": bound.label,
        "name": bound.html_name,
        "error": " ".join(str(error) for error in bound.errors),
        "options": [
            {"value": value, "label": label, "checked": str(value) in chosen}
            for value, label in bound.field.choices  # type: ignore[attr-defined]
        ],
    }


def _columns() -> list[dict[str, str]]:
    return [
        {"value": NOT, "label": _("Not")},
        {"value": ALWAYS, "label": _("Always")},
        *(
            {"value": step, "label": label}
            for step, label in zip(STEPS, (_("First"), _("Else"), _("Else, third")), strict=True)
        ),
    ]


def _ways(form: RuleForm, scene: Scene) -> list[dict[str, Any]]:
    """A row a channel, a cell a place."""
    return [
        {
            "label": kind.label,
            "icon": kind.icon,
            "is_on": slug in scene.kinds,
            "name": f"way_{slug}",
            "cells": [
                {"value": one["value"], "label": f"{kind.label}: {one['label']}",
                 "checked": form.steps.get(slug, NOT) == one["value"]}
                for one in _columns()
            ],
        }
        for slug, kind in CHANNELS.items()
    ]  # fmt: skip
