"""What reasons.yaml can get wrong. For `lint`."""

import re
from collections.abc import Iterator

from bot.config.lint.words import LONGEST, label_faults, repeats
from bot.config.reasons_file import FollowUpShape, ReasonsFile, ReasonShape
from bot.yamlfile import Document, Fault, KeyPath, shown

MOST = 100
"""Slack shows no more options than this in one list."""
TO_REROUTE = {"person", "team", "none"}


def lint_reasons(document: Document, file: ReasonsFile) -> Iterator[Fault]:
    """Every fault of reasons.yaml."""
    if not any(reason.consequence == "reject" for reason in file.reasons.values()):
        yield document.fault("no code rejects, so nobody could; expected at least one that does", "reasons")
    if len(file.reasons) > MOST:
        yield document.fault(f"got {len(file.reasons)} codes, expected at most {MOST}", "reasons")
    labels: list[tuple[KeyPath, str]] = [
        (("reasons", code, "label"), reason.label) for code, reason in file.reasons.items()
    ]
    yield from label_faults(document, labels)
    yield from repeats(document, labels)
    for code, reason in file.reasons.items():
        if not re.fullmatch(r"[A-Z][A-Z0-9_]{0,39}", code):
            words = f"got {shown(code)}, expected a code in UPPER_CASE of at most 40 characters"
            yield document.fault(words, "reasons", code)
        yield from _route(document, reason, ("reasons", code))
        if reason.recycle_after is not None and reason.follow_up.kind == "date":
            words = "a wait for a code that asks for a date, which says when; expected none"
            yield document.fault(words, "reasons", code, "recycle_after")
        yield from _follow_up(document, reason.follow_up, ("reasons", code, "follow_up"))


def _route(document: Document, reason: ReasonShape, keys: KeyPath) -> Iterator[Fault]:
    """What is somebody else's is no rejection, and what is a rejection is nobody else's."""
    reroutes = reason.consequence == "reroute"
    if reroutes and reason.family != "ROUTE":
        words = f"got reroute in family {reason.family}; expected another one, or family ROUTE"
        yield document.fault(words, *keys, "consequence")
    if reason.family == "ROUTE" and not reroutes:
        words = f"got ROUTE, but the consequence is {reason.consequence}; expected reroute, or another family"
        yield document.fault(words, *keys, "family")
    if reroutes and reason.recycle_after is not None:
        words = "a wait for a code that turns nothing down; expected none"
        yield document.fault(words, *keys, "recycle_after")
    if reason.follow_up.kind in TO_REROUTE and not reroutes:
        words = f"got {reason.follow_up.kind}, which goes with consequence reroute; expected text or a choice"
        yield document.fault(words, *keys, "follow_up", "kind")


def _follow_up(document: Document, follow_up: FollowUpShape, keys: KeyPath) -> Iterator[Fault]:
    kind, options = follow_up.kind, follow_up.options
    if follow_up.label is not None:
        yield from label_faults(document, [((*keys, "label"), follow_up.label)])
    if kind in {"choice", "choices"}:
        if not 1 <= len(options) <= MOST:
            words = f"got {len(options)} options, expected 1 to {MOST} for a {kind}"
            yield document.fault(words, *keys, "options")
    elif options:
        yield document.fault(f"options for a {kind}; expected none", *keys, "options")
    yield from _min_length(document, follow_up, keys)
    yield from _options(document, options, (*keys, "options"))


def _min_length(document: Document, follow_up: FollowUpShape, keys: KeyPath) -> Iterator[Fault]:
    least = follow_up.min_length
    if least is not None and follow_up.kind != "text":
        yield document.fault(f"a length for a {follow_up.kind}; expected none", *keys, "min_length")
    elif least is not None and not 1 <= least <= 3000:
        yield document.fault(f"got {least}, expected 1 to 3000", *keys, "min_length")


def _options(document: Document, options: dict[str, str], keys: KeyPath) -> Iterator[Fault]:
    labels: list[tuple[KeyPath, str]] = [((*keys, value), label) for value, label in options.items()]
    yield from label_faults(document, labels)
    yield from repeats(document, labels)
    for value in options:
        # Several choices are stored in one text, with commas between them.
        if "," in value or value != value.strip() or not 1 <= len(value) <= LONGEST:
            words = f"got {shown(value)}, expected 1 to {LONGEST} characters without a comma or outer blanks"
            yield document.fault(words, *keys, value)
