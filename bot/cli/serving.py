"""`baton run`, `web` and `worker`, which stay until they are stopped, and `baton db upgrade`, which they rely on."""

import os

from bot import logs, settings
from bot.cli.shared import Complaint
from bot.main import Baton, Role
from bot.store import schema
from bot.store.engine import Store


def run() -> None:
    """Everything in one process: bot, intake and clock. SQLite will do."""
    chosen = settings.read(os.environ)
    if chosen.database_url.startswith("sqlite"):  # a file of its own needs no release step
        _upgrade(chosen.database_url)
    _serve(chosen, "run")


def web() -> None:
    """Answer Slack and intake. Several may run, on PostgreSQL."""
    _serve(_with_postgres("web"), "web")


def worker() -> None:
    """Keep the clock and bring messages out. Several may run, on PostgreSQL."""
    _serve(_with_postgres("worker"), "worker")


def upgrade() -> None:
    """Bring the database up to date."""
    _upgrade(settings.read(os.environ, secrets=False).database_url)


def _serve(chosen: settings.Settings, role: Role) -> None:
    logs.configure(chosen.log_format)
    baton = Baton(chosen, role)
    problem = schema.problem(baton.store)
    if problem:
        raise Complaint(problem)
    baton.take_over_configuration()
    baton.serve()


def _with_postgres(role: str) -> settings.Settings:
    chosen = settings.read(os.environ)
    if chosen.database_url.startswith("sqlite"):
        raise Complaint(f"BATON_DATABASE_URL: `baton {role}` shares its database, expected a postgresql:// address")
    return chosen


def _upgrade(url: str) -> None:
    store = Store(url)
    schema.upgrade(store)
    store.close()
