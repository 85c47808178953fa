"""What the door promises in its OpenAPI description, asked of it with requests nobody would think of."""

from datetime import datetime
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

from bot.intake.http import PATH, sign
from bot.store.engine import Store
from tests.flows.intake_kit import NOON, SECRET, app, unix_time


class Signed(requests.auth.AuthBase):
    """Signs what is sent in the end, over whatever signature was made up for it."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        body = request.body or b""
        request.headers.update(sign(SECRET, body if isinstance(body, bytes) else body.encode(), unix_time()))
        return request


moments = st.datetimes(datetime(2000, 1, 1), NOON.replace(tzinfo=None))  # what a schema cannot say of them
schemathesis.openapi.format("date-time", moments.map("{:%Y-%m-%dT%H:%M:%SZ}".format))

UNSAYABLE = ("holds NUL", "belongs to lead")
"""Faults of a lead that is right by the schema."""

asking = settings(max_examples=15, phases=[Phase.generate], suppress_health_check=list(HealthCheck), database=None)


@asking
@given(data=st.data())
def test_what_is_right_by_the_description_is_taken(sqlite_store: Store, data: st.DataObject) -> None:
    case = data.draw(described(sqlite_store, signed=True).as_strategy(generation_mode=GenerationMode.POSITIVE))
    answer = case.call_and_validate(session=signing(), excluded_checks=[positive_data_acceptance])
    assert answer.status_code in {200, 422}
    assert all(any(word in fault["problem"] for word in UNSAYABLE) for fault in answer.json()["faults"])


@asking
@given(data=st.data())
def test_what_is_wrong_by_the_description_is_refused(sqlite_store: Store, data: st.DataObject) -> None:
    case = data.draw(described(sqlite_store, signed=True).as_strategy(generation_mode=GenerationMode.NEGATIVE))
    answer = case.call_and_validate(session=signing(), excluded_checks=[negative_data_rejection])
    assert answer.status_code in {400, 413, 422} or answer.json()["faults"]


@pytest.mark.parametrize("mode", list(GenerationMode))
def test_unsigned_requests_are_refused_as_the_description_says(sqlite_store: Store, mode: GenerationMode) -> None:
    @asking
    @given(case=described(sqlite_store, signed=False).as_strategy(generation_mode=mode))
    def ask(case: Any) -> None:
        assert case.call_and_validate().status_code == 401

    ask()


def signing() -> requests.Session:
    session = requests.Session()
    session.auth = Signed()
    return session


def described(store: Store, *, signed: bool) -> Any:
    """The operation; for requests that are signed anyway, without the headers that make up the signature."""
    built = app(store)
    if signed:
        del built.openapi()["paths"][PATH]["post"]["parameters"]
    return schemathesis.openapi.from_asgi("/openapi.json", built)[PATH]["POST"]
