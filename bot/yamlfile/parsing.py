"""Plain values into the shape that is expected of them, and pydantic's complaints in the reader's words."""

from dataclasses import dataclass
from functools import reduce
from inspect import isclass
from types import NoneType, UnionType
from typing import Annotated, Any, Generic, Literal, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from bot.yamlfile.reading import Document, Fault, Faults, KeyPath, shown

Model = TypeVar("Model", bound=BaseModel)


class Shape(BaseModel):
    """What may come in from outside: exact types, no keys but these."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


Content = TypeVar("Content", bound=Shape)


@dataclass(frozen=True, slots=True)
class Page(Generic[Content]):
    """A file of the right shape, with the document that knows its lines."""

    document: Document
    content: Content


def parse(document: Document, model: type[Model]) -> Model:
    """The document as a `model`, strictly: no unknown keys, no text for a number. An empty file is an empty map."""
    data = {} if document.data is None else document.data
    try:
        return model.model_validate(data, strict=True, extra="forbid")
    except ValidationError as error:
        found = (_translated(document, model, detail) for detail in error.errors(include_url=False))
        # As a dict's keys: the members of a union complain one by one about the same value.
        raise Faults(*sorted(dict.fromkeys(found), key=lambda fault: fault.line)) from None


def _translated(document: Document, model: type[BaseModel], detail: ErrorDetails) -> Fault:
    kind, path = detail["type"], _written(document, detail["loc"])
    if kind == "missing":
        return document.fault(f"missing; expected {_words(reduce(_step, path, model))}", *path)
    if kind == "extra_forbidden":
        return document.fault(f"unknown key; expected {_words(reduce(_step, path[:-1], model))}", *path)
    path = document.nearest(path)
    words = detail["msg"].removeprefix("Value error, ").replace("Input should be", "expected")
    if kind == "literal_error" or kind.endswith("_type"):
        words = f"expected {_words(reduce(_step, path, model))}"
    return document.fault(f"got {shown(document.at(*path))}, {words}", *path)


def _written(document: Document, path: KeyPath) -> KeyPath:
    """The path without the names of types that pydantic puts between, which no reader of the file knows."""
    kept: KeyPath = ()
    for key in path[:-1]:
        kept = (*kept, key) if (*kept, key) in document.lines else kept
    return (*kept, *path[-1:])


def _step(kind: Any, key: str | int) -> Any:
    """The type one key further down, with its description if it has one."""
    for option in (inner for member in _options(kind) for inner in _options(member)):
        if isclass(option) and issubclass(option, BaseModel):
            for name, info in option.model_fields.items():
                if key == (info.alias or name):
                    return Annotated[info.annotation, info]
        elif get_args(option):
            return get_args(option)[-1]
    return Any


def _options(kind: Any) -> tuple[Any, ...]:
    """The members of a union, or the one type there is; Annotated is looked through."""
    if get_origin(kind) is Annotated:
        return _options(get_args(kind)[0])
    return get_args(kind) if get_origin(kind) in {Union, UnionType} else (kind,)


def _words(kind: Any) -> str:
    """A type in words: its description, where it has one, says it best."""
    if get_origin(kind) is Annotated:
        told = next((note.description for note in get_args(kind) if isinstance(note, FieldInfo)), None)
        return told or _words(get_args(kind)[0])
    options = [option for option in _options(kind) if option is not NoneType]
    if len(options) > 1 or options[0] is not kind:
        return " or ".join(map(_words, options))
    if isclass(kind) and issubclass(kind, BaseModel):
        return "the keys " + ", ".join(info.alias or name for name, info in kind.model_fields.items())
    if get_origin(kind) is Literal:
        return "one of " + ", ".join(map(str, get_args(kind)))
    types = {str: "text", int: "a whole number", float: "a number", bool: "true or false", list: "a list"}
    return types.get(get_origin(kind) or kind, "a map")
