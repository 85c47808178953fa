"""What Slack would say to blocks, views, calls and payloads, as far as that can be known without Slack.

Three voices are joined. `slack/` holds JSON Schemas derived from the TypeScript types Slack publishes
(`regenerate` writes them again), `slack_sdk.models` knows most limits, and what both miss is here: `newest/`
has schemas written by hand for the blocks they lack or hardly limit, the tables below have the rest. Where
Slack's documents differ, the stricter one counts.

Every function returns problems, each a JSON pointer and what is wrong there; an empty list means fine.

Stricter than Slack, because one voice does not know better: a confirm dialog without a title, an option without
a value, `confirm` of a workflow button, `unsafe` of a link and `border` of a quote in rich text (slack_sdk);
blocks together with attachments, empty metadata in chat.update (the types).

Nearly everything that is checked here is fine, so `jsonschema_rs` looks first, in a hundredth of the time;
`jsonschema` finds the words for what is not.
"""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

import jsonschema_rs
from jsonschema import Draft7Validator, ValidationError
from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models import JsonObject
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

Surface = Literal["message", "modal", "home"]
Kind = Literal["block_actions", "view_submission", "view_closed", "command", "app_home_opened"]

HERE = Path(__file__).parent

MOST_BLOCKS = {"message": 50, "modal": 100, "home": 100}
MOST_IN_A_MESSAGE = {("table", "data_table"): 1, ("data_visualization",): 2}
MOST_TABLE_TEXT = 10_000
MOST_MARKDOWN = 12_000
MOST_VIEW_BYTES = 250_000
MOST_TEXT = {"chat.update": 4_000, "chat.postMessage": 40_000, "chat.postEphemeral": 40_000}

_ASSISTANT_BLOCKS = {"context_actions", "markdown", "plan", "task_card"}
_DATA_BLOCKS = {"container", "data_table", "data_visualization", "table"}
NOT_ON: dict[str, set[str]] = {
    "message": {"alert", "file", "email_text_input", "file_input", "number_input", "rich_text_input", "url_text_input"},
    "modal": {"card", "carousel", "file", "workflow_button"} | _ASSISTANT_BLOCKS | _DATA_BLOCKS,
    "home": {"alert", "datetimepicker", "email_text_input", "file", "file_input", "number_input", "url_text_input"}
    | {"workflow_button"}
    | _ASSISTANT_BLOCKS
    | _DATA_BLOCKS,
}

# Limits that neither the types nor the models know: characters, for a list those of each text in it ...
LONGEST = {
    ("alert", "text"): 200,
    ("mrkdwn", "text"): 3000,
    ("option", "description"): 75,
    ("plain_text", "text"): 3000,
    ("section", "fields"): 2000,
}
# ... the number of things in a list ...
MOST = {("card", "actions"): 3, ("checkboxes", "options"): 10, ("radio_buttons", "options"): 10}
# ... and numbers themselves.
HIGHEST = {("plain_text_input", "max_length"): 3000, ("plain_text_input", "min_length"): 3000}


def blocks(blocks: list[Any], surface: Surface = "message") -> list[str]:
    """Problems of a list of blocks on one surface."""
    found: list[str] = []
    for index, block in enumerate(blocks):
        found += _block(block, f"/{index}", surface)
    found += _together([block for block in blocks if isinstance(block, dict)], len(blocks), surface)
    return list(dict.fromkeys(found))


def view(view: dict[str, Any]) -> list[str]:
    """Problems of a modal or Home view, its blocks included."""
    surface = view.get("type")
    if surface not in ("modal", "home"):
        return [f"/type: {surface!r} is neither modal nor home"]
    found = list(_shape(_validator(f"slack/{surface}"), view))
    stand_in = {"blocks": [{"type": "divider"}]}  # they are looked at below, one by one
    if not found:
        found += _model(lambda: View(**view | stand_in), view | stand_in)
    given = view.get("blocks")
    if isinstance(given, list):
        found += [f"/blocks{problem}" for problem in blocks(given, surface)]
        if not given:
            found.append("/blocks: a view needs at least one block")
        if surface == "modal" and "submit" not in view and "input" in _types(given):
            found.append("/submit: is missing, and there are inputs")
    if len(str(view.get("external_id", ""))) > 255:
        found.append("/external_id: more than 255 characters")
    if len(json.dumps(view).encode()) > MOST_VIEW_BYTES:
        found.append(f": more than {MOST_VIEW_BYTES} bytes")
    return found


