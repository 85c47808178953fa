"""What a signed request carries: read no further than its bounds, as strict JSON, item by item.

Only `http.py` reads requests through here. It knows how a batch is wrapped, and nothing of what a lead is.
"""

import json
import re
from collections import Counter
from typing import Any, NoReturn

from starlette.requests import ClientDisconnect, Request

from bot.yamlfile import Plain, shown

MOST_BYTES = 1_000_000
MOST_LEADS = 1_000
MOST_LEVELS = 8

_STRING_OR_CONSTANT = re.compile(r'"(?:[^"\\]|\\.)*"|(NaN|-?Infinity)', re.DOTALL)
_SHAPE = 'expected {"leads": […]} or one lead'


class Refused(Exception):
    """The request as a whole is not taken, nothing of it is stored: the HTTP status, and why in words."""

    def __init__(self, status: int, problem: str) -> None:
        super().__init__(problem)
        self.status = status
        self.problem = problem


async def received(request: Request) -> bytes:
    """The body. Refused with 413 as soon as it is too large, whatever its headers promised."""
    body = bytearray()
    try:
        async for part in request.stream():
            body += part
            if len(body) > MOST_BYTES:
                raise Refused(413, f"the body is too large; expected at most {MOST_BYTES:,} bytes")
    except ClientDisconnect:
        raise Refused(400, "the connection was closed before the body was complete") from None
    return bytes(body)


def items(body: bytes) -> list[Plain]:
    """What the body holds, one entry a lead; each still has to prove to be one.

    Refused with 400 where it is not JSON or not wrapped as expected, with 413 where there are too many.
    """
    content = _parsed(body)
    if not isinstance(content, dict):
        raise Refused(400, f"got {shown(content)}, {_SHAPE}")
    if "leads" not in content:
        return [content]
    leads = content.pop("leads")
    if content:
        raise Refused(400, f"{shown(min(content))}: unknown key beside leads, {_SHAPE}")
    if not isinstance(leads, list) or not leads:
        got = "an empty list" if leads == [] else shown(leads)
        raise Refused(400, f"leads: got {got}, expected a list of 1 to {MOST_LEADS:,}")
    if len(leads) > MOST_LEADS:
        raise Refused(413, f"leads: got {len(leads):,}, expected at most {MOST_LEADS:,} in one request")
    return leads


def _parsed(body: bytes) -> Plain:
    try:
        text = body.decode()
        content: Plain = json.loads(text, object_pairs_hook=_object, parse_constant=lambda _: _constant(text))
    except UnicodeDecodeError as error:
        raise Refused(400, f"byte {error.start:,} is not UTF-8; expected JSON in UTF-8") from None
    except json.JSONDecodeError as error:
        raise Refused(400, f"line {error.lineno} column {error.colno} is not JSON: {error.msg}") from None
    except ValueError:  # Python refuses to read thousands of digits
        raise Refused(400, "a number has thousands of digits; expected at most 18") from None
    except RecursionError:
        raise _too_deep() from None
    return _shallow(content)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """With a key given twice, one of its values would be lost without a word."""
    found = dict(pairs)
    if len(found) < len(pairs):
        [(key, _)] = Counter(key for key, _ in pairs).most_common(1)
        raise Refused(400, f"the key {shown(key)} stands twice in one object; expected it once")
    return found


def _constant(text: str) -> NoReturn:
    """Python would read NaN and Infinity, which are not JSON. Strings are stepped over: they may say NaN."""
    place = next(found.start() for found in _STRING_OR_CONSTANT.finditer(text) if found[1])
    raise json.JSONDecodeError("NaN and Infinity are no numbers", text, place)


def _shallow(content: Plain) -> Plain:
    """Level by level, since what is nested deeply enough breaks whatever recurses into it later."""
    level: list[Any] = [content]
    for _ in range(MOST_LEVELS + 1):
        inner = [one.values() if isinstance(one, dict) else one for one in level if isinstance(one, dict | list)]
        level = [value for values in inner for value in values]
    if level:
        raise _too_deep()
    return content


def _too_deep() -> Refused:
    return Refused(400, f"the body is nested too deeply; expected at most {MOST_LEVELS} levels")
