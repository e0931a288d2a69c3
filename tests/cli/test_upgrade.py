"""A desk that an earlier version made comes up under this one with everything that was in it."""

from __future__ import annotations

import json
import sqlite3
import zipfile
from pathlib import Path

import pytest

from tests.cli.desks import run_amends, run_script

pytestmark = [pytest.mark.own_database, pytest.mark.timeout(400)]

# Made by version 0.1.0 as it stood before imports and labels: five contacts in five languages, three triages,
# notes, an assignment, a draft, the log sealed; with the key of its log, which guards nothing else.
EARLIER = Path(__file__).parent / "earlier" / "desk-0.1.0.zip"
KEPT = (
    "accounts_user",
    "accounts_membership",
    "inbox_comment",
    "inbox_version",
    "record_content",
    "cases_case",
    "cases_decision",
    "cases_triage",
    "cases_note",
    "replies_reply",
    "replies_replyrevision",
    "record_logbatch",
)
LOOK = """
from amends.cli.start import start_django
start_django()
from amends.cli.serve import prepare_database
prepare_database()
import json
from amends.cases.models import Case, Note
from amends.inbox.models import Version
from amends.record.keep import is_unaltered
from amends.replies.models import Reply
print(json.dumps({
    "words": sorted(one.text for one in Version.objects.select_related("content")),
    "unaltered": all(is_unaltered(one.content) for one in Version.objects.select_related("content")),
    "draft": Reply.objects.get().text,
    "statuses": sorted(Case.objects.values_list("status", flat=True)),
    "notes": Note.objects.count(),
}))
"""


def counts(data: Path) -> dict[str, int]:
    with sqlite3.connect(f"file:{data}/amends.sqlite3?mode=ro", uri=True) as database:
        return {
            name: database.execute(f"SELECT COUNT(*) FROM {name}").fetchone()[0]  # noqa: S608 - ours
            for name in KEPT
        }


def test_an_earlier_desk_is_migrated_with_its_data_intact(tmp_path: Path) -> None:
    data = tmp_path / "desk"
    keys = Path(f"{data}-keys")
    data.mkdir()
    keys.mkdir()
    with zipfile.ZipFile(EARLIER) as archive:
        archive.extract("amends.sqlite3", data)
        archive.extract("log-heads.jsonl", data)
        (keys / "log.key").write_bytes(archive.read("log-key.txt"))
    (keys / "log.key").chmod(0o600)
    before = counts(data)
    assert before["inbox_comment"] == before["cases_case"] == 5
    seen = json.loads(run_script(LOOK, data).splitlines()[-1])
    assert counts(data) == before
    assert "Kargom 6 gündür yok, arıyorum açan yok!" in seen["words"]
    assert seen["unaltered"]
    assert seen["draft"] == "Merhaba, kargonuz bugün yola çıktı."
    assert "drafting" in seen["statuses"]
    verified = run_amends("log", "verify", data=data)
    assert verified.returncode == 0, verified.stdout
    assert "nothing altered or missing" in verified.stdout
