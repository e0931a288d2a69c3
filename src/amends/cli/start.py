"""Starts Django for the commands that need the database, with sentences where it cannot start."""

from __future__ import annotations

import os

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
