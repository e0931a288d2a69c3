"""SQL of the triggers that keep append-only tables append-only, for SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import RunPython

MESSAGE = "append-only: this table takes new rows only"


def guard_table(table: str, *, protected: Sequence[str]) -> RunPython:
    """A migration operation: refuse deletion, and any change of the `protected` columns."""

    def forwards(apps: object, editor: BaseDatabaseSchemaEditor) -> None:
        for statement in guard_statements(editor.connection, table, protected=protected):
            editor.execute(statement)

    def backwards(apps: object, editor: BaseDatabaseSchemaEditor) -> None:
        for statement in drop_statements(editor.connection, table):
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
            f'CREATE TRIGGER "{table}_no_delete" BEFORE DELETE ON "{table}" '
            f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END",
        ]
    changed = " OR ".join(f'OLD."{column}" IS DISTINCT FROM NEW."{column}"' for column in protected)
    return [
        "CREATE OR REPLACE FUNCTION amends_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'check_violation'; END $$",
        f'CREATE TRIGGER "{table}_no_update" BEFORE UPDATE ON "{table}" FOR EACH ROW '
        f"WHEN ({changed}) EXECUTE FUNCTION amends_append_only()",
        f'CREATE TRIGGER "{table}_no_delete" BEFORE DELETE ON "{table}" FOR EACH ROW '
        "EXECUTE FUNCTION amends_append_only()",
        f'CREATE TRIGGER "{table}_no_truncate" BEFORE TRUNCATE ON "{table}" '
        "EXECUTE FUNCTION amends_append_only()",
    ]


def drop_statements(connection: BaseDatabaseWrapper, table: str) -> list[str]:
    on_table = "" if connection.vendor == "sqlite" else f' ON "{table}"'
    kinds = ["no_update", "no_delete"] + ([] if connection.vendor == "sqlite" else ["no_truncate"])
    return [f'DROP TRIGGER IF EXISTS "{table}_{kind}"{on_table}' for kind in kinds]


def guard_content(table: str, redactions: str) -> RunPython:
    """A migration operation for Content: it may only become nothing, and only beside its Redaction."""

    def forwards(apps: object, editor: BaseDatabaseSchemaEditor) -> None:
        for statement in content_statements(editor.connection, table, redactions):
            editor.execute(statement)

    def backwards(apps: object, editor: BaseDatabaseSchemaEditor) -> None:
        for statement in drop_statements(editor.connection, table):
            editor.execute(statement)

    return RunPython(forwards, backwards, elidable=False)


def content_statements(connection: BaseDatabaseWrapper, table: str, redactions: str) -> list[str]:
    erased = (
        "NEW.text = '' AND NEW.payload = '' AND NEW.salt = '' AND NEW.redacted_at IS NOT NULL "
        "AND OLD.redacted_at IS NULL"
    )
    logged = f"EXISTS (SELECT 1 FROM \"{redactions}\" WHERE content_id = OLD.id)"
    if connection.vendor == "sqlite":
        kept = "NEW.id IS OLD.id AND NEW.digest IS OLD.digest AND NEW.created_at IS OLD.created_at AND NEW.workspace_id IS OLD.workspace_id"
        return [
            f'CREATE TRIGGER "{table}_no_update" BEFORE UPDATE ON "{table}" '
            f"WHEN NOT ({erased} AND {kept} AND {logged}) "
            f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}; content may only be redacted'); END",
            f'CREATE TRIGGER "{table}_no_delete" BEFORE DELETE ON "{table}" '
            f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END",
        ]
    kept = "NEW.id = OLD.id AND NEW.digest = OLD.digest AND NEW.created_at = OLD.created_at AND NEW.workspace_id = OLD.workspace_id"
    return [
        # A trigger's WHEN may hold no sub-query on PostgreSQL, so the test stands in the function.
        "CREATE OR REPLACE FUNCTION amends_content_only_redacted() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN IF {erased} AND {kept} AND {logged} THEN RETURN NEW; END IF; "
        f"RAISE EXCEPTION '{MESSAGE}; content may only be redacted' "
        "USING ERRCODE = 'check_violation'; END $$",
        f'CREATE TRIGGER "{table}_no_update" BEFORE UPDATE ON "{table}" FOR EACH ROW '
        "EXECUTE FUNCTION amends_content_only_redacted()",
        f'CREATE TRIGGER "{table}_no_delete" BEFORE DELETE ON "{table}" FOR EACH ROW '
        "EXECUTE FUNCTION amends_append_only()",
        f'CREATE TRIGGER "{table}_no_truncate" BEFORE TRUNCATE ON "{table}" '
        "EXECUTE FUNCTION amends_append_only()",
    ]
