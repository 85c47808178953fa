"""The workspace file: who is there, which channels, which app, which panel. Frozen once loaded."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Literal
from zoneinfo import available_timezones

from pydantic import AnyHttpUrl, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, field_validator
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from playground.blocks.layout import PHASED

VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}")
HTTP_URL = TypeAdapter(AnyHttpUrl)


class WorkspaceError(Exception):
    """Everything wrong with a workspace file; one line per fault, each naming file, key and expectation."""


class Part(BaseModel):
    """A piece of the file: frozen, no unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Team(Part):
    """The workspace itself."""

    id: str = Field(pattern=r"^T[A-Z0-9]+$")
    name: str


class Status(Part):
    """What a person says of themselves; `expiration` in Unix seconds, 0 for never."""

    text: str = Field(default="", max_length=100)
    emoji: str = Field(default="", pattern=r"^(:[a-z0-9_+'-]+:)?$")
    expiration: int = Field(default=0, ge=0)


class Person(Part):
    """Somebody who can be acted as; the page shows times in their `tz`."""

    id: str = Field(pattern=r"^[UW][A-Z0-9]+$")
    name: str
    real_name: str
    title: str = ""
    email: str | None = None
    tz: str = "Etc/UTC"
    status: Status = Status()
    deactivated: bool = False

    @field_validator("tz")
    @classmethod
    def _is_a_zone(cls, value: str) -> str:
        if value not in available_timezones():
            raise ValueError("expected a time zone such as Europe/Berlin")
        return value


class ChannelSpec(Part):
    """A channel as the file declares it."""

    id: str = Field(pattern=r"^[CG][A-Z0-9]+$")
    name: str
    private: bool = False
    archived: bool = False
    members: list[str] | Literal["all"] = "all"


class BotUser(Part):
    """The app's own user."""

    id: str = Field(pattern=r"^[UW][A-Z0-9]+$")
    name: str


class Command(Part):
    """One slash command."""

    command: str = Field(pattern=r"^/\S+$")
    description: str
    usage_hint: str = ""
    should_escape: bool = False


class AppSpec(Part):
    """The app under play: its secrets, its rights, where its requests go."""

    id: str = Field(pattern=r"^A[A-Z0-9]+$")
    name: str
    user: BotUser
    token: str = Field(min_length=1)
    signing_secret: str = Field(min_length=1)
    scopes: list[str]
    url: str
    events_url: str | None = None
    options_url: str | None = None
    commands: list[Command] = []
    events: list[str] = []
    home: bool = False
    internal: bool = True
    # The waits before the second and third redelivery are 60 s and 300 s at Slack; a person at play has less patience.
    retry_scale: float = Field(default=0.01, ge=0, le=1)

    @field_validator("url", "events_url", "options_url")
    @classmethod
    def _is_http(cls, value: str | None) -> str | None:
        if value is not None:
            HTTP_URL.validate_python(value)
        return value


class PanelField(Part):
    """One thing a person fills in before a panel request is sent."""

    name: str = Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")
    label: str
    default: str = ""
    options: list[str] | None = None
    multiline: bool = False


class Sign(Part):
    """How a panel request is signed; `{timestamp}`, `{body}` and `{hmac_sha256_hex}` are filled in."""

    secret: str = Field(min_length=1)
    signature_header: str
    timestamp_header: str
    payload: str = "{timestamp}.{body}"
    value: str = "v1={hmac_sha256_hex}"


class PanelRequest(Part):
    """A request the server sends for the person at the page."""

    name: str
    description: str = ""
    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"] = "POST"
    url: str
    headers: dict[str, str] = {}
    body: str = ""
    fields: list[PanelField] = []
    sign: Sign | None = None
    # The app under play has a clock that can be moved: the `now` in its answer is the time here as well.
    moves_clock: bool = False

    @field_validator("url")
    @classmethod
    def _is_http(cls, value: str) -> str:
        HTTP_URL.validate_python(value)
        return value


class Workspace(Part):
    """The whole file."""

    team: Team
    people: list[Person] = Field(min_length=1)
    channels: list[ChannelSpec] = []
    app: AppSpec
    panel: list[PanelRequest] = []
    # Block types that have not reached this workspace yet.
    without_blocks: list[str] = []

    @field_validator("without_blocks")
    @classmethod
    def _roll_out_in_phases(cls, value: list[str]) -> list[str]:
        if not set(value) <= PHASED:
            raise ValueError(f"expected some of {', '.join(sorted(PHASED))}")
        return value


def load(path: Path, environ: Mapping[str, str]) -> Workspace:
    """The workspace in a file, environment variables filled in. Raises WorkspaceError with all faults at once."""
    try:
        data = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise WorkspaceError(f"{path}: cannot be read: {error.strerror}") from error
    except YAMLError as error:
        raise WorkspaceError(f"{path}: is not YAML: {' '.join(str(error).split())}") from error
    missing: list[str] = []
    filled = _fill(data, environ, "", missing)
    if missing:
        raise WorkspaceError("\n".join(f"{path}: {line}" for line in missing))
    return parse(filled, str(path))


def parse(data: object, name: str) -> Workspace:
    """The workspace in plain data; `name` stands in error lines. Raises WorkspaceError."""
    try:
        workspace = Workspace.model_validate(data)
    except ValidationError as error:
        raise WorkspaceError("\n".join(_fault_lines(name, error))) from error
    faults = list(_cross_faults(workspace))
    if faults:
        raise WorkspaceError("\n".join(f"{name}: {fault}" for fault in faults))
    return workspace


def _fill(value: Any, environ: Mapping[str, str], key: str, missing: list[str]) -> Any:
    if isinstance(value, dict):
        return {k: _fill(v, environ, f"{key}.{k}" if key else str(k), missing) for k, v in value.items()}
    if isinstance(value, list):
        return [_fill(v, environ, f"{key}[{n}]", missing) for n, v in enumerate(value)]
    if not isinstance(value, str):
        return value

    def replaced(match: re.Match[str]) -> str:
        name, default = match.groups()
        if name not in environ and default is None:
            missing.append(f"{key}: expected the environment variable {name}, it is not set and has no default")
        return environ.get(name, default or "")

    return VARIABLE.sub(replaced, value)


def _fault_lines(name: str, error: ValidationError) -> Iterable[str]:
    for fault in error.errors():
        key = ".".join(str(part) for part in fault["loc"]) or "the file"
        shown = "" if isinstance(fault["input"], dict | list) else f" (got {fault['input']!r})"
        yield f"{name}: {key}: {fault['msg']}{shown}"


def _cross_faults(workspace: Workspace) -> Iterable[str]:
    users = [person.id for person in workspace.people] + [workspace.app.user.id]
    yield from _repeated("people", users)
    yield from _repeated("channels", [channel.id for channel in workspace.channels])
    yield from _repeated("app.commands", [command.command for command in workspace.app.commands])
    for channel in workspace.channels:
        for member in [] if channel.members == "all" else channel.members:
            if member not in users:
                yield f"channels.{channel.id}.members: expected ids of people or of the app's user, got {member!r}"


def _repeated(key: str, ids: list[str]) -> Iterable[str]:
    for twice in sorted({value for value in ids if ids.count(value) > 1}):
        yield f"{key}: expected each id once, got {twice!r} more than once"