def call(method: str, args: dict[str, Any]) -> list[str]:
    """Problems of the arguments of a Web API method, its blocks or view included."""
    if not (HERE / f"slack/{method}.json").is_file() or "." not in method:
        return [f": no schema for {method}"]
    found = list(_shape(_validator(f"slack/{method}"), args))
    if method in MOST_TEXT and len(str(args.get("text") or "")) > MOST_TEXT[method]:
        found.append(f"/text: more than {MOST_TEXT[method]} characters")
    for at, given in _lists_of_blocks(args):
        found += [f"{at}{problem}" for problem in blocks(given)]
    if method.startswith("views.") and isinstance(args.get("view"), dict):
        found += [f"/view{problem}" for problem in view(args["view"])]
        wanted = {"views.open": "modal", "views.publish": "home"}.get(method)
        if wanted and args["view"].get("type") != wanted:
            found.append(f"/view/type: {method} takes a {wanted}")
    return list(dict.fromkeys(found))


def inbound(kind: Kind, payload: dict[str, Any]) -> list[str]:
    """Problems of what Slack sends; more fields than the types know are fine.

    `app_home_opened` is the whole event_callback, or the event alone.
    """
    # Two things the types have otherwise than Slack: without an organisation `enterprise` is null,
    # and only a click in a message has a `response_url`.
    payload = {key: value for key, value in payload.items() if key != "enterprise" or value is not None}
    if kind == "block_actions" and "view" in payload and "message" not in payload:
        payload = {"response_url": ""} | payload
    definition = "Wanted"
    if kind == "app_home_opened" and payload.get("type") == kind:
        definition = "AppHomeOpenedEvent"
    return list(dict.fromkeys(_shape(_validator(f"slack/{kind}", definition), payload)))


# One block


def _block(block: Any, at: str, surface: Surface) -> Iterator[str]:
    kind = block.get("type") if isinstance(block, dict) else None
    if not isinstance(kind, str):
        yield f"{at}: a block is an object with a type"
        return
    schemas = [schema for schema in (_derived().get(kind), _newest().get(kind)) if schema]
    if not schemas:
        yield f"{at}: unknown block type {kind!r}"
        return
    misshapen = [problem for schema in schemas for problem in _shape(schema, block, at)]
    yield from misshapen
    if misshapen:  # the models would only say it again, in other words
        return
    if kind in _newest():
        yield from _newest_rules(block, at)
    yield from _model(lambda: Block.parse_all([deepcopy(block)])[0], block, at, or_none=kind in _newest())
    for path, part in _parts(block, at):
        yield from _limits(part, path, surface)


def _newest_rules(block: dict[str, Any], at: str) -> Iterator[str]:
    """What a schema cannot say about a table or a chart."""
    if block["type"] == "data_table":
        width = len(block["rows"][0])
        for index, row in enumerate(block["rows"]):
            if len(row) != width:
                yield f"{at}/rows/{index}: {len(row)} cells, the header has {width}"
    if block["type"] == "data_visualization" and "series" in block["chart"]:
        categories = Counter(block["chart"]["axis_config"]["categories"])
        names = Counter(series["name"] for series in block["chart"]["series"])
        for index, series in enumerate(block["chart"]["series"]):
            if names[series["name"]] > 1:
                yield f"{at}/chart/series/{index}/name: {series['name']!r} is used twice"
            if Counter(point["label"] for point in series["data"]) != categories:
                yield f"{at}/chart/series/{index}/data: needs one value for every category"


def _model(make: Callable[[], JsonObject | None], given: Any, at: str = "", or_none: bool = False) -> Iterator[str]:
    """Have slack_sdk read it, validate it and write it again: nothing may get lost."""
    try:
        made = make()
        kept = made.to_dict() if made is not None else None
    except (SlackObjectFormationError, AttributeError, KeyError, TypeError, ValueError) as error:
        yield f"{at}: {error}"
        return
    if kept is not None:
        yield from _lost(given, kept, at)
    elif not or_none:
        yield f"{at}: slack_sdk cannot read it"


