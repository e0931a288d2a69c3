"""The first page is small: what a browser loads for the inbox, without images, stays under 100 kB."""

from __future__ import annotations

import re
from collections.abc import Callable
from posixpath import dirname, join, normpath

import pytest
from django.test import Client

from amends.accounts.models import User
from amends.cases.models import Case

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
LIMIT = 100_000  # bytes on the wire: HTML, CSS and JavaScript
CASES = 40
LOADED = re.compile(r'(?:<link rel="stylesheet" href|<script[^>]* src)="([^"]+)"')
IMPORTED = re.compile(r'^import (?:[^"]+ from )?"(\.[^"]+)"', re.MULTILINE)


def fetch(client: Client, address: str) -> tuple[bytes, int]:
    """The text that comes, and how many bytes travelled for it."""
    plain = client.get(address)
    assert plain.status_code == 200, address
    packed = client.get(address, headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip", f"{address} travels unpacked"
    return whole(plain), len(whole(packed))


def whole(response: object) -> bytes:
    streamed = getattr(response, "streaming_content", None)
    return b"".join(streamed) if streamed is not None else response.content  # type: ignore[attr-defined]


def test_the_inbox_comes_in_under_a_hundred_kilobytes(
    make_case: Callable[..., Case],
    agent: User,
    sign_in: SignIn,
    record_property: Callable[..., None],
) -> None:
    for number in range(CASES):
        make_case(
            f"{number}. paketim altı gündür yok, arıyorum açan yok!", external_id=f"c-{number}"
        )
    client = sign_in(agent)
    html, size = fetch(client, "/inbox/all/")
    sizes, waiting = {"page": size}, LOADED.findall(html.decode())
    while waiting:
        address = waiting.pop()
        if address in sizes:
            continue
        text, sizes[address] = fetch(client, address)
        if address.endswith(".js"):
            found = IMPORTED.findall(text.decode())
            waiting += [normpath(join(dirname(address), one)) for one in found]
    total = sum(sizes.values())
    record_property("bytes", total)
    largest = sorted(sizes.items(), key=lambda one: -one[1])[:5]
    assert total < LIMIT, f"{total} bytes; the largest: {largest}"
