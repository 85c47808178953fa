"""The arguments of one Web API call, from a form, a query or a JSON body, with Slack's refusals."""

import json
from typing import Any
from urllib.parse import parse_qsl

from playground.errors import Json, SlackError

JSON_TYPE = "application/json"


def read(content_type: str, query: str, body: bytes) -> Json:
    """All arguments of a request. Raises SlackError invalid_json, json_not_object, invalid_form_data."""
    given: Json = dict(parse_qsl(query, keep_blank_values=True))
    if not body:
        return given
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise SlackError("invalid_form_data") from error
    if content_type.partition(";")[0].strip() != JSON_TYPE:
        return given | dict(parse_qsl(text, keep_blank_values=True))
    try:
        parsed = json.loads(text)
    except ValueError as error:
        raise SlackError("invalid_json") from error
    if not isinstance(parsed, dict):
        raise SlackError("json_not_object")
    return given | parsed


class Args:
    """Typed access; every getter names the argument it refuses. None counts as not given."""

    def __init__(self, given: Json) -> None:
        self.given = {key: value for key, value in given.items() if value is not None}

    def has(self, name: str) -> bool:
        """Whether it was given."""
        return name in self.given

    def text(self, name: str, default: str = "") -> str:
        """Its text. Raises invalid_arguments for anything else."""
        value = self.given.get(name, default)
        if not isinstance(value, str):
            raise SlackError("invalid_arguments", [f"must be a string [json-pointer:/{name}]"])
        return value

    def need(self, name: str) -> str:
        """Its text. Raises invalid_arguments when it is missing or empty."""
        value = self.text(name)
        if not value:
            raise SlackError("invalid_arguments", [f"missing required field: {name}"])
        return value

    def flag(self, name: str) -> bool:
        """Whether it is set."""
        return self.given.get(name) in (True, 1, "1", "true", "True")

    def number(self, name: str, default: int) -> int:
        """Its whole number. Raises invalid_limit and the like, named after the argument."""
        try:
            return int(self.given.get(name, default))
        except (TypeError, ValueError) as error:
            raise SlackError(f"invalid_{name}") from error

    def parsed(self, name: str, error: str) -> Any:
        """Its value, parsed where it came as text. Raises `error` for text that is not JSON."""
        value = self.given.get(name)
        if not isinstance(value, str) or value == "":
            return value or None if isinstance(value, str) else value
        try:
            return json.loads(value)
        except ValueError as fault:
            raise SlackError(error) from fault
