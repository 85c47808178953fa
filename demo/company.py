"""The demo company: starts the bot and the playground as two processes, and sends the company's leads in.

Used by `make demo`, by the smoke run and by the browser tests. Everything it writes lies in one folder, anew each time.
"""

import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from bot.intake.http import sign

HERE = Path(__file__).parent
START_SECONDS = 30


class NotStarted(Exception):
    """A process did not come up; the text says which, and ends with its log."""


@dataclass(frozen=True, slots=True)
class Company:
    """A running demo: where the bot and the page are, the secret of the intake door, and the folder it writes into."""

    bot: str
    page: str
    intake_secret: str
    folder: Path

    @property
    def database(self) -> str:
        """The address of the bot's database."""
        return f"sqlite:///{self.folder / 'baton.sqlite'}"

    def send(self, leads: list[dict[str, Any]]) -> dict[str, Any]:
        """Send leads through the signed door, as a form tool would."""
        body = json.dumps({"leads": leads}).encode()
        return call(f"{self.bot}/intake/leads", body, sign(self.intake_secret, body, int(time.time())))

    def let_pass(self, hours: float) -> None:
        """Move Baton's clock on, have done what is due by then, and let the page know what time it is."""
        clock = call(f"{self.bot}/demo/clock", json.dumps({"hours": hours}).encode())
        call(f"{self.page}/page/clock", json.dumps(clock).encode())


@contextmanager
def running(folder: Path, bot_port: int = 0, page_port: int = 0) -> Iterator[Company]:
    """The demo, started in `folder` (emptied first) on the given ports, or on free ones. Stopped at the end."""
    bot_port, page_port = _free(bot_port), _free(page_port)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    bot, page = (f"http://127.0.0.1:{port}" for port in (bot_port, page_port))
    company = Company(bot, page, secrets.token_hex(16), folder)
    # Everything is on this machine, and slack_sdk would send even that through a proxy.
    direct = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    environ = direct | _settings(company, bot_port)
    playground = [sys.executable, "-m", "playground", str(HERE / "workspace.yaml"), "--port", str(page_port)]
    with (
        process("playground", playground, environ, folder, f"{company.page}/"),
        process("bot", [sys.executable, "-m", "bot", "run"], environ, folder, f"{company.bot}/readyz"),
    ):
        yield company


def journeys(now: datetime) -> list[dict[str, Any]]:
    """The company's leads, as the intake door takes them, with dates counted back from `now`."""
    found: list[dict[str, Any]] = YAML(typ="safe").load(HERE / "leads.yaml")
    for lead in found:
        for one in lead["signals"]:
            one["at"] = (now - timedelta(hours=one.pop("hours_ago"))).isoformat()
    return found


def call(url: str, body: bytes | None = None, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
    """One JSON request and its answer. Raises `urllib.error.HTTPError` with the status where it was refused."""
    request = urllib.request.Request(url, body, {"Content-Type": "application/json", **(headers or {})})
    with urllib.request.urlopen(request, timeout=15) as answer:
        found: dict[str, Any] = json.load(answer)
        return found


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _free(port: int) -> int:
    """The port, if nobody listens on it (a demo that is running must not be swept away); for 0, any free one."""
    if port:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                raise NotStarted(f"port {port} is taken: end what listens there, or name another (make demo PORT=4001)")
    return port or free_port()


def _settings(company: Company, port: int) -> dict[str, str]:
    return {
        "BATON_DATABASE_URL": company.database,
        "BATON_SLACK_TOKEN": f"xoxb-demo-{secrets.token_hex(8)}",
        "BATON_SLACK_SIGNING_SECRET": secrets.token_hex(16),
        "BATON_SLACK_API_URL": f"{company.page}/api/",
        "BATON_INTAKE_SECRET": company.intake_secret,
        "BATON_CONFIG_DIR": str(HERE / "config"),
        "BATON_PORT": str(port),
        "BATON_DEMO": "true",
        "DEMO_BOT_URL": company.bot,
    }


@contextmanager
def process(name: str, command: list[str], environ: Mapping[str, str], folder: Path, url: str) -> Iterator[None]:
    """A process that answers at `url`, logging into `folder`; ended with the block. Raises `NotStarted`."""
    path = folder / f"{name}.log"
    with path.open("w") as log:
        started = subprocess.Popen(command, env=environ, stdout=log, stderr=log, cwd=HERE.parent)
        try:
            _wait_for(name, started, url, path)
            yield
        finally:
            started.send_signal(signal.SIGTERM)
            try:
                started.wait(10)
            except subprocess.TimeoutExpired:
                started.kill()
                started.wait()


def _wait_for(name: str, process: "subprocess.Popen[bytes]", url: str, path: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=2).close()
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise NotStarted(f"{name} did not start:\n{path.read_text()[-2000:]}")


def now() -> datetime:
    """The real time, UTC."""
    return datetime.now(UTC)
