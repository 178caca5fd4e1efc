"""Django forms as the design's components: one dict a field, for `dashboard/_form.html`."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms


def components(form: forms.BaseForm) -> list[dict[str, Any]]:
    """What `_form.html` draws: field, select or switch, with the error beside each."""
    return [_component(form[name]) for name in form.fields]


def general_error(form: forms.BaseForm) -> str:
    """What is wrong with the form as a whole; "" when nothing is."""
    return " ".join(str(error) for error in form.non_field_errors())


def _typed(value: Any) -> Any:
    """As a browser's field takes it: a date in ISO 8601, whatever the reader's language."""
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else value


def _component(bound: forms.BoundField) -> dict[str, Any]:
    field, widget = bound.field, bound.field.widget
    value = bound.value()
    found: dict[str, Any] = {
        "kind": "field",
        "label": bound.label,
        "name": bound.html_name,
        "help": field.help_text,
        "error": " ".join(str(error) for error in bound.errors),
        "required": field.required,
        "optional": not field.required,
        "value": _typed(value),
        "autocomplete": widget.attrs.get("autocomplete", ""),
        "dir": widget.attrs.get("dir", ""),
        "placeholder": widget.attrs.get("placeholder", ""),
        "prefix": widget.attrs.get("prefix", ""),
        "list": widget.attrs.get("list", ""),
        "type": getattr(widget, "input_type", "text"),
    }
    if isinstance(widget, forms.Select):
        choices = [(str(value), label) for value, label in field.choices]  # type: ignore[attr-defined]
        found["kind"] = "select"
        found["value"] = str(found["value"])
        found["blank"] = next((label for value, label in choices if not value), "")
        found["options"] = [{"value": v, "label": label} for v, label in choices if v]
    elif isinstance(widget, forms.CheckboxInput):
        found |= {"kind": "switch", "checked": bool(value)}
    elif isinstance(widget, forms.Textarea):
        found["type"] = "textarea"
    elif isinstance(widget, forms.PasswordInput):
        # What is secret is never sent back, not even to whoever typed it.
        found["value"] = ""
    elif isinstance(widget, forms.FileInput):
        found |= {"kind": "file", "value": "", "accept": widget.attrs.get("accept", "")}
    return found