def _lost(given: Any, kept: Any, at: str) -> Iterator[str]:
    if isinstance(given, dict) and isinstance(kept, dict):
        for key, value in given.items():
            yield from _lost(value, kept.get(key), f"{at}/{key}")
    elif isinstance(given, list) and isinstance(kept, list) and len(given) == len(kept):
        for index, value in enumerate(given):
            yield from _lost(value, kept[index], f"{at}/{index}")
    elif given != kept:
        yield f"{at}: {'empty' if given in ([], {}, '') else 'slack_sdk drops or changes it'}"


def _limits(part: dict[str, Any], at: str, surface: Surface) -> Iterator[str]:
    kind = part.get("type") or ("option" if {"text", "value"} <= part.keys() else "")
    if kind in NOT_ON[surface]:
        yield f"{at}: {kind} does not belong in a {surface}"
    if kind in ("plain_text", "mrkdwn") and not part["text"]:
        yield f"{at}/text: empty"
    ids = Counter(one.get("action_id") for one in part.get("elements", []) if isinstance(one, dict))
    yield from (f"{at}/elements: action_id {name!r} is used twice" for name in ids if name and ids[name] > 1)
    for key, value in part.items():
        texts = value if isinstance(value, list) else [value]
        longest = max((len(_text(text)) for text in texts), default=0)
        if longest > LONGEST.get((kind, key), longest):
            yield f"{at}/{key}: {longest} characters, at most {LONGEST[kind, key]}"
        if (kind, key) in MOST and len(value) > MOST[kind, key]:
            yield f"{at}/{key}: {len(value)} items, at most {MOST[kind, key]}"
        if (kind, key) in HIGHEST and value > HIGHEST[kind, key]:
            yield f"{at}/{key}: {value}, at most {HIGHEST[kind, key]}"


# All blocks together


def _together(blocks: list[dict[str, Any]], count: int, surface: Surface) -> Iterator[str]:
    if count > MOST_BLOCKS[surface]:
        yield f": {count} blocks, at most {MOST_BLOCKS[surface]} in a {surface}"
    ids = Counter(block["block_id"] for block in _with_children(blocks) if isinstance(block.get("block_id"), str))
    yield from (f": block_id {name!r} is used twice" for name, times in ids.items() if times > 1)
    types = Counter(_types(_with_children(blocks)))
    for kinds, most in MOST_IN_A_MESSAGE.items():
        count = sum(types[kind] for kind in kinds)
        if count > most:
            yield f": {count} {' or '.join(kinds)} blocks, at most {most} in a message"
    markdown = sum(len(_text(block)) for block in blocks if block.get("type") == "markdown")
    if markdown > MOST_MARKDOWN:
        yield f": {markdown} characters of markdown, at most {MOST_MARKDOWN} in a message"
    cells = sum(
        len(part["text"])
        for block in _with_children(blocks)
        if block.get("type") in ("table", "data_table")
        for _, part in _parts(block.get("rows"), "")
        if isinstance(part.get("text"), str)
    )
    if cells > MOST_TABLE_TEXT:
        yield f": {cells} characters in tables, at most {MOST_TABLE_TEXT} in a message"


def _with_children(blocks: Iterable[Any]) -> Iterator[dict[str, Any]]:
    for block in blocks:
        if isinstance(block, dict):
            yield block
            children = block.get("child_blocks")
            yield from _with_children(children if isinstance(children, list) else [])


def _lists_of_blocks(args: dict[str, Any]) -> Iterator[tuple[str, list[Any]]]:
    attachments = args.get("attachments")
    holders = {"": args}
    if isinstance(attachments, list):
        holders |= {f"/attachments/{i}": one for i, one in enumerate(attachments) if isinstance(one, dict)}
    for at, holder in holders.items():
        if isinstance(holder.get("blocks"), list):
            yield f"{at}/blocks", holder["blocks"]


