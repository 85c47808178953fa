"""Who may not come in, and with what: forged, late, doubled, oversized, broken. None of it leaves a trace."""

import http.client
import json
import shutil
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from pydantic import SecretStr

from bot.intake.body import MOST_BYTES, MOST_LEVELS
from bot.intake.http import PATH, SIGNATURE, TIMESTAMP, register, sign
from bot.store.engine import Store
from bot.store.tables import metadata
from tests.flows.intake_kit import NOON, SECRET, Door, Reply, lead, open_door, reply, served, unix_time

BODY = json.dumps(lead()).encode()


@pytest.fixture(scope="module")
def shut_store(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """One for all requests that must leave nothing behind."""
    store = Store(f"sqlite:///{shutil.copy(sqlite_template, tmp_path_factory.mktemp('shut') / 'baton.sqlite')}")
    yield store
    store.close()


@pytest.fixture(scope="module")
def shut_door(shut_store: Store) -> Iterator[Door]:
    with open_door(shut_store) as opened:
        yield opened


@pytest.fixture
def door(shut_door: Door, shut_store: Store) -> Iterator[Door]:
    """A door for bad requests: after each of them every table is empty."""
    yield shut_door
    with shut_store.reading() as tx:
        for table in metadata.sorted_tables:
            assert tx.execute(sa.select(sa.func.count()).select_from(table)).scalar_one() == 0, table.name


@pytest.fixture
def taking(sqlite_store: Store) -> Iterator[Door]:
    """A door for good requests."""
    with open_door(sqlite_store) as opened:
        yield opened


def forged(name: str) -> list[tuple[str, str]]:
    """Headers that are wrong in one way each."""
    now = unix_time()
    good = sign(SECRET, BODY, now)
    stamp, mac = (TIMESTAMP, good[TIMESTAMP]), (SIGNATURE, good[SIGNATURE])
    digits = good[SIGNATURE].removeprefix("v1=")
    later = list(sign(SECRET, BODY, now + 1).items())
    return {
        "nothing at all": [],
        "no signature": [stamp],
        "no timestamp": [mac],
        "of another body": list(sign(SECRET, BODY + b" ", now).items()),
        "of another timestamp": [stamp, later[1]],
        "with another secret": list(sign(SECRET + "x", BODY, now).items()),
        "with an empty secret": list(sign("", BODY, now).items()),
        "replayed after an hour": list(sign(SECRET, BODY, now - 3600).items()),
        "from an hour ahead": list(sign(SECRET, BODY, now + 3600).items()),
        "empty signature": [stamp, (SIGNATURE, "")],
        "without the version": [stamp, (SIGNATURE, digits)],
        "of another version": [stamp, (SIGNATURE, f"v2={digits}")],
        "one digit short": [stamp, (SIGNATURE, f"v1={digits[:-1]}")],
        "one digit more": [stamp, (SIGNATURE, f"v1={digits}0")],
        "not hexadecimal": [stamp, (SIGNATURE, "v1=" + "z" * 64)],
        "not ASCII": [stamp, (SIGNATURE, "v1=" + "é" * 64)],
        "digits of another script": [(TIMESTAMP, str(now).translate({48 + n: 0x660 + n for n in range(10)})), mac],
        "a timestamp in words": [(TIMESTAMP, "now"), mac],
        "an empty timestamp": [(TIMESTAMP, ""), mac],
        "a negative timestamp": [(TIMESTAMP, f"-{now}"), mac],
        "a fraction": [(TIMESTAMP, f"{now}.0"), mac],
        "milliseconds": list(sign(SECRET, BODY, now * 1000).items()),
        "an endless timestamp": [(TIMESTAMP, "9" * 5000), mac],
        "two timestamps": [stamp, stamp, mac],
        "two signatures": [stamp, mac, (SIGNATURE, "v1=" + "0" * 64)],
        "two in one header": [stamp, (SIGNATURE, f"{good[SIGNATURE]}, v1={'0' * 64}")],
    }[name]


FORGED = """nothing at all;no signature;no timestamp;of another body;of another timestamp;with another secret
with an empty secret;replayed after an hour;from an hour ahead;empty signature;without the version;of another version
one digit short;one digit more;not hexadecimal;not ASCII;digits of another script;a timestamp in words
an empty timestamp;a negative timestamp;a fraction;milliseconds;an endless timestamp;two timestamps;two signatures
two in one header""".replace("\n", ";").split(";")


@pytest.mark.parametrize("name", FORGED)
def test_a_request_that_is_not_signed_right_is_refused(door: Door, name: str) -> None:
    answer = door.raw(BODY, forged(name))
    assert answer.status == 401
    assert list(answer.body) == ["problem"]
    assert "X-Baton-" in answer.body["problem"]


def test_the_same_body_signed_right_is_taken(taking: Door) -> None:
    assert taking.raw(BODY, list(sign(SECRET, BODY, unix_time()).items())).status == 200


def test_a_body_changed_on_its_way_is_refused(door: Door) -> None:
    headers = list(sign(SECRET, BODY, unix_time()).items())
    assert door.raw(BODY.replace(b"ada", b"eve"), headers).status == 401


@pytest.mark.parametrize(("away", "status"), [(-300, 200), (-301, 401), (300, 200), (301, 401)])
def test_a_signature_is_good_for_five_minutes_of_real_time_and_no_second_more(
    sqlite_store: Store, away: int, status: int
) -> None:
    real = datetime(2026, 3, 1, tzinfo=UTC)  # months away from Baton's own time, which does not count here
    app = FastAPI()
    register(app, sqlite_store, lambda: NOON, SecretStr(SECRET), lambda: real)
    with served(app) as door:
        headers = sign(SECRET, BODY, int(real.timestamp()) + away)
        assert door.raw(BODY, list(headers.items())).status == status


def test_a_door_without_a_secret_does_not_open(sqlite_store: Store) -> None:
    with pytest.raises(ValueError, match="intake_secret: is empty, expected"):
        register(FastAPI(), sqlite_store, lambda: NOON, SecretStr(""), lambda: NOON)


def padded(size: int) -> bytes:
    return BODY + b" " * (size - len(BODY))


def test_a_body_of_exactly_one_megabyte_is_taken(taking: Door) -> None:
    assert taking.post(padded(MOST_BYTES)).status == 200


def test_one_byte_more_is_too_large_signed_or_not(door: Door) -> None:
    body = padded(MOST_BYTES + 1)
    assert [door.post(body).status, door.raw(body, []).status] == [413, 413]
    assert door.raw(body, []).body == {"problem": "the body is too large; expected at most 1,000,000 bytes"}


def test_a_body_without_an_announced_length_is_cut_off_before_its_end(door: Door) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", door.port, timeout=10)
    connection.putrequest("POST", PATH)
    connection.putheader("Transfer-Encoding", "chunked")
    connection.endheaders()
    for _ in range(11):  # the body goes on after these; the answer does not wait for it
        connection.send(b"186a0\r\n" + b"x" * 100_000 + b"\r\n")
    assert reply(connection).status == 413
    connection.close()


def test_a_chunked_body_within_the_bounds_is_taken(taking: Door) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", taking.port, timeout=10)
    headers = sign(SECRET, BODY, unix_time())
    connection.request("POST", PATH, iter([BODY[:5], BODY[5:]]), headers, encode_chunked=True)
    assert reply(connection).status == 200
    connection.close()


def test_a_connection_lost_in_the_middle_of_a_body_is_no_error_of_ours(
    door: Door, caplog: pytest.LogCaptureFixture
) -> None:
    headers = "".join(f"{name}: {value}\r\n" for name, value in sign(SECRET, BODY, unix_time()).items())
    start = f"POST {PATH} HTTP/1.1\r\nHost: baton\r\nContent-Length: {len(BODY)}\r\n{headers}\r\n"
    with socket.create_connection(("127.0.0.1", door.port)) as lost:
        lost.sendall(start.encode() + BODY[:-1])
    assert door.raw(BODY, []).status == 401  # still there
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []


DEEP = b'{"a":' * 20_000 + b"1" + b"}" * 20_000
UNREADABLE: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "line 1 column 1 is not JSON"),
    "no JSON": (b'{"email":\n  ada}', "line 2 column 3 is not JSON"),
    "cut off": (b'{"leads": [', "is not JSON"),
    "two documents": (BODY + BODY, f"line 1 column {len(BODY) + 1} is not JSON: Extra data"),
    "not UTF-8": (b'{"email": "\xff"}', "byte 11 is not UTF-8"),
    "UTF-16": (json.dumps(lead()).encode("utf-16"), "byte 0 is not UTF-8"),
    "byte order mark": (b"\xef\xbb\xbf" + BODY, "is not JSON"),
    "gzip": (b"\x1f\x8b\x08\x00", "byte 1 is not UTF-8"),
    "null": (b"null", 'got nothing, expected {"leads": […]} or one lead'),
    "text": (b'"leads"', "got 'leads', expected"),
    "number": (b"7", "got 7, expected"),
    "bare list": (json.dumps([lead()]).encode(), "got a list, expected"),
    "leads null": (b'{"leads": null}', "leads: got nothing, expected a list of 1 to 1,000"),
    "leads a map": (json.dumps({"leads": lead()}).encode(), "leads: got a map, expected a list"),
    "no leads": (b'{"leads": []}', "leads: got an empty list, expected a list of 1 to 1,000"),
    "a key beside": (b'{"leads": [{}], "lead": {}}', "'lead': unknown key beside leads"),
    "NaN": (b'{"name": "NaN \\" NaN",\n "attributes": {"a": NaN}}', "line 2 column 22 is not JSON: NaN and Infinity"),
    "Infinity": (b'{"attributes": {"a": -Infinity}}', "line 1 column 22 is not JSON"),
    "a key twice": (b'{"email": "a@b.co", "\\u0065mail": "c@d.co"}', "the key 'email' stands twice"),
    "a strange key twice": (b'{"\\ud800\\u0000": 1, "\\ud800\\u0000": 2}', r"the key '\ud800\x00' stands twice"),
    "deep": (DEEP, f"nested too deeply; expected at most {MOST_LEVELS} levels"),
    "deep lists": (b"[" * 400_000, "nested too deeply"),
    "one level too deep": (b'{"a":' * (MOST_LEVELS + 1) + b"1" + b"}" * (MOST_LEVELS + 1), "nested too deeply"),
    "endless number": (b'{"attributes": {"a": ' + b"9" * 5000 + b"}}", "a number has thousands of digits"),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_is_no_strict_json_is_answered_with_what_is_wrong_and_where(door: Door, name: str) -> None:
    body, problem = UNREADABLE[name]
    answer = door.post(body)
    assert answer.status == 400
    assert problem in answer.body["problem"]


def test_a_thousand_leads_are_one_request_and_one_more_is_too_many(taking: Door) -> None:
    many: list[Any] = [{}] * 1_001
    refused = taking.send({"leads": many})
    assert refused == Reply(413, {"problem": "leads: got 1,001, expected at most 1,000 in one request"})
    assert taking.send({"leads": many[1:]}).body["refused"] == 1_000


def test_a_megabyte_of_mistakes_gets_an_answer_of_bounded_length(taking: Door) -> None:
    answer = taking.send({"leads": [{"signals": [0] * 1_000} for _ in range(300)]})
    assert answer.status == 422
    assert len(answer.body["faults"]) == 300 * 21
    assert answer.body["faults"][20]["problem"] == "and 980 faults more"


def test_only_post_is_answered(door: Door) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", door.port, timeout=10)
    connection.request("GET", PATH)
    assert connection.getresponse().status == 405
    connection.close()
