"""Keeps secrets out of the log, whoever tries to write them."""

from __future__ import annotations

import logging
import re

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


class HideSecrets(logging.Filter):
    """A filter that rewrites the finished message, so arguments are covered too."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = hide_secrets(record.getMessage())
        record.args = ()
        return True
