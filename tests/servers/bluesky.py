"""A real Bluesky network for the tests (PLC, PDS, AppView, moderation), and the people on it."""

from __future__ import annotations

import base64
import json
import secrets
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar
from urllib.parse import urlsplit

import httpx
import psycopg

from tests.servers.ports import HOST, free_ports
from tests.servers.postgres import PostgresServer
from tests.servers.programs import (
    TESTNET,
    Program,
    ServerFailedError,
    ServerMissingError,
    find_program,
    make_folder,
)
from tests.servers.redis import RedisServer

T = TypeVar("T")
POST = "app.bsky.feed.post"
PASSWORD = "a-password-of-the-tests"
_HERE = Path(__file__).resolve().parent / "bluesky"
_ADMIN = "Basic " + base64.b64encode(b"admin:admin-pass").decode()
_ATTEMPTS = 3


class BlueskyNetwork:
    """Use as a context manager: `pds`, `plc` and `appview` are the addresses of its parts.

    Give a PostgresServer that runs already, or it starts one of its own.
    """

    def __init__(self, *, postgres: PostgresServer | None = None) -> None:
        self.pds = self.plc = self.appview = ""
        self._postgres = postgres
        self._database = ""
        self._program: Program | None = None
        self._parts = ExitStack()

    def __enter__(self) -> BlueskyNetwork:
        node = find_program("node", hint="install Node.js 20 (the package nodejs)")
        modules = TESTNET / "bluesky" / "node_modules"
        if not (modules / "@atproto" / "dev-env").is_dir():
            raise ServerMissingError(
                "the Bluesky test network is not installed: run python tests/servers/install.py"
            )
        with ExitStack() as parts:
            postgres = self._postgres or parts.enter_context(PostgresServer())
            redis = parts.enter_context(RedisServer())
            self._database = postgres.create_database("bluesky")
            environment = {
                "NODE_PATH": str(modules),
                "DB_POSTGRES_URL": self._database,
                "REDIS_HOST": redis.address,
                "LOG_ENABLED": "false",
                "NODE_NO_WARNINGS": "1",
            }
            self._start(node, environment=environment)
            self._parts = parts.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._program is not None:
            self._program.stop()
        self._parts.close()

    @property
    def allowed(self) -> frozenset[tuple[str, int]]:
        """What the outbound guard must let through to reach the network."""
        ports = [int(urlsplit(url).port or 80) for url in (self.pds, self.plc, self.appview)]
        # The directory names the server "localhost", the tests name it by its address.
        return frozenset((host, port) for port in ports for host in (HOST, "localhost"))

    def join(self, name: str) -> BlueskyPerson:
        """Make an account whose handle begins with `name`, and wait until everybody can see it."""
        handle = f"{name}-{secrets.token_hex(3)}.test"
        made = httpx.post(
            f"{self.pds}/xrpc/com.atproto.server.createAccount",
            json={"handle": handle, "email": f"{handle}@mail.test", "password": PASSWORD},
            timeout=30,
        )
        made.raise_for_status()
        session = made.json()
        person = BlueskyPerson(self, did=session["did"], handle=handle, access=session["accessJwt"])
        # A profile record makes the AppView know the account at once and gives it a name.
        person.put("app.bsky.actor.profile", key="self", record={"displayName": name.title()})
        wait_until(lambda: person.ask("app.bsky.actor.getProfile", actor=person.did).get("did"))
        return person

    def take_down(self, subject: dict[str, str]) -> None:
        """What a moderator of the server does: `{"did": …}` or `{"uri": …, "cid": …}`."""
        kind = (
            "com.atproto.admin.defs#repoRef" if "did" in subject else "com.atproto.repo.strongRef"
        )
        httpx.post(
            f"{self.pds}/xrpc/com.atproto.admin.updateSubjectStatus",
            headers={"Authorization": _ADMIN},
            json={
                "subject": {"$type": kind, **subject},
                "takedown": {"applied": True, "ref": "tests"},
            },
            timeout=30,
        ).raise_for_status()

    def hide(self, post: Post) -> None:
        """What a moderator of the AppView does: the record stays where it is, and nobody sees it."""
        with psycopg.connect(self._database) as connection:
            connection.execute(
                "UPDATE bsky.record SET \"takedownRef\" = 'tests' WHERE uri = %s", [post.uri]
            )

    def _start(self, node: str, *, environment: dict[str, str]) -> None:
        """Start on free ports; another run may take one in between, hence some attempts."""
        for attempt in range(_ATTEMPTS):
            ports = dict(zip(("plc", "pds", "appview", "moderation"), free_ports(4), strict=True))
            program = Program(
                command=[
                    *(node, "-r", str(_HERE / "loopback.js"), str(_HERE / "network.js")),
                    json.dumps(ports),
                ],
                folder=make_folder("bluesky"),
                environment=environment,
            )
            try:
                program.start(
                    is_ready=lambda program=program: _ready_line(program) is not None, seconds=120
                )
            except ServerFailedError as failure:
                if attempt == _ATTEMPTS - 1 or "EADDRINUSE" not in str(failure):
                    raise
                continue
            self._program = program
            addresses = _ready_line(program) or {}
            self.pds, self.plc, self.appview = (
                addresses[name].replace("localhost", HOST) for name in ("pds", "plc", "appview")
            )
            return


