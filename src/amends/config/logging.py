"""One form for all that the processes log, with secrets kept out, whoever tries to write them."""

from __future__ import annotations

import logging
import re
from collections.abc import MutableMapping
from typing import Any

import structlog

# Bearer tokens, our own tokens and secrets of webhooks, app passwords (abcd-efgh-ijkl-mnop), links that
# let somebody in, and key=value pairs with a telling name.
_SECRET = re.compile(
    r"(?i)(bearer\s+)[\w.~+/=-]{8,}"
    r"|\b((?:amends|whsec)_)[\w-]{20,}"
    r"|\b[a-z0-9]{4}(?:-[a-z0-9]{4}){3}\b"
    r"|((?:/setup/|/join/|/password/reset/[0-9A-Za-z]+-))[\w-]{20,}"
    r"|((?:password|passwd|token|secret|api_key|accessJwt|refreshJwt)[\"']?\s*[:=]\s*[\"']?)[^\s\"',}]+"
)


def hide_secrets(text: str) -> str:
    """`text` with everything that looks like a credential replaced by three stars."""
    return _SECRET.sub(
        lambda match: f"{match.group(match.lastindex) if match.lastindex else ''}***", text
    )


class HidingFormatter(logging.Formatter):
    """Formats a record and hides its secrets last: arguments and tracebacks are covered, too."""

    def format(self, record: logging.LogRecord) -> str:
        return hide_secrets(super().format(record))


def configure_structlog() -> None:
    """Let structlog write through the handlers of `logging`: one level, one stream, one place that hides.

    Tracebacks come without the values of variables: those are words and names of people.
    """
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.contextvars.merge_contextvars,
            structlog.processors.format_exc_info,
            render_line,
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )


def render_line(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> str:
    """`what.happened key=value …`, and below it the traceback where there is one."""
    what, traceback = str(event.pop("event", "")), event.pop("exception", "")
    line = " ".join([what, *(f"{key}={_shown(value)}" for key, value in event.items())])
    return f"{line}\n{traceback}" if traceback else line


def _shown(value: object) -> str:
    text = str(value)
    return repr(text) if not text or any(one.isspace() or one in "\"='" for one in text) else text
