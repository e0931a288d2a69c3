"""SQL of the triggers that keep append-only tables append-only, for SQLite and PostgreSQL.

A migration that alters a guarded table brackets itself: `unguard_model`, the change, `guard_model`
again. SQLite rebuilds a table that is altered and loses its triggers, PostgreSQL refuses to alter a
column that a trigger names; tests/record/test_append_only.py finds a guard that misses a column.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import RunPython
from django.db.migrations.state import StateApps
from django.db.models import Model

MESSAGE = "append-only: this table takes new rows only"
KINDS = ("no_update", "no_delete", "no_replace", "no_truncate")

_FUNCTION = (
    "CREATE OR REPLACE FUNCTION amends_append_only() RETURNS trigger LANGUAGE plpgsql AS "
    f"$$ BEGIN RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'check_violation'; END $$"
)
_KEPT = ("id", "workspace_id", "digest", "created_at")
_ERASED = (
    "NEW.text = '' AND NEW.payload = '' AND NEW.salt = '' "
    "AND NEW.redacted_at IS NOT NULL AND OLD.redacted_at IS NULL"
)


def guard_model(app_label: str, name: str, *, mutable: Sequence[str] = ()) -> RunPython:
    """A migration operation: refuse deletion, and any change but of the `mutable` columns."""

    def statements(connection: BaseDatabaseWrapper, model: type[Model]) -> list[str]:
        columns = [field.column for field in model._meta.concrete_fields if field.column]
        protected = [column for column in columns if column not in mutable]
        return guard_statements(connection, model._meta.db_table, protected=protected)

    return _operation(app_label, name, statements)


def guard_content(app_label: str, name: str, *, redaction: str) -> RunPython:
    """A migration operation: content may only become nothing, and only beside its Redaction."""

    def statements(connection: BaseDatabaseWrapper, model: type[Model]) -> list[str]:
        return content_statements(connection, model._meta.db_table, redactions=redaction)

    return _operation(app_label, name, statements)


def guard_erasable(app_label: str, name: str, *, erasable: Sequence[str], once: str) -> RunPython:
    """A migration operation: refuse deletion and any change, but that `erasable` texts become nothing.

    Only once the words that they belong to are erased: `once` is a sub-query in SQL of ours that finds a row
    then; it names the changed one OLD.
    """

    def statements(connection: BaseDatabaseWrapper, model: type[Model]) -> list[str]:
        columns = [field.column for field in model._meta.concrete_fields if field.column]
        kept = [column for column in columns if column not in erasable]
        return erasable_statements(
            connection, model._meta.db_table, kept=kept, erasable=erasable, once=once
        )

    return _operation(app_label, name, statements)


def unguard_model(app_label: str, name: str) -> RunPython:
    """A migration operation: lift the guard for the operations until `guard_model`."""

    def forwards(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
        table = apps.get_model(app_label, name)._meta.db_table
        for statement in drop_statements(editor.connection, table):
            editor.execute(statement)

    def backwards(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
        model = apps.get_model(app_label, name)
        columns = [field.column for field in model._meta.concrete_fields if field.column]
        connection, table = editor.connection, model._meta.db_table
        for statement in guard_statements(connection, table, protected=columns):
            editor.execute(statement)

    return RunPython(forwards, backwards, elidable=False)


def guard_statements(
    connection: BaseDatabaseWrapper, table: str, *, protected: Sequence[str]
) -> list[str]:
    if connection.vendor == "sqlite":
        changed = " OR ".join(f'OLD."{column}" IS NOT NEW."{column}"' for column in protected)
        return [
            f'CREATE TRIGGER "{table}_no_update" BEFORE UPDATE ON "{table}" WHEN {changed} '
            f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END",
            *_sqlite_delete_guards(table),
        ]
    changed = " OR ".join(f'OLD."{column}" IS DISTINCT FROM NEW."{column}"' for column in protected)
    return [
        _FUNCTION,
        f'CREATE TRIGGER "{table}_no_update" BEFORE UPDATE ON "{table}" FOR EACH ROW '
        f"WHEN ({changed}) EXECUTE FUNCTION amends_append_only()",
        *_postgres_delete_guards(table),
    ]


def content_statements(
    connection: BaseDatabaseWrapper, table: str, *, redactions: str
) -> list[str]:
    is_logged = f'EXISTS (SELECT 1 FROM "{redactions}" WHERE content_id = OLD.id)'  # noqa: S608 - ours
    is_kept = " AND ".join(f"NEW.{column} = OLD.{column}" for column in _KEPT)
    allowed = f"{_ERASED} AND {is_kept} AND {is_logged}"
    refusal = f"'{MESSAGE}; content may only be redacted'"
    if connection.vendor == "sqlite":
        return [
            f'CREATE TRIGGER "{table}_no_update" BEFORE UPDATE ON "{table}" WHEN NOT ({allowed}) '
            f"BEGIN SELECT RAISE(ABORT, {refusal}); END",
            *_sqlite_delete_guards(table),
        ]
    return [
        _FUNCTION,
        # A trigger's WHEN may hold no sub-query on PostgreSQL, so the test stands in a function.
        "CREATE OR REPLACE FUNCTION amends_content_only_redacted() RETURNS trigger "
        f"LANGUAGE plpgsql AS $$ BEGIN IF {allowed} THEN RETURN NEW; END IF; "
        f"RAISE EXCEPTION {refusal} USING ERRCODE = 'check_violation'; END $$",
        f'CREATE TRIGGER "{table}_no_update" BEFORE UPDATE ON "{table}" FOR EACH ROW '
        "EXECUTE FUNCTION amends_content_only_redacted()",
        *_postgres_delete_guards(table),
    ]


def erasable_statements(
    connection: BaseDatabaseWrapper,
    table: str,
    *,
    kept: Sequence[str],
    erasable: Sequence[str],
    once: str,
) -> list[str]:
    alike = "IS" if connection.vendor == "sqlite" else "IS NOT DISTINCT FROM"
    is_kept = " AND ".join(f'NEW."{column}" {alike} OLD."{column}"' for column in kept)
    is_nothing = " AND ".join(
        f'(NEW."{column}" = \'\' OR NEW."{column}" {alike} OLD."{column}")' for column in erasable
    )
    is_same = " AND ".join(f'NEW."{column}" {alike} OLD."{column}"' for column in erasable)
    allowed = f"{is_kept} AND (({is_same}) OR ({is_nothing} AND EXISTS ({once})))"
    if connection.vendor == "sqlite":
        return [
            f'CREATE TRIGGER "{table}_no_update" BEFORE UPDATE ON "{table}" WHEN NOT ({allowed}) '
            f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END",
            *_sqlite_delete_guards(table),
        ]
    return [
        _FUNCTION,
        f'CREATE OR REPLACE FUNCTION "amends_{table}_only_erased"() RETURNS trigger '
        f"LANGUAGE plpgsql AS $$ BEGIN IF {allowed} THEN RETURN NEW; END IF; "
        f"RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'check_violation'; END $$",
        f'CREATE TRIGGER "{table}_no_update" BEFORE UPDATE ON "{table}" FOR EACH ROW '
        f'EXECUTE FUNCTION "amends_{table}_only_erased"()',
        *_postgres_delete_guards(table),
    ]


def drop_statements(connection: BaseDatabaseWrapper, table: str) -> list[str]:
    on_table = "" if connection.vendor == "sqlite" else f' ON "{table}"'
    return [f'DROP TRIGGER IF EXISTS "{table}_{kind}"{on_table}' for kind in KINDS]


def _operation(
    app_label: str,
    name: str,
    statements: Callable[[BaseDatabaseWrapper, type[Model]], list[str]],
) -> RunPython:
    def forwards(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
        for statement in statements(editor.connection, apps.get_model(app_label, name)):
            editor.execute(statement)

    def backwards(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
        table = apps.get_model(app_label, name)._meta.db_table
        for statement in drop_statements(editor.connection, table):
            editor.execute(statement)

    return RunPython(forwards, backwards, elidable=False)


def _sqlite_delete_guards(table: str) -> list[str]:
    return [
        f'CREATE TRIGGER "{table}_no_delete" BEFORE DELETE ON "{table}" '
        f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END",
        # INSERT OR REPLACE removes the old row without firing its delete trigger.
        f'CREATE TRIGGER "{table}_no_replace" BEFORE INSERT ON "{table}" '
        f"WHEN EXISTS ({_row_with_id(table)}) "
        f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END",
    ]


def _row_with_id(table: str) -> str:
    return f'SELECT 1 FROM "{table}" WHERE id = NEW.id'  # noqa: S608 - a table name of ours


def _postgres_delete_guards(table: str) -> list[str]:
    return [
        f'CREATE TRIGGER "{table}_no_delete" BEFORE DELETE ON "{table}" FOR EACH ROW '
        "EXECUTE FUNCTION amends_append_only()",
        f'CREATE TRIGGER "{table}_no_truncate" BEFORE TRUNCATE ON "{table}" '
        "EXECUTE FUNCTION amends_append_only()",
    ]
