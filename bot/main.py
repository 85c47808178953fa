"""The only place that builds things and ties them together. Nothing happens at import.

`Baton` is one process: `run` does everything, `web` answers Slack and intake, `worker` keeps the clock. All of them
bring messages out.
"""

import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Literal

import anyio.to_thread
import structlog
import uvicorn
from apscheduler.schedulers.background import BackgroundScheduler
from fastapi import FastAPI
from slack_bolt import App
from slack_bolt.authorization import AuthorizeResult

from bot import web
from bot.attendance import Attendance
from bot.auditor import Auditor
from bot.config import load
from bot.delivery import Delivery
from bot.handlers import catch_all, decide, funnel, home, reason_forms, reassign, share
from bot.handlers.clicks import Desk
from bot.intake import http
from bot.metrics import Metrics
from bot.moves.weekly import next_weekly, post_weekly
from bot.settings import Settings
from bot.slack import Slack, bolt_client
from bot.store import audit, policies, schema
from bot.store.engine import Store
from bot.sweep import Sweeper, sweep

Role = Literal["run", "web", "worker"]

THREADS = 40
SWEEP_SECONDS = 1
ATTENDANCE_SECONDS = 1
AUDIT_SECONDS = 60
WEEKLY_SECONDS = 30
MOST_STEPS = 1000
"""So many moments, at most, are gone through one by one when the demo lets time pass."""

log = structlog.get_logger()


class DomainClock:
    """Baton's time in UTC. Real, but that a demo may move it on; leases and signatures never look at it."""

    def __init__(self) -> None:
        self._ahead = timedelta()

    def now(self) -> datetime:
        """The time by which hand-offs are due."""
        return datetime.now(UTC) + self._ahead

    def move_on(self, by: timedelta) -> datetime:
        """Let `by` pass at once; the new time."""
        self._ahead += by
        return self.now()


class Baton:
    """One process of Baton, ready to start."""

    def __init__(self, settings: Settings, role: Role) -> None:
        self.settings = settings
        self.clock = DomainClock()
        self.store = Store(settings.database_url)
        self.slack = Slack(settings.slack_token.get_secret_value(), settings.slack_api_url)
        self.delivery = Delivery(self.store, self.slack, now=self.clock.now)
        self.store.on_commit = self.delivery.wake
        self.web = web.build(self._lifespan)
        self._thread = threading.Thread(target=self.delivery.run, name="delivery", daemon=True)
        self._scheduler = _scheduler(self) if role in {"run", "worker"} else None
        web.metrics_door(self.web, Metrics(self.store, self.clock.now).page)
        web.health_door(self.web, lambda: schema.problem(self.store) or policies.problem(self.store))
        if role in {"run", "web"}:
            signing_secret = settings.slack_signing_secret.get_secret_value()
            web.slack_door(self.web, bolt(settings, self.store, self.slack, self.clock), signing_secret)
            http.register(self.web, self.store, self.clock.now, settings.intake_secret, lambda: datetime.now(UTC))
        if settings.demo:
            web.demo_door(self.web, self._let_time_pass)

    def take_over_configuration(self) -> None:
        """At the very first start the configuration folder is applied; later ones wait for `baton config apply`.

        Raises `policies.Outdated` where what is in force does not load any more, even if the folder does: what it
        says may be another matter. Raises Faults where the folder does not.
        """
        with self.store.transaction() as tx:
            in_force = policies.current(tx)
            if self.settings.config_dir is None:
                return
            texts = load.texts(self.settings.config_dir)
            policy = load.parse(texts)
            if not policies.any_applied(tx):
                policies.apply(tx, policy, texts, self.clock.now())
            elif in_force.version != policy.version:
                log.warning("BATON_CONFIG_DIR differs from the version in force: `baton config apply` takes it over")

    def serve(self) -> None:
        """Answer until the process is told to stop."""
        uvicorn.run(
            self.web, host=self.settings.host, port=self.settings.port, log_config=None, access_log=False, lifespan="on"
        )

    @asynccontextmanager
    async def _lifespan(self, _: FastAPI) -> AsyncIterator[None]:
        anyio.to_thread.current_default_thread_limiter().total_tokens = THREADS
        self._thread.start()
        if self._scheduler:
            self._scheduler.start()
        yield
        if self._scheduler:
            self._scheduler.shutdown()
        self.delivery.stop()
        await anyio.to_thread.run_sync(self._thread.join)
        self.store.close()

    def _let_time_pass(self, by: timedelta) -> datetime:
        """Everything at its time, as if somebody had waited: at the end of it, what is due then."""
        end = self.clock.now() + by
        for _ in range(MOST_STEPS):
            due = self._due_next()
            if due is None or due >= end:
                break
            self._work(self.clock.move_on(max(timedelta(), due - self.clock.now())))
        now = self.clock.move_on(max(timedelta(), end - self.clock.now()))
        self._work(now)
        return now

    def _due_next(self) -> datetime | None:
        with self.store.reading() as tx:
            weekly, step = policies.current(tx).overview, audit.oldest_step(tx)
        moments = [step, next_weekly(weekly, self.clock.now()) if weekly else None]
        return min((one for one in moments if one), default=None)

    def _work(self, now: datetime) -> None:
        sweep(self.store, now)
        post_weekly(self.store, now)


def bolt(settings: Settings, store: Store, slack: Slack, clock: DomainClock) -> App:
    """The Slack app with every story registered: clicks first, what is left over last."""
    app = bare_bolt(settings)
    desk = Desk(store, slack, clock.now)
    decide.register(app, desk)
    reason_forms.register(app, desk)
    reassign.register(app, desk)
    funnel.register(app, desk)
    share.register(app, desk)
    home.register(app, desk)
    catch_all.register(app, store, clock.now)
    return app


def bare_bolt(settings: Settings) -> App:
    """The Slack app before anything is registered: it knows its token, and checks signatures."""
    token = settings.slack_token.get_secret_value()
    return App(
        client=bolt_client(settings.slack_api_url),
        authorize=lambda: AuthorizeResult(enterprise_id=None, team_id=None, bot_token=token),
        request_verification_enabled=False,  # the door has done it, before anything read the body
        process_before_response=True,
    )


def _scheduler(baton: Baton) -> BackgroundScheduler:
    """Ticks, in memory and UTC: due times themselves are rows."""
    scheduler = BackgroundScheduler(timezone=UTC)
    sweeper = Sweeper(baton.store)
    sees = (baton.store, baton.slack, baton.clock.now, lambda: datetime.now(UTC))
    ticks: list[tuple[int, Callable[[], object]]] = [
        (SWEEP_SECONDS, lambda: sweeper.sweep(baton.clock.now())),
        (ATTENDANCE_SECONDS, Attendance(*sees).look),
        (AUDIT_SECONDS, Auditor(*sees).look),
        (WEEKLY_SECONDS, lambda: post_weekly(baton.store, baton.clock.now())),
    ]
    for seconds, tick in ticks:
        scheduler.add_job(tick, "interval", seconds=seconds, coalesce=True, max_instances=1, misfire_grace_time=None)
    return scheduler
