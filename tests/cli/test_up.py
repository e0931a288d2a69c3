"""Starting the desk: what it says when it cannot, and that it comes up, heals and goes down whole."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.journeys.desk import OURS, RunningDesk
from tests.servers.ports import HOST, free_ports

pytestmark = [pytest.mark.own_database, pytest.mark.timeout(180)]


def amends(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command as a person does, with nothing of this test run in its environment."""
    kept = {name: text for name, text in os.environ.items() if not name.startswith(OURS)}
    kept.pop("DATABASE_URL", None)
    return subprocess.run(
        [sys.executable, "-m", "amends", *arguments],
        env={**kept, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def free_port() -> str:
    return str(free_ports(1)[0])


def refusal(done: subprocess.CompletedProcess[str]) -> str:
    """The one line of a refusal: exit code 2 and no traceback."""
    assert done.returncode == 2, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr.strip().splitlines()[-1]


@pytest.fixture
def desk() -> Iterator[RunningDesk]:
    with RunningDesk() as running:
        yield running


def test_a_second_up_on_the_same_data_names_the_first(desk: RunningDesk) -> None:
    said = refusal(desk.run("up", "--port", free_port()))
    assert desk.address in said
    assert "AMENDS_DATA" in said


def test_a_port_in_use_is_named_with_what_to_do(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        said = refusal(amends("up", "--port", port, AMENDS_DATA=str(tmp_path)))
    assert port in said
    assert "--port" in said


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ({"DATABASE_URL": "mysql://shop@127.0.0.1/desk"}, "postgresql://"),
        ({"DATABASE_URL": "postgresql://127.0.0.1:1/desk"}, "running"),
        ({"AMENDS_LEASE_SECONDS": "soon"}, "AMENDS_LEASE_SECONDS"),
        ({"AMENDS_DEBUG": "maybe"}, "AMENDS_DEBUG"),
        ({"AMENDS_SECRET_KEY_FILE": "/nowhere/at/all"}, "AMENDS_SECRET_KEY_FILE"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named_with_what_to_do(
    setting: dict[str, str], words: str, tmp_path: Path
) -> None:
    said = refusal(amends("up", "--port", free_port(), AMENDS_DATA=str(tmp_path), **setting))
    assert words in said


def test_a_data_folder_that_is_no_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    data = str(tmp_path / "file" / "data")
    said = refusal(amends("up", "--port", free_port(), AMENDS_DATA=data))
    assert data in said


def test_a_full_disk_is_told_in_words(tmp_path: Path) -> None:
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(tmp_path)]
    if os.geteuid() != 0 or subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("only root can make a small disk to fill")
    try:
        said = refusal(amends("up", "--port", free_port(), AMENDS_DATA=str(tmp_path)))
    finally:
        subprocess.run(["umount", str(tmp_path)], check=True)
    assert "full" in said
    assert "free some space" in said


def test_doctor_says_how_to_get_a_browser_and_that_it_is_not_needed_to_run(tmp_path: Path) -> None:
    done = amends("doctor", AMENDS_DATA=str(tmp_path), PATH="/nowhere")
    assert done.returncode == 0, done.stdout
    assert "apt-get install chromium" in done.stdout


def test_doctor_fails_when_the_database_is_missing(tmp_path: Path) -> None:
    url = "postgresql://127.0.0.1:1/desk"
    done = amends("doctor", AMENDS_DATA=str(tmp_path), DATABASE_URL=url)
    assert done.returncode == 1
    assert "MISSING  Database" in done.stdout


def test_a_wrong_option_is_wrong_use() -> None:
    assert amends("up", "--speed", "11").returncode == 2


def test_the_demonstration_refuses_a_folder_with_real_accounts(desk: RunningDesk) -> None:
    token = desk.first_link.rstrip("/").rsplit("/", 1)[-1]
    with httpx.Client(base_url=desk.address) as browser:
        page = browser.get(f"/setup/{token}/").text
        form = {
            "csrfmiddlewaretoken": re.search(r'csrfmiddlewaretoken" value="([^"]+)', page).group(1),  # type: ignore[union-attr]
            "workspace": "Lumen",
            "brand": "Lumen",
            "name": "Mira",
            "time_zone": "UTC",
            "email": "mira@lumen.example",
            "password": "tulip-harbour-42",
        }
        answer = browser.post(
            f"/setup/{token}/", data=form, headers={"Referer": desk.address, "Origin": desk.address}
        )
        assert answer.status_code == 302, answer.text[:2000]
    desk.__exit__(None, None, None)
    said = refusal(desk.run("demo", "--prepare-only"))
    assert "real accounts" in said


def test_a_process_that_dies_is_started_again_and_all_go_down_together(desk: RunningDesk) -> None:
    worker = children(desk)["worker"]
    os.kill(worker, signal.SIGKILL)
    wait_until(lambda: children(desk).get("worker", worker) != worker)
    assert httpx.get(f"{desk.address}/healthz", timeout=5).status_code == 200
    running = children(desk)
    assert set(running) == {"web", "worker", "clock"}
    desk.__exit__(None, None, None)
    wait_until(lambda: not any(is_alive(pid) for pid in running.values()))


def test_the_first_link_is_printed_while_there_is_no_owner(desk: RunningDesk) -> None:
    assert desk.first_link.startswith(f"{desk.address}/setup/")
    assert httpx.get(desk.first_link, timeout=5).status_code == 200


def children(desk: RunningDesk) -> dict[str, int]:
    """The process of each part, by its name, of this desk alone."""
    found = {}
    for status in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = status.read_bytes().decode(errors="replace").split("\0")
            environment = (status.parent / "environ").read_bytes()
        except OSError:
            continue
        if f"AMENDS_DATA={desk.folder}\0".encode() not in environment:
            continue
        for name in ("worker", "clock"):
            if words[-2:-1] == [name]:
                found[name] = int(status.parent.name)
        if "granian" in words and "--interface" in words:
            found.setdefault("web", int(status.parent.name))
    return found


def is_alive(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


def wait_until(look: object, *, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not look():  # type: ignore[operator]
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.1)


def test_the_command_is_on_the_path_of_its_environment() -> None:
    assert shutil.which("amends", path=str(Path(sys.executable).parent))
