"""`migrate`, logged in as the owner, then the application's role is given its rights.

The application's role neither owns tables nor bypasses row-level security, so it cannot
migrate; DATABASE_OWNER_URL names the role that can.
"""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings
from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import connections

from merchants.isolation import (
    application_role,
    why_not_for_a_demonstration,
    why_not_isolated,
)

#: Tables without a row-level policy that only the owner's functions may touch.
_WITHHELD: Final = ("tracking_order_search",)
#: Those functions; PUBLIC may not call them either.
_CALLABLE: Final = ("search_orders(text[], integer)",)


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        connection = connections[options["database"]]
        application = connection.settings_dict["USER"]
        before = {
            key: connection.settings_dict[key] for key in ("USER", "PASSWORD", "HOST", "PORT")
        }
        connection.close()
        connection.settings_dict.update({key: settings.OWNER_DATABASE[key] for key in before})
        try:
            self._refuse_wrong_roles(connection)
            super().handle(*args, **options)
            if application != connection.settings_dict["USER"]:
                self._grant(connection, application)
        finally:
            connection.close()
            connection.settings_dict.update(before)

    def _refuse_wrong_roles(self, connection: Any) -> None:
        if settings.PRODUCTION and settings.OWNER_DATABASE["USER"] == application_role():
            raise CommandError(
                "DATABASE_OWNER_URL must name the role that owns the tables, another one than"
                " DATABASE_URL's."
            )
        with connection.cursor() as cursor:
            problem = why_not_isolated(cursor) or why_not_for_a_demonstration(cursor)
        if problem:
            raise CommandError(f"Nothing was migrated: {problem}")

    def _grant(self, connection: Any, role: str) -> None:
        quoted = connection.ops.quote_name(role)
        with connection.cursor() as cursor:
            cursor.execute(
                f"GRANT USAGE ON SCHEMA public TO {quoted};"
                f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {quoted};"
                f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {quoted};"
            )
            for table in _WITHHELD:
                cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [table])
                if cursor.fetchone()[0]:
                    cursor.execute(f"REVOKE ALL ON {table} FROM {quoted}")
            for function in _CALLABLE:
                cursor.execute("SELECT to_regprocedure(%s) IS NOT NULL", [function])
                if cursor.fetchone()[0]:
                    cursor.execute(f"GRANT EXECUTE ON FUNCTION {function} TO {quoted}")
