"""The map of a file: which column is what, how its dates are written, in which time zone."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from enum import StrEnum
from typing import Any

import yaml

KIND = "import"


class Part(StrEnum):
    """What a column can hold. Text and time are needed; the rest may be left out."""

    TEXT = "text"
    PUBLISHED_AT = "published_at"
    ID = "id"
    AUTHOR = "author"
    AUTHOR_ID = "author_id"
    HANDLE = "handle"
    AUTHOR_URL = "author_url"
    FOLLOWERS = "followers"
    THREAD = "thread"
    PARENT = "parent"
    URL = "url"
    LANGUAGE = "language"
    ORDER = "order"
    EDITED_AT = "edited_at"
    OURS = "ours"


REQUIRED = (Part.TEXT, Part.PUBLISHED_AT)
DATES = (Part.PUBLISHED_AT, Part.EDITED_AT)
ISO, UNIX, UNIX_MS = "iso", "unix", "unix_ms"
YES = (
    "1",
    "true",
    "yes",
    "y",
    "evet",
    "ya",
    "да",
    "ja",
)  # in `ours`, unless the map says otherwise


@dataclass(frozen=True, slots=True)
class FileMap:
    """`columns` by part; `date_format` is iso, unix, unix_ms or a pattern of strptime.

    `zone` is meant where a time names none, `language` (a code) where no column says it; `ours` are the
    values that mean us.
    """

    columns: dict[Part, str]
    date_format: str = ISO
    zone_name: str = "UTC"
    zone: tzinfo = UTC
    language: str = ""
    ours: tuple[str, ...] = field(default=YES)

    def to_yaml(self) -> str:
        """The map as a file that `read_file_map` reads again."""
        plain: dict[str, Any] = {
            "kind": KIND,
            "columns": {part.value: self.columns[part] for part in Part if part in self.columns},
            "dates": {"format": self.date_format, "timezone": self.zone_name},
        }
        if self.language:
            plain["language"] = self.language
        if self.ours != YES:
            plain["ours"] = list(self.ours)
        return yaml.safe_dump(plain, allow_unicode=True, sort_keys=False)