def _parts(node: Any, at: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every object at or below a node, with its pointer."""
    if isinstance(node, dict):
        yield at, node
    if isinstance(node, dict | list):
        for key, child in node.items() if isinstance(node, dict) else enumerate(node):
            yield from _parts(child, f"{at}/{key}")


def _types(blocks: Iterable[Any]) -> list[str]:
    return [str(block.get("type")) for block in blocks if isinstance(block, dict)]


def _text(value: Any) -> str:
    """A text, given plain or as an object."""
    text = value.get("text") if isinstance(value, dict) else value
    return text if isinstance(text, str) else ""


# Schemas, and what their errors mean


@cache
def _load(name: str) -> dict[str, Any]:
    text = (HERE / f"{name}.json").read_text(encoding="utf-8")
    schema: dict[str, Any] = json.loads(re.sub(r"(Event)<(\w+)>", r"\1(\2)", text))  # no address may have < and >
    return schema


@dataclass(frozen=True)
class Validator:
    """One schema, read by the one that is quick and by the one that explains."""

    quick: jsonschema_rs.Draft7Validator
    wordy: Draft7Validator


@cache
def _validator(name: str, definition: str = "Wanted") -> Validator:
    schema = _load(name)
    if "$ref" in schema:
        schema = {"$ref": f"#/definitions/{definition}", "definitions": schema["definitions"]}
    return Validator(jsonschema_rs.Draft7Validator(schema), Draft7Validator(schema))


@cache
def _newest() -> dict[str, Validator]:
    return {path.stem: _validator(f"newest/{path.stem}") for path in (HERE / "newest").glob("*.json")}


@cache
def _derived() -> dict[str, Validator]:
    """One validator for each block type the types know."""
    definitions = _load("slack/blocks")["definitions"]

    def kind(schema: dict[str, Any]) -> str:
        while "const" not in schema.get("properties", {}).get("type", {}):
            schema = schema["anyOf"][0] if "anyOf" in schema else definitions[schema["$ref"].rsplit("/", 1)[1]]
        return str(schema["properties"]["type"]["const"])

    names = [one["$ref"].rsplit("/", 1)[1] for one in definitions["KnownBlock"]["anyOf"]]
    return {kind(definitions[name]): _validator("slack/blocks", name) for name in names}


def _shape(validator: Validator, instance: Any, at: str = "") -> Iterator[str]:
    if _is_fine(validator.quick, instance):
        return
    for error in validator.wordy.iter_errors(instance):
        yield from _explain(error, at)


def _is_fine(validator: jsonschema_rs.Draft7Validator, instance: Any) -> bool:
    try:
        return validator.is_valid(instance)
    except ValueError:  # it cannot be JSON
        return False


def _explain(error: ValidationError, at: str) -> Iterator[str]:
    """The short form of an error; of alternatives, what the one that was meant has to say."""
    where = at + "".join(f"/{part}" for part in error.absolute_path)
    if error.validator == "anyOf":
        branches = _branches(error)
        meant = [errors for errors in branches if not _other_kind(errors)]
        if meant:
            for inner in min(meant, key=_distance):
                yield from _explain(inner, at)
        else:
            yield f"{where}: {_name(error.instance)} does not belong here"
    elif error.validator == "additionalProperties":
        schema: Any = error.schema
        instance: Any = error.instance
        known = schema.get("properties", {})
        yield from (f"{where}/{key}: unknown field" for key in instance if key not in known)
    else:
        yield f"{where}: {_saying(error)}"


def _branches(error: ValidationError) -> list[list[ValidationError]]:
    branches = defaultdict(list)
    for inner in error.context or []:
        branches[inner.schema_path[0]].append(inner)
    return list(branches.values())


def _other_kind(errors: list[ValidationError]) -> bool:
    """Whether an alternative is about something else: another JSON type, or another `type`."""
    return any(
        (error.validator in ("const", "enum") and list(error.relative_path) == ["type"])
        or (error.validator == "type" and not error.relative_path)
        or (error.validator == "anyOf" and not error.relative_path and all(map(_other_kind, _branches(error))))
        for error in errors
    )


def _distance(errors: list[ValidationError]) -> tuple[int, int]:
    """How far an alternative is from what was given; one that knows all fields is nearer."""
    return sum(error.validator == "additionalProperties" for error in errors), len(errors)


def _name(instance: Any) -> str:
    if isinstance(instance, dict):
        return repr(instance["type"])[:40] if "type" in instance else "an object without a type"
    return repr(instance)[:40]


def _saying(error: ValidationError) -> str:
    limit: Any = error.validator_value
    instance: Any = error.instance
    match error.validator:
        case "required":
            return error.message.replace(" is a required property", " is missing")
        case "maxLength" | "minLength" | "maxItems" | "minItems":
            return f"length {len(instance)}, {'at most' if 'max' in error.validator else 'at least'} {limit}"
        case "not":
            return "does not belong here"
    return error.message if len(error.message) <= 100 else f"{error.message[:60]} ... ({error.validator})"
