from django.apps import AppConfig


class OperationsConfig(AppConfig):
    name = "operations"

    def ready(self) -> None:
        from operations import checks, heartbeat, start, task_log  # noqa: F401, PLC0415
