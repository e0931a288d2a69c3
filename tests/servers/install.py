"""Gets the servers that the tests start, where this machine lets us; says in one line what is missing.

Run it as `python tests/servers/install.py`; a second run finds everything there and takes no time.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.servers.programs import TESTNET  # noqa: E402 - the path must be known first

BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@dataclass(frozen=True, kw_only=True)
class Part:
    """Something that tests need; `packages` are Debian's names of what brings it."""

    name: str
    is_there: Callable[[], bool]
    packages: tuple[str, ...]


def main() -> int:
    parts = (
        Part(name="Chromium", is_there=lambda: _has_any(BROWSERS), packages=("chromium",)),
        Part(name="PostgreSQL", is_there=_has_postgres, packages=("postgresql",)),
        Part(
            name="Redis", is_there=lambda: _has_any(("redis-server",)), packages=("redis-server",)
        ),
        Part(
            name="Dovecot",
            is_there=lambda: _has_any(("dovecot", "/usr/sbin/dovecot")),
            packages=("dovecot-imapd", "dovecot-lmtpd"),
        ),
        Part(
            name="gettext", is_there=lambda: bool(shutil.which("xgettext")), packages=("gettext",)
        ),
        Part(
            name="Node.js with npm and a compiler",
            is_there=lambda: all(shutil.which(tool) for tool in ("node", "npm", "g++", "make")),
            packages=("nodejs", "npm", "g++", "make", "python3"),
        ),
    )
    wanted = [package for part in parts if not part.is_there() for package in part.packages]
    trouble = install_packages(wanted) if wanted else ""
    missing = [
        f"not available: {part.name} (Debian: {' '.join(part.packages)}){trouble}"
        for part in parts
        if not part.is_there()
    ]
    for modules in MODULES:
        trouble = modules.install()
        if trouble:
            missing.append(f"not available: {modules.name} ({trouble})")
    for line in missing:
        print(line)  # noqa: T201 - this is its answer
    return 1 if missing and os.environ.get("CI") == "true" else 0


def _has_any(names: tuple[str, ...]) -> bool:
    return any(shutil.which(name) for name in names)


def _has_postgres() -> bool:
    return bool(shutil.which("initdb")) or any(Path("/usr/lib/postgresql").glob("*/bin/initdb"))


def install_packages(packages: list[str]) -> str:
    """Ask apt; return why it did not work, with a leading colon, or nothing."""
    if not shutil.which("apt-get"):
        return ": install it with this system's package manager"
    if os.geteuid() != 0:
        return f": run as root: apt-get install {' '.join(packages)}"
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (
        ["update", "-qq"],
        ["install", "-y", "-qq", "--no-install-recommends", *packages],
    ):
        done = subprocess.run(
            ["apt-get", *command], env=environment, capture_output=True, text=True, check=False
        )
    return "" if done.returncode == 0 else f": apt-get says: {_last_line(done.stderr)}"


@dataclass(frozen=True, kw_only=True)
class Modules:
    """Packages of npm that tests need, pinned in tests/servers/<folder>/package.json."""

    name: str
    folder: str
    check: str  # loads what was installed, hence finds a half installation

    def install(self) -> str:
        """Install them once for each pinned version; return why not, or nothing."""
        folder = TESTNET / self.folder
        pinned = ROOT / "tests" / "servers" / self.folder / "package.json"
        stamp = folder / "installed.json"
        wanted = json.loads(pinned.read_text())["dependencies"]
        if stamp.exists() and json.loads(stamp.read_text()) == wanted:
            return ""
        if not shutil.which("npm"):
            return "npm is not installed"
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(pinned, folder / "package.json")
        options = ["--no-audit", "--no-fund", "--no-package-lock", "--loglevel=error"]
        for command in (["npm", "install", *options], ["node", "-e", self.check]):
            done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
            if done.returncode != 0:
                return f"{command[0]} says: {_last_line(done.stderr)}"
        stamp.write_text(json.dumps(wanted))
        return ""


MODULES = (
    Modules(
        name="the Bluesky test network",
        folder="bluesky",
        check="require('@atproto/dev-env')",
    ),
    Modules(name="axe-core (accessibility)", folder="browser", check="require('axe-core')"),
)


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1][:200] if lines else "nothing"


if __name__ == "__main__":
    sys.exit(main())
