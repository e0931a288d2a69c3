"""Starts Django for the commands that need the database, with sentences where it cannot start."""

from __future__ import annotations

import os

import typer

from amends.config.env import BadSetting
from amends.core.keys import KeyFileError


class Unusable(Exception):
    """What was given or found cannot be worked with; the message says what, where, and what to do."""


def start_django() -> None:
    """Load the settings and the apps; raises Unusable for a setting, key or folder that cannot be used."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "amends.config.settings")
    import django  # slow; most commands do without
    from django.core.exceptions import ImproperlyConfigured

    try:
        django.setup()
    except (BadSetting, KeyFileError, ImproperlyConfigured) as error:
        raise Unusable(str(error)) from error
    except OSError as error:
        raise Unusable(
            f"{error.filename or 'the data folder'} cannot be used ({error.strerror}): "
            f"check its rights and free space, or name another folder with AMENDS_DATA."
        ) from error


def refuse_wrong_settings() -> None:
    """Tell warnings on standard error; raises Unusable for settings that cannot be meant."""
    from django.core.checks import ERROR

    from amends.config.checks import check_settings

    found = check_settings()
    for message in found:
        if message.level < ERROR:
            typer.echo(f"{message.id}: {message.msg} {message.hint}", err=True)
    errors = [f"{one.msg} {one.hint} ({one.id})" for one in found if one.level >= ERROR]
    if errors:
        raise Unusable(" ".join(errors))