@dataclass(frozen=True)
class Post:
    """A post that somebody made: where it is and which version."""

    uri: str
    cid: str

    @property
    def key(self) -> str:
        return self.uri.rsplit("/", 1)[-1]

    @property
    def reference(self) -> dict[str, str]:
        return {"uri": self.uri, "cid": self.cid}


class BlueskyPerson:
    """Somebody with an account, who does what people do with the app of their choice."""

    def __init__(self, network: BlueskyNetwork, *, did: str, handle: str, access: str) -> None:
        self.did = did
        self.handle = handle
        self.password = PASSWORD
        self._http = network.pds
        self._headers = {"Authorization": f"Bearer {access}"}

    def ask(self, method: str, **params: Any) -> dict[str, Any]:
        """Call a query of the network."""
        answer = httpx.get(
            f"{self._http}/xrpc/{method}", params=params, headers=self._headers, timeout=30
        )
        answer.raise_for_status()
        return dict(answer.json())

    def tell(self, method: str, body: dict[str, Any]) -> dict[str, Any]:
        """Call a procedure of the network."""
        answer = httpx.post(
            f"{self._http}/xrpc/{method}", json=body, headers=self._headers, timeout=30
        )
        answer.raise_for_status()
        return dict(answer.json()) if answer.content else {}

    def put(self, collection: str, *, key: str, record: dict[str, Any]) -> dict[str, Any]:
        """Write a record of one's own under a key."""
        body = {"repo": self.did, "collection": collection, "rkey": key}
        return self.tell(
            "com.atproto.repo.putRecord", {**body, "record": {"$type": collection, **record}}
        )

    def post(
        self,
        text: str,
        *,
        answering: Post | None = None,
        root: Post | None = None,
        quoting: Post | None = None,
        mentioning: BlueskyPerson | None = None,
        language: str = "",
        claimed_at: datetime | None = None,
    ) -> Post:
        """Write a post; `root` is the first of the thread where `answering` is not it."""
        record: dict[str, Any] = {"$type": POST, "text": text, "createdAt": timestamp(claimed_at)}
        if language:
            record["langs"] = [language]
        if answering is not None:
            record["reply"] = {
                "root": (root or answering).reference,
                "parent": answering.reference,
            }
        if quoting is not None:
            record["embed"] = {"$type": "app.bsky.embed.record", "record": quoting.reference}
        if mentioning is not None:
            handle = f"@{mentioning.handle}"
            start = len(text[: text.index(handle)].encode())
            span = {"byteStart": start, "byteEnd": start + len(handle.encode())}
            feature = {"$type": "app.bsky.richtext.facet#mention", "did": mentioning.did}
            record["facets"] = [{"index": span, "features": [feature]}]
        body = {"repo": self.did, "collection": POST, "record": record}
        made = self.tell("com.atproto.repo.createRecord", body)
        return Post(made["uri"], made["cid"])

    def edit(self, post: Post, text: str) -> Post:
        """Write the record anew under its old key, as a client that offers editing does."""
        old = self.ask("com.atproto.repo.getRecord", repo=self.did, collection=POST, rkey=post.key)
        made = self.put(POST, key=post.key, record={**old["value"], "text": text})
        return Post(made["uri"], made["cid"])

    def delete(self, post: Post) -> None:
        """Take a post back."""
        body = {"repo": self.did, "collection": POST, "rkey": post.key}
        self.tell("com.atproto.repo.deleteRecord", body)

    def block(self, other: BlueskyPerson) -> None:
        """Want to see no more of somebody, and be seen no more."""
        collection = "app.bsky.graph.block"
        record = {"$type": collection, "subject": other.did, "createdAt": timestamp()}
        body = {"repo": self.did, "collection": collection, "record": record}
        self.tell("com.atproto.repo.createRecord", body)

    def posts(self) -> list[dict[str, Any]]:
        """The posts that stand in one's own repository, newest first."""
        answer = self.ask("com.atproto.repo.listRecords", repo=self.did, collection=POST, limit=100)
        return list(answer["records"])

    def sees(self, post: Post) -> bool:
        """Whether the AppView shows a post in exactly this version."""
        shown = self.ask("app.bsky.feed.getPosts", uris=[post.uri])["posts"]
        return any(one["cid"] == post.cid for one in shown)

    def make_app_password(self, name: str) -> str:
        """A password for one program, as the settings of the app make it."""
        made = self.tell("com.atproto.server.createAppPassword", {"name": name})
        return str(made["password"])


def timestamp(moment: datetime | None = None) -> str:
    """A moment, or now, as records write it."""
    return (moment or datetime.now(UTC)).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def wait_until(look: Callable[[], T], *, seconds: float = 15) -> T:
    """Ask until the answer is true: the AppView follows the servers a little later."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            found = look()
        except httpx.HTTPStatusError as error:
            found, last = None, error.response.text  # type: ignore[assignment]
        else:
            last = repr(found)
        if found:
            return found
        if time.monotonic() > deadline:
            raise AssertionError(f"still not so after {seconds} seconds; last seen: {last[:500]}")
        time.sleep(0.1)


def _ready_line(program: Program) -> dict[str, str] | None:
    for line in program.output().splitlines():
        if line.startswith('{"ready":true'):
            return dict(json.loads(line))
    return None
