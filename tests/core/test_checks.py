"""The data checks: what is wrong with each field, in words that follow its name."""

import pytest

from bot.criteria.checks import Checked, check
from bot.criteria.definition import Check
from bot.criteria.facts import Facts
from bot.lead import Lead, Value

ANA = "Ana@Acme.example"


def fault(one: Check, **known: Value) -> str | None:
    fields = {key: value for key, value in known.items() if key in Lead.__dataclass_fields__}
    rest = {key: value for key, value in known.items() if key not in fields}
    lead = Lead(**fields, attributes=rest)  # type: ignore[arg-type]
    (checked,) = check([one], lead, Facts(lead))
    assert (checked.field, checked.needed) == (one.field, one.needed)
    return checked.fault


@pytest.mark.parametrize("field", ["email", "phone", "country", "company", "title", "employees"])
@pytest.mark.parametrize("nothing", [None, "", " \t"])
def test_a_field_with_nothing_in_it_is_missing(field: str, nothing: str | None) -> None:
    assert fault(Check(field, needed=True), **{field: nothing}) == "is missing"


@pytest.mark.parametrize(
    ("known", "words"),
    [
        ({"email": ANA}, None),
        ({"email": "ana"}, "is no e-mail address: no @"),
        ({"email": ANA, "email_bounced": True}, "bounced"),
        ({"email": ANA, "email_bounced": "ana@acme.example "}, "bounced"),
        ({"email": ANA, "email_bounced": "before@acme.example"}, None),
        ({"email": ANA, "email_bounced": False}, None),
        ({"email": ANA, "email_bounced": 1}, "bounced"),
        ({"email": ANA, "email_bounced": "TRUE"}, "bounced"),
        ({"email": ANA, "email_bounced": " Yes"}, "bounced"),
        ({"email": ANA, "email_bounced": "y"}, "bounced"),
        ({"email": ANA, "email_bounced": "1"}, "bounced"),
        ({"email": ANA, "email_bounced": "no"}, None),
        ({"email": ANA, "email_bounced": "0"}, None),
        ({"email": ANA, "email_bounced": 0}, None),
        ({"email": ANA, "email_bounced": ""}, None),
        ({"email": "ana@gmail.com"}, "is free, expected business"),
        ({"email": "ana@mailinator.com"}, "is disposable, expected business"),
    ],
)
def test_an_address_must_be_one_must_not_have_bounced_and_must_be_of_a_kind_that_will_do(
    known: dict[str, Value], words: str | None
) -> None:
    assert fault(Check("email", True, ("business",)), **known) == words


def test_where_no_kind_is_asked_for_any_will_do() -> None:
    assert fault(Check("email", True), email="ana@mailinator.com") is None
    assert fault(Check("email", True, ("business", "free")), email="x@mailinator.com") == (
        "is disposable, expected business or free"
    )


@pytest.mark.parametrize(
    ("phone", "country", "words"),
    [
        ("020 7946 0123", "GB", None),
        ("020 7946 0123", "United Kingdom", None),
        ("+44 20 7946 0123", None, None),
        ("020 7946 0123", None, "needs a country code, such as +44, or a lead whose country is known"),
        ("call me", "GB", "is no phone number"),
    ],
)
def test_a_phone_number_is_at_home_in_the_country_of_its_lead(
    phone: str, country: str | None, words: str | None
) -> None:
    assert fault(Check("phone", False), phone=phone, country=country) == words


def test_a_country_is_one_that_has_a_code_and_any_other_field_is_only_asked_for() -> None:
    assert fault(Check("country", False), country="Germany") is None
    assert fault(Check("country", False), country="Atlantis") == "is no country we know"
    assert fault(Check("employees", False), employees=0) is None
    assert fault(Check("vip", False), vip=False) is None


def test_checks_stay_in_the_order_of_the_criteria() -> None:
    asked = [Check("title", False), Check("company", True)]
    lead = Lead(title="Head")
    assert check(asked, lead, Facts(lead)) == (Checked("title", False, None), Checked("company", True, "is missing"))
