"""Lifts the append-only triggers while tests empty tables, and puts them back as they were."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.db import connection as database
from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Field, Model

from amends.inbox.models import Attachment
from amends.record.append_only import AppendOnly
from amends.record.models import Content
from amends.record.triggers import KINDS


def guarded_models() -> list[type[Model]]:
    """Every model whose table must have its triggers."""
    append_only = [model for model in apps.get_models() if issubclass(model, AppendOnly)]
    return [*append_only, Content, Attachment]


@contextmanager
def guards_lifted(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Switch all guards off inside the block; for tests that truncate, and for nobody else."""
    tables = [model._meta.db_table for model in guarded_models()]
    lift = _lift_on_sqlite if connection.vendor == "sqlite" else _lift_on_postgres
    restore = lift(connection, tables)
    try:
        yield
    finally:
        _execute(connection, restore)


def _lift_on_sqlite(connection: BaseDatabaseWrapper, tables: list[str]) -> list[str]:
    names = [f"{table}_{kind}" for table in tables for kind in KINDS]
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        found = {name: sql for name, sql in cursor.fetchall() if name in names}
    _execute(connection, [f'DROP TRIGGER "{name}"' for name in found])
    return list(found.values())


def _lift_on_postgres(connection: BaseDatabaseWrapper, tables: list[str]) -> list[str]:
    present = set(connection.introspection.table_names())
    tables = [table for table in tables if table in present]
    # Inside a transaction a table cannot be altered while checks of its rows are put off.
    check_now = "SET CONSTRAINTS ALL IMMEDIATE"
    lift = [f'ALTER TABLE "{table}" DISABLE TRIGGER USER' for table in tables]
    _execute(connection, [check_now, *lift])
    return [check_now, *(f'ALTER TABLE "{table}" ENABLE TRIGGER USER' for table in tables)]


def _execute(connection: BaseDatabaseWrapper, statements: list[str]) -> None:
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def triggers_of(table: str) -> set[str]:
    """The names of the triggers of a table."""
    if database.vendor == "sqlite":
        sql = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s"
    else:
        sql = "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal"
    with database.cursor() as cursor:
        cursor.execute(sql, [table])
        return {name for (name,) in cursor.fetchall()}


def another_value(field: Field[Any, Any]) -> str:
    """SQL for another value of the column, so that a guard which misses it would let it through."""
    column = f'"{field.column}"'
    kind = field.get_internal_type()
    if kind in {"CharField", "TextField"}:
        return f"CASE WHEN {column} = 'x' THEN 'y' ELSE 'x' END"
    if kind == "BooleanField":
        return f"NOT coalesce({column}, false)"
    if kind == "JSONField":
        return "'[1]'"
    if kind == "DateTimeField":
        return f"coalesce({column}, CURRENT_TIMESTAMP) + interval '1 day'" if _postgres() else "'x'"
    return f"coalesce({column}, 0) + 1"


def _postgres() -> bool:
    return database.vendor == "postgresql"
