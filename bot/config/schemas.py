"""JSON Schemas (draft 2020-12) of the five files, made out of their shapes, for editors to check and explain with.

A schema refuses what the shape refuses, but for two things that it cannot say: that points have at most two decimals,
and that a file names something that another place does not have. `baton config init` and `schema` write them.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.config import hovers
from bot.config.files import FILES
from bot.criteria.rules import COMPARISONS

FOLDER = ".schemas"
DRAFT = "https://json-schema.org/draft/2020-12/schema"
Schema = dict[str, Any]


def schema_of(name: str) -> Schema:
    """The JSON Schema of the file `name`, such as criteria.yaml."""
    shape = FILES[name]
    made = shape.model_json_schema()
    parts: dict[str, Schema] = made.pop("$defs", {})
    for part, content in parts.items():
        _tidy(content, hovers.WORDS[part])
        content.update(_TOGETHER.get(part, {}))
    _tidy(made, hovers.WORDS[shape.__name__])
    return {"$schema": DRAFT, "title": name} | made | {"$defs": parts}


def file_of(name: str) -> str:
    """The schema's own file below `FOLDER`: criteria.schema.json."""
    return f"{name.removesuffix('.yaml')}.schema.json"


def headed(name: str, text: str) -> str:
    """The text of a configuration file with the line that tells editors where its schema is."""
    return f"# yaml-language-server: $schema={FOLDER}/{file_of(name)}\n{text}"


def write(folder: Path) -> None:
    """The schemas of all files into the configuration folder; those of an older Baton are replaced."""
    (folder / FOLDER).mkdir(exist_ok=True)
    for name in FILES:
        text = json.dumps(schema_of(name), indent=1, ensure_ascii=False) + "\n"
        (folder / FOLDER / file_of(name)).write_text(text, encoding="utf-8")


def _tidy(part: Schema, words: Mapping[str, str]) -> None:
    """Without the names that pydantic makes up, and with the words for each key."""
    part.pop("title")
    for key, content in part["properties"].items():
        content.pop("title", None)
        if content.get("default", 0) is None:
            del content["default"]
        expected = content.get("description")
        content["description"] = f"{words[key]} Expected: {expected}." if expected else words[key]


def _given(key: str) -> Schema:
    """The key is there, with something after it."""
    return {"required": [key], "properties": {key: {"not": {"type": "null"}}}}


def _none_of(keys: tuple[str, ...]) -> Schema:
    return {"not": {"anyOf": [_given(key) for key in keys]}}


# What the validators of the shapes ask beside the types of the keys.
_TOGETHER: Mapping[str, Schema] = {
    "ConditionShape": {
        "oneOf": [_given(key) for key in ("field", "all", "any", "not")],
        "if": _given("field"),
        "then": {"anyOf": [_given(key) for key in COMPARISONS]},
        "else": _none_of(COMPARISONS),
    },
    "FollowUpShape": {
        "if": {"required": ["kind"], "properties": {"kind": {"const": "none"}}},
        "then": _none_of(("label",)),
        "else": _given("label"),
    },
    "PersonShape": {"required": ["name", "slack", "role"]},
    "DisqualifierShape": {"oneOf": [{"allOf": [_given("when"), _none_of(("lifted_by",))]}, _given("signal")]},
}
