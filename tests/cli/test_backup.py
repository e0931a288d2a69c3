"""`amends backup` and `amends restore`: the desk of one moment, on both databases, while somebody writes."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.desks import PREPARE, environment, run_amends, run_script
from tests.cli.test_up import refusal
from tests.servers.postgres import PostgresServer

pytestmark = [pytest.mark.own_database, pytest.mark.timeout(600)]

FILL = (
    PREPARE
    + """
import sys
from pathlib import Path
from django.conf import settings
from amends.inbox.models import ChannelAccount
from amends.inbox.capture_many import capture_many
from amends.pipeline.schedule import seal_record
from amends.record.log import COMMAND, Subject, log_action
from tests.support.comments import created
account = ChannelAccount.objects.create(workspace=made, brand=brand, kind="manual", host="manual",
    external_id="desk", label="By hand", connected_at=clock.now())
now = clock.now()
capture_many([created(f"c-{n}", at=now, text=f"Kargom {n}") for n in range(40)], account=account, now=now)
for n in range(5):
    log_action("x.y", workspace_id=made.pk, actor=COMMAND, subject=Subject("x", str(n)), now=now)
seal_record(clock.now())
(settings.DATA_DIR / "media" / "deep").mkdir(parents=True)
(settings.DATA_DIR / "media" / "deep" / "box.png").write_bytes(b"picture")
(settings.DATA_DIR / "media" / "stolen.key").write_bytes(b"a key that lies in a wrong place")
"""
)
LOOK = """
from amends.cli.start import start_django
start_django()
import json
from amends.inbox.models import Author, Comment, Version
from amends.record.models import ActionLog, Content
print(json.dumps({"comments": Comment.objects.count(),
    "authors": list(Author.objects.values_list("display_name", flat=True)),
    "erased": Content.objects.filter(redacted_at__isnull=False).count(),
    "actions": sorted(set(ActionLog.objects.values_list("action", flat=True)))}))
"""
ERASE = """
from amends.cli.start import start_django
start_django()
from amends.core.clock import SystemClock
from amends.inbox.erase_names import erase_names
from amends.inbox.models import Author, Version
from amends.pipeline.schedule import note_redactions
from amends.record.log import COMMAND
from amends.record.redact import redact_content
version = Version.objects.get(comment__external_id="c-7")
redact_content(version.content, actor=COMMAND, reason="asked", now=SystemClock().now())
note_redactions()
erase_names(Author.objects.all(), actor=COMMAND, now=SystemClock().now())  # noted by the restore itself
"""
WRITE = """
from amends.cli.start import start_django
start_django()
from amends.core.clock import SystemClock
from amends.inbox.models import ChannelAccount
from amends.inbox.capture_many import capture_many
from tests.support.comments import created
account, now = ChannelAccount.objects.get(), SystemClock().now()
for n in range(100000):
    capture_many([created(f"w-{n}-{m}", at=now) for m in range(5)], account=account, now=now)
    print(n, flush=True)
