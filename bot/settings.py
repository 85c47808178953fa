"""The environment becomes one frozen Settings: all faults told at once, secrets hidden.

`read` is given the environment, so nothing here looks at the process; only main and the command line call it.
Every BATON_ variable there is stands in this file.
"""

import difflib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Literal, NoReturn
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, ValidationError

PREFIX = "BATON_"
SECRETS = ("slack_token", "slack_signing_secret", "intake_secret")


def _database_url(url: str) -> str:
    """SQLite needs a file name; what follows postgresql:// is the driver's to judge."""
    scheme, _, rest = url.partition("://")
    if (scheme == "sqlite" and len(rest) > 1 and rest[0] == "/") or (scheme == "postgresql" and rest):
        return url
    raise ValueError("no such database")


def _web_url(url: str) -> str:
    """An address others are built from: no name and password in it, no query."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username is not None:
        raise ValueError("no such address")
    if parts.query or parts.fragment or any(letter.isspace() for letter in url):
        raise ValueError("no such address")
    _ = parts.port  # raises where the port is no number
    return url.rstrip("/")


def _bot_token(token: SecretStr) -> SecretStr:
    if isinstance(token, _NotGiven) or token.get_secret_value().startswith("xoxb-"):
        return token
    raise ValueError("no bot token")


class _NotGiven(SecretStr):
    """Stands where a secret was not asked for. There is no default secret: whoever looks inside is told."""

    def __init__(self, key: str) -> None:
        super().__init__("")
        self._key = key

    def get_secret_value(self) -> NoReturn:
        raise SettingsFaults([_missing(self._key)])


class Settings(BaseModel):
    """How this process runs. Built by `read`, or by hand in a test; never from the environment by itself."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    database_url: Annotated[str, AfterValidator(_database_url)] = Field(
        default="sqlite:///baton.sqlite",
        repr=False,  # it may carry a password
        description="an address that starts with sqlite:/// or postgresql://",
    )
    slack_token: Annotated[SecretStr, AfterValidator(_bot_token)] = Field(
        description="the bot token of the Slack app, which starts with xoxb-"
    )
    slack_signing_secret: SecretStr = Field(description="the signing secret of the Slack app")
    slack_api_url: Annotated[str, AfterValidator(_web_url), AfterValidator("{}/".format)] = Field(
        default="https://slack.com/api/", description="an http or https address without password and query"
    )
    intake_secret: SecretStr = Field(description="a secret shared with whoever sends leads")
    config_dir: Path | None = Field(default=None, description="a folder")
    public_url: Annotated[str, AfterValidator(_web_url)] | None = Field(
        default=None, description="an http or https address without password and query"
    )
    host: str = Field(default="127.0.0.1", description="a host name or address to listen on")
    port: int = Field(default=3000, ge=0, le=65535, description="a whole number from 0 to 65535")
    demo: bool = Field(default=False, description="true or false")
    log_format: Literal["console", "json"] = Field(default="console", description="console or json")


class SettingsFaults(Exception):
    """Everything that is wrong with the environment, one line each."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = tuple(faults)


def read(environ: Mapping[str, str], *, secrets: bool = True) -> Settings:
    """The settings in `environ`; SettingsFaults names every wrong, missing and unknown variable.

    A command that needs no `secrets` works without them. A variable that is there but empty is not given.
    """
    given = {name: value.strip() for name, value in environ.items() if name.startswith(PREFIX) and value.strip()}
    values = {key: given[_name(key)] for key in Settings.model_fields if _name(key) in given}
    absent = {key: _NotGiven(key) for key in SECRETS if key not in values}
    faults = [*map(_missing, absent if secrets else ()), *_unknown(given)]
    try:
        settings = Settings.model_validate({**values, **absent})
    except ValidationError as error:
        # The original carries the input, secrets included: it must not ride along as the cause.
        wrong = dict.fromkeys(str(detail["loc"][0]) for detail in error.errors())
        raise SettingsFaults(faults + [_wrong(key, values[key]) for key in wrong]) from None
    if faults:
        raise SettingsFaults(faults)
    return settings


def _name(key: str) -> str:
    return PREFIX + key.upper()


def _expected(key: str) -> str:
    return f"expected {Settings.model_fields[key].description}"


def _missing(key: str) -> str:
    return f"{_name(key)}: is missing, {_expected(key)}"


def _wrong(key: str, value: str) -> str:
    return f"{_name(key)}: got {_shown(key, value)}, {_expected(key)}"


def _shown(key: str, value: str) -> str:
    """The value, unless it is a secret or an address that may carry one; of that only the scheme."""
    if key in SECRETS:
        return "something else (hidden)"
    if any(sign in value for sign in "@?="):
        return f"{value.partition(':')[0]}:… (rest hidden)" if "://" in value else "something else (hidden)"
    return repr(value)


def _unknown(given: Mapping[str, str]) -> Iterator[str]:
    """Typing errors. Their values are not shown: a secret under a wrong name is still a secret."""
    names = [_name(key) for key in Settings.model_fields]
    for name in sorted(set(given) - set(names)):
        if not name.startswith("BATON_TEST_"):
            near = difflib.get_close_matches(name.removeprefix(PREFIX).lower(), Settings.model_fields, n=1)
            yield f"{name}: is not a setting, expected {_name(near[0]) if near else 'one of ' + ', '.join(names)}"
