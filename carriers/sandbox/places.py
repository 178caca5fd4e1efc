"""Where a sandbox parcel can be: countries with their hubs and zones, and cities off their
country's usual zone. Enough geography to be believable; an unknown country lies in UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import tzinfo
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from carriers.sandbox.scenarios import Role


@dataclass(frozen=True, slots=True)
class Spot:
    """A city as a carrier names it; `region` is a state or province where scans show one."""

    city: str
    country: str
    region: str = ""
    zone: str = "UTC"

    @property
    def country_name(self) -> str:
        return _COUNTRIES[self.country][0] if self.country in _COUNTRIES else self.country

    @property
    def tzinfo(self) -> tzinfo:
        return ZoneInfo(self.zone)


#: ISO code: (English name, IANA zone, outbound hub, inbound hub).
_COUNTRIES: Final[dict[str, tuple[str, str, str, str]]] = {
    "AE": ("United Arab Emirates", "Asia/Dubai", "Dubai", "Abu Dhabi"),
    "AU": ("Australia", "Australia/Sydney", "Sydney", "Melbourne"),
    "BE": ("Belgium", "Europe/Brussels", "Liege", "Brussels"),
    "BH": ("Bahrain", "Asia/Bahrain", "Manama", "Muharraq"),
    "BR": ("Brazil", "America/Sao_Paulo", "Campinas", "Sao Paulo"),
    "CA": ("Canada", "America/Toronto", "Mississauga", "Hamilton"),
    "CN": ("China", "Asia/Shanghai", "Shenzhen", "Shanghai"),
    "DE": ("Germany", "Europe/Berlin", "Leipzig", "Koeln"),
    "EG": ("Egypt", "Africa/Cairo", "Cairo", "Alexandria"),
    "ES": ("Spain", "Europe/Madrid", "Madrid", "Vitoria"),
    "FR": ("France", "Europe/Paris", "Roissy", "Chilly-Mazarin"),
    "GB": ("United Kingdom", "Europe/London", "East Midlands", "Birmingham"),
    "HK": ("Hong Kong", "Asia/Hong_Kong", "Hong Kong", "Tsuen Wan"),
    "IE": ("Ireland", "Europe/Dublin", "Dublin", "Portlaoise"),
    "IN": ("India", "Asia/Kolkata", "Delhi", "Bengaluru"),
    "IT": ("Italy", "Europe/Rome", "Bergamo", "Bologna"),
    "JO": ("Jordan", "Asia/Amman", "Amman", "Zarqa"),
    "JP": ("Japan", "Asia/Tokyo", "Narita", "Osaka"),
    "KW": ("Kuwait", "Asia/Kuwait", "Kuwait City", "Shuwaikh"),
    "LB": ("Lebanon", "Asia/Beirut", "Beirut", "Tripoli"),
    "MA": ("Morocco", "Africa/Casablanca", "Casablanca", "Rabat"),
    "MX": ("Mexico", "America/Mexico_City", "Mexico City", "Guadalajara"),
    "NL": ("Netherlands", "Europe/Amsterdam", "Schiphol", "Eindhoven"),
    "NZ": ("New Zealand", "Pacific/Auckland", "Auckland", "Christchurch"),
    "OM": ("Oman", "Asia/Muscat", "Muscat", "Sohar"),
    "PK": ("Pakistan", "Asia/Karachi", "Karachi", "Lahore"),
    "PL": ("Poland", "Europe/Warsaw", "Warsaw", "Lodz"),
    "QA": ("Qatar", "Asia/Qatar", "Doha", "Al Rayyan"),
    "SA": ("Saudi Arabia", "Asia/Riyadh", "Jeddah", "Riyadh"),
    "SE": ("Sweden", "Europe/Stockholm", "Stockholm", "Malmo"),
    "SG": ("Singapore", "Asia/Singapore", "Changi", "Tuas"),
    "TR": ("Turkey", "Europe/Istanbul", "Istanbul", "Ankara"),
    "US": ("United States", "America/New_York", "Louisville", "Chicago"),
    "ZA": ("South Africa", "Africa/Johannesburg", "Johannesburg", "Cape Town"),
}

#: Cities that scans show with a state, or that keep another time than their country's row.
_CITIES: Final[dict[tuple[str, str], tuple[str, str]]] = {
    ("US", "atlanta"): ("GA", "America/New_York"),
    ("US", "austin"): ("TX", "America/Chicago"),
    ("US", "boston"): ("MA", "America/New_York"),
    ("US", "brooklyn"): ("NY", "America/New_York"),
    ("US", "chicago"): ("IL", "America/Chicago"),
    ("US", "dallas"): ("TX", "America/Chicago"),
    ("US", "denver"): ("CO", "America/Denver"),
    ("US", "houston"): ("TX", "America/Chicago"),
    ("US", "los angeles"): ("CA", "America/Los_Angeles"),
    ("US", "louisville"): ("KY", "America/New_York"),
    ("US", "miami"): ("FL", "America/New_York"),
    ("US", "minneapolis"): ("MN", "America/Chicago"),
    ("US", "new york"): ("NY", "America/New_York"),
    ("US", "philadelphia"): ("PA", "America/New_York"),
    ("US", "phoenix"): ("AZ", "America/Phoenix"),
    ("US", "portland"): ("OR", "America/Los_Angeles"),
    ("US", "san diego"): ("CA", "America/Los_Angeles"),
    ("US", "san francisco"): ("CA", "America/Los_Angeles"),
    ("US", "seattle"): ("WA", "America/Los_Angeles"),
    ("US", "washington"): ("DC", "America/New_York"),
    ("CA", "calgary"): ("AB", "America/Edmonton"),
    ("CA", "hamilton"): ("ON", "America/Toronto"),
    ("CA", "mississauga"): ("ON", "America/Toronto"),
    ("CA", "montreal"): ("QC", "America/Toronto"),
    ("CA", "toronto"): ("ON", "America/Toronto"),
    ("CA", "vancouver"): ("BC", "America/Vancouver"),
    ("AU", "brisbane"): ("QLD", "Australia/Brisbane"),
    ("AU", "melbourne"): ("VIC", "Australia/Melbourne"),
    ("AU", "perth"): ("WA", "Australia/Perth"),
    ("AU", "sydney"): ("NSW", "Australia/Sydney"),
}


@lru_cache(maxsize=4096)
def spot(city: str, country: str) -> Spot:
    """A city with its zone. Unknown cities keep their country's time, unknown countries UTC."""
    country = country.strip().upper()
    known = _CITIES.get((country, city.strip().lower()))
    if known is not None:
        return Spot(city.strip(), country, region=known[0], zone=known[1])
    row = _COUNTRIES.get(country)
    return Spot(city.strip(), country, zone=row[1] if row else "UTC")


def route(origin: Spot, destination: Spot) -> dict[Role, Spot]:
    """The parcel's places by their part in its journey."""
    return {
        Role.ORIGIN: origin,
        Role.HUB: _hub(origin, inbound=False),
        Role.DESTINATION_HUB: _hub(destination, inbound=True),
        Role.DESTINATION: destination,
    }


def _hub(near: Spot, *, inbound: bool) -> Spot:
    row = _COUNTRIES.get(near.country)
    return near if row is None else spot(row[3] if inbound else row[2], near.country)