"""


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def new_database(request: pytest.FixtureRequest) -> Iterator[object]:
    """Gives the environment of a new, empty database."""
    if request.param == "sqlite":
        yield dict
        return
    with PostgresServer() as server:
        yield lambda: {"DATABASE_URL": server.create_database()}


@pytest.fixture(scope="module")
def desk(new_database, tmp_path_factory: pytest.TempPathFactory):  # type: ignore[no-untyped-def]
    """A filled desk: its data folder and the environment of its database."""
    data = tmp_path_factory.mktemp("desk")
    where = new_database()
    run_script(FILL, data, **where)
    return data, where


def empty_beside(desk, new_database, folder: Path):  # type: ignore[no-untyped-def]
    """Another machine with the keys of the first one and nothing else."""
    data, _where = desk
    shutil.copytree(f"{data}-keys", f"{folder}-keys")
    return folder, new_database()


def test_a_backup_comes_back_whole_on_another_machine(desk, new_database, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    data, where = desk
    archive = tmp_path / "b.zip"
    done = run_amends("backup", "-o", archive, data=data, **where)
    assert done.returncode == 0, done.stderr
    assert "No key is in it" in done.stdout
    with zipfile.ZipFile(archive) as opened:
        names = opened.namelist()
    assert not [name for name in names if name.endswith(".key")]
    assert "files/media/deep/box.png" in names
    assert archive.stat().st_mode & 0o077 == 0
    other, there = empty_beside(desk, new_database, tmp_path / "other")
    restored = run_amends("restore", archive, "--json", data=other, **there)
    assert restored.returncode == 0, restored.stdout + restored.stderr
    answer = json.loads(restored.stdout)
    assert {one["name"]: one["sound"] for one in answer["checks"]} == {
        "files": True,
        "rows": True,
        "log": True,
        "erasure": True,
    }
    assert (other / "media/deep/box.png").read_bytes() == b"picture"
    seen = json.loads(run_script(LOOK, other, **there))
    assert (seen["comments"], seen["authors"]) == (40, ["Ayşe K."])
    assert {"desk.restore", "x.y"} <= set(seen["actions"])
    verified = run_amends("log", "verify", data=other, **there)
    assert verified.returncode == 0, verified.stdout


def test_what_was_erased_since_is_erased_again_and_nothing_is_overwritten_unasked(  # type: ignore[no-untyped-def]
    desk, new_database, tmp_path: Path
) -> None:
    data, where = desk
    archive = tmp_path / "b.zip"
    assert run_amends("backup", "-o", archive, data=data, **where).returncode == 0
    other, there = empty_beside(desk, new_database, tmp_path / "other")
    assert run_amends("restore", archive, data=other, **there).returncode == 0
    run_script(ERASE, other, **there)
    said = refusal(run_amends("restore", archive, data=other, **there))
    assert "would be overwritten" in said
    assert "--force" in said
    forced = run_amends("restore", archive, "--force", data=other, **there)
    assert forced.returncode == 0, forced.stdout + forced.stderr
    assert "1 contents erased again" in forced.stdout
    seen = json.loads(run_script(LOOK, other, **there))
    assert (seen["erased"], seen["authors"]) == (1, [""])


def test_a_backup_while_somebody_writes_is_of_one_moment(
    desk, new_database, tmp_path: Path
) -> None:  # type: ignore[no-untyped-def]
    other, there = empty_beside(desk, new_database, tmp_path / "busy")
    first = tmp_path / "first.zip"
    data, where = desk
    assert run_amends("backup", "-o", first, data=data, **where).returncode == 0
    assert run_amends("restore", first, data=other, **there).returncode == 0
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITE],
        env=environment(other, **there),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert writer.stdout is not None
    assert writer.stdout.readline() == "0\n"
    busy = tmp_path / "busy.zip"
    done = run_amends("backup", "-o", busy, data=other, **there)
    writer.kill()
    written = len(writer.stdout.readlines())
    writer.stdout.close()
    writer.wait()
    assert done.returncode == 0, done.stderr
    assert written  # it went on meanwhile
    third, place = empty_beside(desk, new_database, tmp_path / "third")
    restored = run_amends("restore", busy, "--json", data=third, **place)
    assert restored.returncode == 0, restored.stdout + restored.stderr
    # Five at a time were written: a backup of one moment has no part of such a batch.
    seen = json.loads(run_script(LOOK, third, **place))
    assert seen["comments"] > 40
    assert (seen["comments"] - 40) % 5 == 0


def change(archive: Path, to: Path, **files: bytes | None) -> Path:
    """A copy of an archive with other files in it; None leaves one out."""
    with zipfile.ZipFile(archive) as source, zipfile.ZipFile(to, "w") as out:
        for name in source.namelist():
            if name not in files:
                out.writestr(name, source.read(name))
        for name, raw in files.items():
            if raw is not None:
                out.writestr(name, raw)
    return to


def test_an_archive_that_was_tampered_with_is_refused(tmp_path: Path) -> None:
    data = tmp_path / "desk"
    run_script(FILL, data)
    archive = tmp_path / "b.zip"
    assert run_amends("backup", "-o", archive, data=data).returncode == 0
    with zipfile.ZipFile(archive) as opened:
        manifest = json.loads(opened.read("manifest.json"))
    other = tmp_path / "other"

    def said(**files: bytes | None) -> str:
        changed = change(archive, tmp_path / "changed.zip", **files)
        return refusal(run_amends("restore", changed, data=other))

    def with_manifest(**changes: object) -> bytes:
        return json.dumps({**manifest, **changes}).encode()

    picture = {"files/media/deep/box.png": b"pictura"}
    assert "was altered or is damaged" in said(**picture)
    assert "is missing or was added" in said(**{"files/more.txt": b"x"})
    assert "is missing or was added" in said(**{"files/media/deep/box.png": None})
    assert "leads out of the folder" in said(**{"files/../../evil": b"x"})
    assert "leads out of the folder" in said(**{"/etc/evil": b"x"})
    assert "holds the key" in said(**{"files/secret.key": b"x"})
    assert "install that version" in said(**{"manifest.json": with_manifest(amends="99.1")})
    assert "is no backup of Amends" in said(**{"manifest.json": b"{}"})
    assert "DATABASE_URL names" in said(**{"manifest.json": with_manifest(vendor="postgresql")})
    no_zip = tmp_path / "no.zip"
    no_zip.write_text("no archive")
    assert "cannot be read as a backup" in refusal(run_amends("restore", no_zip, data=other))
    assert not (other / "amends.sqlite3").exists()
