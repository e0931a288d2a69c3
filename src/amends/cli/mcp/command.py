"""`amends mcp`: started by an assistant on the machine of a person; it needs the address and a token."""

from __future__ import annotations

import io
import os
import sys

from amends.cli.mcp.desk import Desk
from amends.cli.mcp.server import serve
from amends.cli.start import Unusable


def mcp() -> None:
    """Let an assistant search, read, assess, lint and draft, as the person of AMENDS_TOKEN."""
    token = os.environ.get("AMENDS_TOKEN", "").strip()
    url = os.environ.get("AMENDS_URL", "").strip() or "http://127.0.0.1:8000"
    if not token:
        raise Unusable("AMENDS_TOKEN is missing: make a token on the page Tokens of the desk.")
    if not url.startswith(("http://", "https://")):
        raise Unusable(f"AMENDS_URL is {url!r}: write the address of the desk, with https://.")
    # The protocol is UTF-8 with plain line ends on every system.
    source = io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8", errors="replace", newline="\n")
    sink = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", newline="\n")
    serve(Desk(url=url, token=token), source=source, sink=sink)
