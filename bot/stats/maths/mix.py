"""Whether a rate changed because groups did better, or because there was more of the better groups. Pure.

Whoever shows that a rate changed between two windows asks here first whether the mix did it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import erfc, sqrt

from bot.stats.maths.differences import ROUNDING, Count

ENOUGH = 10
"""How many a group needs on both sides for its own change to be looked at."""


@dataclass(frozen=True, slots=True)
class Split:
    """A change of a rate, from −1 to 1, in its two parts: the groups' own rates, and their sizes."""

    rate: float
    mix: float

    @property
    def total(self) -> float:
        """The whole change, now − before."""
        return self.rate + self.mix


@dataclass(frozen=True, slots=True)
class Simpson:
    """Why a change may mislead. It `flips`: each group went the other way. Or half of it and more is `mostly_mix`."""

    flips: bool
    mostly_mix: bool


def split(before: Mapping[str, Count], now: Mapping[str, Count]) -> Split | None:
    """The change of the rate over all groups, split into rate and mix; None where one side has no hand-offs.

    Symmetric: changes of rates weigh by the mean size of the group, changes of size by its mean rate. A group that is
    missing or empty on one side has size 0 there and the rate of the other side: it is all mix. E. M. Kitagawa, JASA 50
    (1955), p. 1168.
    """
    sizes = sum(n for _, n in before.values()), sum(n for _, n in now.values())
    if 0 in sizes:
        return None
    rate = mix = 0.0
    for name in sorted(before.keys() | now.keys()):
        old, new = before.get(name, (0, 0)), now.get(name, (0, 0))
        if old[1] + new[1]:
            old_rate, new_rate = _rate(old, new), _rate(new, old)
            old_size, new_size = old[1] / sizes[0], new[1] / sizes[1]
            rate += (old_size + new_size) / 2 * (new_rate - old_rate)
            mix += (old_rate + new_rate) / 2 * (new_size - old_size)
    return Split(rate, mix)


def simpson(before: Mapping[str, Count], now: Mapping[str, Count]) -> Simpson:
    """What to warn of beside a change of the rate over all groups.

    It flips where all groups with at least 10 on both sides, one or more, went the other way than the whole; it is
    mostly mix where the mix is at least half the size of the whole change. E. H. Simpson, J. R. Statist. Soc. B 13
    (1951), p. 238.
    """
    change = split(before, now)
    if change is None:
        return Simpson(flips=False, mostly_mix=False)
    own = [
        now[name][0] / now[name][1] - k / n
        for name, (k, n) in before.items()
        if n >= ENOUGH and now.get(name, (0, 0))[1] >= ENOUGH
    ]
    total = change.total if abs(change.total) > ROUNDING else 0.0
    flips = bool(own) and all(difference * total < 0 for difference in own)
    return Simpson(flips, mostly_mix=abs(change.mix) > ROUNDING and abs(change.mix) >= abs(total) / 2 - ROUNDING)


def cmh(strata: Sequence[tuple[Count, Count]]) -> float:
    """The p of one share for both sides within every stratum, each (a, b): is there a difference beside the mix?

    Cochran, Biometrics 10 (1954), p. 417; Mantel and Haenszel, J. Natl. Cancer Inst. 22 (1959), p. 719; chi-square of
    one degree of freedom, without continuity correction. 1 where no stratum can tell.
    """
    excess = variance = 0.0
    for (k1, n1), (k2, n2) in strata:
        n, k = n1 + n2, k1 + k2
        if n > 1:
            excess += k1 - n1 * k / n
            variance += n1 * n2 * k * (n - k) / (n * n * (n - 1))
    return erfc(abs(excess) / sqrt(2 * variance)) if variance else 1.0


def _rate(own: Count, other: Count) -> float:
    k, n = own if own[1] else other
    return k / n
