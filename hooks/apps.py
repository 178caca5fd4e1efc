"""Listens to the mail that the provider hands over."""

from __future__ import annotations

from django.apps import AppConfig


class HooksConfig(AppConfig):
    name = "hooks"

    def ready(self) -> None:
        from anymail.signals import inbound  # noqa: PLC0415 - needs the apps

        from hooks.mail import on_inbound  # noqa: PLC0415 - needs the models

        inbound.connect(on_inbound, dispatch_uid="hooks.mail")
