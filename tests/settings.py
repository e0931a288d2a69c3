"""The desk's settings for a test run: data and keys in a folder of its own, the practice network on.

pytest-django reads the settings before it reads any conftest, so the environment is set here; set in a
conftest it would come too late, and a test run would write into the data of the person who runs it.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

os.environ["AMENDS_DATA"] = tempfile.mkdtemp(prefix="amends-tests-")
os.environ["AMENDS_KEYS"] = str(Path(os.environ["AMENDS_DATA"]) / "keys")
os.environ["AMENDS_SANDBOX"] = "1"
os.environ["AMENDS_LOG_LEVEL"] = "WARNING"
for name in ("AMENDS_URL", "AMENDS_HOSTS", "AMENDS_SECRET_KEY", "AMENDS_OUTBOUND_ALLOW"):
    os.environ.pop(name, None)

from amends.config.settings import *  # noqa: E402, F403

# A server thread that waits for its client's next request must hold no connection meanwhile: PostgreSQL would
# not let the test database go.
DATABASES["default"]["CONN_MAX_AGE"] = 0  # noqa: F405
