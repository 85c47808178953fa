"""The workspace file, the command line, starting and stopping."""

import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from ruamel.yaml import YAML
from typer.testing import CliRunner

from playground.__main__ import cli
from playground.app import build
from playground.serve import running
from playground.workspace import WorkspaceError, load, parse
from tests.playground.kit import Json, Player, spec, until
from tests.playground.listen import listening


def written(folder: Path, data: Json) -> Path:
    path = folder / "workspace.yaml"
    with path.open("w") as file:
        YAML().dump(data, file)
    return path


def test_variables_come_from_the_environment(tmp_path: Path) -> None:
    path = written(tmp_path, spec(token="${TOKEN}", name="${NAME:-Nobody}", url="http://127.0.0.1:${PORT:-3000}/x"))
    app = load(path, {"TOKEN": "xoxb-1", "PORT": "4000"}).app
    assert (app.token, app.name, app.url) == ("xoxb-1", "Nobody", "http://127.0.0.1:4000/x")


def test_all_variables_that_are_missing_are_named_at_once(tmp_path: Path) -> None:
    path = written(tmp_path, spec(token="${TOKEN}", signing_secret="${SECRET}"))
    with pytest.raises(WorkspaceError) as refused:
        load(path, {})
    assert str(refused.value).splitlines() == [
        f"{path}: app.token: expected the environment variable TOKEN, it is not set and has no default",
        f"{path}: app.signing_secret: expected the environment variable SECRET, it is not set and has no default",
    ]


def changed(**top: Any) -> Json:
    return spec() | top


def somebody(**facts: Any) -> Json:
    return spec() | {"people": [{"id": "U1", "name": "x", "real_name": "X", **facts}], "channels": []}


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (changed(people=[]), ["people: "]),
        (changed(more=1), ["more: Extra inputs are not permitted (got 1)"]),
        (changed(team={"id": "team", "name": "x"}), ["team.id: ", "'team'"]),
        (spec(url="ftp://x"), ["app.url: ", "'ftp://x'"]),
        (spec(retry_scale=2), ["app.retry_scale: "]),
        (spec(commands=[{"command": "hello", "description": "x"}]), ["app.commands.0.command: ", "'hello'"]),
        (
            changed(channels=[{"id": "C1", "name": "x", "members": ["U9"]}]),
            ["channels.C1.members: expected ids", "'U9'"],
        ),
        (changed(channels=[{"id": "C1", "name": "x"}] * 2), ["channels: expected each id once, got 'C1'"]),
        (
            changed(people=[{"id": "U0BOT", "name": "x", "real_name": "x"}], channels=[]),
            ["people: expected each id once"],
        ),
        ([], ["the file: "]),
        (changed(without_blocks=["section"]), ["without_blocks: ", "expected some of alert, card, "]),
        (somebody(tz="Berlin"), ["people.0.tz: ", "expected a time zone such as Europe/Berlin", "'Berlin'"]),
        (somebody(tz="europe/berlin"), ["people.0.tz: ", "'europe/berlin'"]),
        (somebody(status={"emoji": "palm_tree"}), ["people.0.status.emoji: ", "'palm_tree'"]),
        (somebody(status={"text": "x" * 101}), ["people.0.status.text: ", "at most 100"]),
        (somebody(status={"expiration": -1}), ["people.0.status.expiration: ", "-1"]),
        (somebody(status={"until": 1}), ["people.0.status.until: "]),
        (somebody(deleted=True), ["people.0.deleted: Extra inputs"]),
    ],
)
def test_a_fault_names_file_key_value_and_expectation(data: Any, words: list[str]) -> None:
    with pytest.raises(WorkspaceError) as refused:
        parse(data, "there.yaml")
    for word in ["there.yaml: ", *words]:
        assert word in str(refused.value)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    broken = tmp_path / "broken.yaml"
    broken.write_text("team: [")
    with pytest.raises(WorkspaceError, match="is not YAML"):
        load(broken, {})
    with pytest.raises(WorkspaceError, match="cannot be read: No such file"):
        load(tmp_path / "none.yaml", {})


def test_a_workspace_may_start_without_some_blocks() -> None:
    assert build(parse(spec(), "test")).state.game.world.without == set()
    early = build(parse(changed(without_blocks=["data_table", "table"]), "test"))
    assert early.state.game.world.without == {"data_table", "table"}


def run(*args: str) -> Result:
    return CliRunner().invoke(cli, args)


def test_the_command_line_says_what_is_wrong_without_a_traceback(tmp_path: Path) -> None:
    done = run(str(written(tmp_path, changed(people=[]))))
    assert (done.exit_code, done.stdout) == (2, "")
    assert "people: " in done.stderr
    assert "Traceback" not in done.stderr


def test_the_command_line_says_when_its_port_is_taken(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = run(str(written(tmp_path, spec())), "--port", str(port))
    assert done.exit_code == 2
    assert done.stderr == f"--port: {port} is in use on 127.0.0.1, expected a free one\n"


def test_it_starts_in_a_thread_and_stops_although_a_page_is_open() -> None:
    with running(build(parse(spec(), "test"))) as server, listening(Player(server.address, "U0ANN")) as events:
        with urllib.request.urlopen(f"{server.api}api.test", timeout=5) as response:
            assert response.status == 200
        server.game.world.stream.close()
    assert events == [{"type": "changed"}]
    names = [thread.name for thread in threading.enumerate()]
    assert not [name for name in names if name.startswith(("playground-server", "playground-events"))]


def test_the_command_line_plays_and_ends_at_once_although_a_page_is_open(tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "playground", str(written(tmp_path, spec())), "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        player = Player(f"http://127.0.0.1:{port}", "U0ANN")
        until(lambda: answers(player))
        with listening(player):
            process.terminate()
            output, errors = process.communicate(timeout=5)
    assert f"The playground of Acme Sales: http://127.0.0.1:{port}/" in output
    assert errors == ""


def answers(player: Player) -> bool:
    try:
        return bool(player.state)
    except urllib.error.URLError:
        return False
