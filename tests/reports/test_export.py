"""An export holds all of one workspace and nothing of another, no secret, and says what it holds."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from amends.accounts.models import User, Workspace
from amends.inbox.models import ChannelAccount, Comment
from amends.record.models import ActionLog
from amends.reports.export import ExportRefused, export_workspace
from amends.reports.export_rows import LEFT_OUT, SECRET, describe, kinds
from tests.support.pictures import kept_file

pytestmark = pytest.mark.django_db
DOCS = Path(__file__).resolve().parents[2] / "docs/export.md"


def lines(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_everything_of_the_workspace_is_there_and_nothing_of_another(
    workspace: Workspace,
    lead: User,
    stranger: User,
    make_comment: Callable[..., Comment],
    tmp_path: Path,
    now: datetime,
) -> None:
    make_comment("Kargom nerede? 🙏")
    ChannelAccount.objects.update(sealed_settings=b"abc")
    done = export_workspace(workspace, to=tmp_path / "out", now=now)
    assert done.path == tmp_path / "out"
    (comment,) = lines(done.path / "comment.jsonl")
    (version,) = lines(done.path / "version.jsonl")
    content = {one["id"]: one for one in lines(done.path / "content.jsonl")}
    assert content[version["content_id"]]["text"] == "Kargom nerede? 🙏"
    assert comment["published_at"] == now.isoformat()
    assert [one["user_email"] for one in lines(done.path / "membership.jsonl")] == [lead.email]
    everything = "".join(one.read_text(encoding="utf-8") for one in done.path.iterdir())
    assert "elsewhere" not in everything.casefold()
    assert "sealed" not in "".join(lines(done.path / "channel_account.jsonl")[0])
    assert ActionLog.objects.filter(action="workspace.export").count() == 1


def test_the_manifest_counts_and_digests_every_file(
    workspace: Workspace, make_comment: Callable[..., Comment], tmp_path: Path, now: datetime
) -> None:
    make_comment("a")
    done = export_workspace(workspace, to=tmp_path / "out.zip", now=now)
    with zipfile.ZipFile(done.path) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        assert set(manifest["files"]) | {"manifest.json"} == set(archive.namelist())
        for name, said in manifest["files"].items():
            raw = archive.read(name)
            assert said["sha256"] == hashlib.sha256(raw).hexdigest()
            assert (said["bytes"], said["rows"]) == (len(raw), raw.count(b"\n"))
    assert manifest["restricted_lanes"]["cases"] == {}
    assert "legal" in manifest["restricted_lanes"]["holds"]
    assert done.path.stat().st_mode & 0o077 == 0


def test_pictures_of_comments_come_along_by_their_digest(
    workspace: Workspace, make_comment: Callable[..., Comment], tmp_path: Path, now: datetime
) -> None:
    kept = kept_file(make_comment("a"), now=now)
    for to in (tmp_path / "out", tmp_path / "out.zip"):
        export_workspace(workspace, to=to, now=now)
    manifest = json.loads((tmp_path / "out/manifest.json").read_text(encoding="utf-8"))
    picture = (tmp_path / "out/files" / kept.digest).read_bytes()
    assert manifest["files"][f"files/{kept.digest}"]["sha256"] == kept.digest
    assert hashlib.sha256(picture).hexdigest() == kept.digest
    with zipfile.ZipFile(tmp_path / "out.zip") as archive:
        assert archive.read(f"files/{kept.digest}") == picture


def test_what_is_there_is_not_overwritten(
    workspace: Workspace, tmp_path: Path, now: datetime
) -> None:
    (tmp_path / "out").mkdir()
    with pytest.raises(ExportRefused, match="is there already"):
        export_workspace(workspace, to=tmp_path / "out", now=now)


def test_no_field_that_is_a_secret_by_name_leaves() -> None:
    assert not [
        (kind.name, name) for kind in kinds() for name in kind.columns if SECRET.search(name)
    ]
    assert all(LEFT_OUT.values())


def test_every_kind_and_field_stands_in_the_documentation() -> None:
    """`amends export --describe` prints what is missing."""
    assert describe().strip() in DOCS.read_text(encoding="utf-8")
