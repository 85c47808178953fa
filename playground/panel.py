"""The panel: requests a workspace file describes and this server sends for the person at the page."""

import hashlib
import hmac
import json
import re
import time
import uuid
from datetime import UTC, datetime

from playground.errors import Json, Refusal
from playground.outgoing import send
from playground.workspace import PanelRequest, Sign
from playground.world import World

PLACE = re.compile(r"\{\{\s*(\w+)\s*\}\}")
PATIENCE = 30.0
BODY_SHOWN = 100_000


def run(world: World, index: object, values: object) -> Json:
    """Send request number `index` with what the person filled in: {"status", "body"}. Raises Refusal."""
    panel = world.workspace.panel
    if isinstance(index, bool) or not isinstance(index, int) or not 0 <= index < len(panel):
        raise Refusal(f"request: expected a number from 0 to {len(panel) - 1}, got {index!r}")
    spec = panel[index]
    body = filled(spec, values if isinstance(values, dict) else {})
    headers = {"Content-Type": "application/json", **spec.headers, **(signed(spec.sign, body) if spec.sign else {})}
    data = body.encode() if body or spec.method != "GET" else None
    outcome = send(spec.method, spec.url, headers, data, PATIENCE)
    if outcome.status is None:
        raise Refusal(f"{spec.name}: {spec.url} gave no answer: {outcome.body}")
    if spec.moves_clock and outcome.status < 300:
        move_clock(world, outcome.json())
    return {"status": outcome.status, "body": outcome.body[:BODY_SHOWN]}


def move_clock(world: World, given: object) -> None:
    """Make it the time {"now": …} names in this workspace. Raises Refusal."""
    said = given.get("now") if isinstance(given, dict) else given
    try:
        now = datetime.fromisoformat(said) if isinstance(said, str) else None
    except ValueError:
        now = None
    if now is None or now.tzinfo is None:
        raise Refusal(f"now: expected a time such as 2026-11-22T09:30:00+00:00, got {said!r}")
    world.move_to(now.timestamp())


def filled(spec: PanelRequest, values: Json) -> str:
    """A request's body; each value is escaped for the inside of a JSON string. Raises Refusal."""
    given = {field.name: str(values.get(field.name, field.default)) for field in spec.fields}
    built_in = {"uuid": str(uuid.uuid4()), "now": datetime.now(UTC).isoformat(timespec="seconds")}

    def value(match: re.Match[str]) -> str:
        known = {**built_in, **given}
        if match[1] not in known:
            raise Refusal(f"{spec.name}: body names {match[0]}, expected one of {', '.join(sorted(known))}")
        return json.dumps(known[match[1]], ensure_ascii=False)[1:-1]

    return PLACE.sub(value, spec.body)


def signed(sign: Sign, body: str) -> dict[str, str]:
    """The two headers that sign a body."""
    stamp = str(int(time.time()))
    payload = sign.payload.replace("{timestamp}", stamp).replace("{body}", body)
    digest = hmac.new(sign.secret.encode(), payload.encode(), hashlib.sha256).hexdigest()
    value = sign.value.replace("{hmac_sha256_hex}", digest).replace("{timestamp}", stamp)
    return {sign.signature_header: value, sign.timestamp_header: stamp}
