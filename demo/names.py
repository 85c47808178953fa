"""People and companies who never were, as many as are asked for and each of them once."""

from typing import NamedTuple

FIRST = (
    "Aisha", "Anders", "Bruno", "Carla", "Daniel", "Elif", "Felix", "Greta", "Hugo", "Ines", "Jakub", "Katja", "Liam",
    "Marta", "Nadia", "Oscar", "Paula", "Quentin", "Rosa", "Sven", "Tara", "Umar", "Vera", "Wim", "Xenia", "Yusuf",
    "Zoe", "Birgit", "Cem", "Dora",
)  # fmt: skip
LAST = (
    "Abels", "Bakker", "Conti", "Dubois", "Eriksen", "Fischer", "Garcia", "Hansen", "Ivanov", "Jansen", "Kowalski",
    "Lindgren", "Moreau", "Nowak", "Olsen", "Peeters", "Quist", "Rossi", "Schmidt", "Tanaka", "Ueda", "Varga",
    "Weber", "Ximenes", "Young", "Zeman", "Brandt",
)  # fmt: skip
PLACES = (
    "Amber", "Birch", "Cedar", "Delta", "Ember", "Falcon", "Granite", "Harbor", "Indigo", "Juniper", "Kestrel",
    "Lumen", "Maple", "North", "Onyx", "Pine", "Quartz", "River", "Summit", "Tidal", "Umber", "Vertex", "Willow",
    "Yarrow", "Zephyr", "Copper", "Meadow", "Silver",
)  # fmt: skip
TRADES = ("Labs", "Logistics", "Energy", "Foods", "Robotics", "Health", "Studios", "Works", "Media", "Retail", "Parts")
TITLES = (
    "Head of Operations",
    "VP Sales",
    "Marketing Manager",
    "Director of IT",
    "Founder",
    "Procurement Lead",
    "Sales Operations Manager",
)


class Somebody(NamedTuple):
    """A person at a company."""

    name: str
    email: str
    company: str
    title: str


def somebody(number: int) -> Somebody:
    """Who has this number (0 and up)."""
    first, last = FIRST[number % len(FIRST)], LAST[number * 7 % len(LAST)]
    place, trade = PLACES[number % len(PLACES)], TRADES[number // len(PLACES) % len(TRADES)]
    more = number // (len(PLACES) * len(TRADES))
    company = f"{place} {trade}" + (f" {more + 1}" if more else "")
    host = company.replace(" ", "").lower()
    return Somebody(f"{first} {last}", f"{first}.{last}@{host}.example".lower(), company, TITLES[number % len(TITLES)])
