"""Who sent a bill, in which region's money and on which region's clock."""

from collections.abc import Callable
from datetime import timedelta

from costlab.bills.readers import Reader
from costlab.bills.reading.profile import Profile
from costlab.catalog.loading import load_catalog, providers
from costlab.model.periods import moment

Clock = Callable[[str, tuple[str, ...]], timedelta]
"""UTC offset of a currency's region, from the currency and what the rows say of their provider."""


def clock(reader: Reader, profile: Profile | None) -> Clock:
    """The clock for days that carry a UTC offset and for moments: the region's of the price list, else UTC."""

    def offset(currency: str, said: tuple[str, ...]) -> timedelta:
        provider = provider_of(reader, profile, said)
        if provider not in providers():
            return timedelta(0)
        regions = load_catalog(provider).provider.regions
        name = region_of(reader, provider, currency)
        return (moment(0, regions[name]).utcoffset() if name in regions else None) or timedelta(0)

    return offset


def provider_of(reader: Reader, profile: Profile | None, said: tuple[str, ...]) -> str:
    """Who sent the bill: the profile says it, else the rows, else it follows from the format."""
    if profile is not None and profile.provider is not None:
        return profile.provider
    return reader.provider(said) if reader.RULES.provider_columns else reader.PROVIDER


def region_of(reader: Reader, provider: str, currency: str) -> str:
    """The region of a provider that bills in a currency; "" when nobody knows."""
    if reader.REGIONS:
        return reader.REGIONS.get(currency, next(iter(reader.REGIONS.values())))
    regions = load_catalog(provider).provider.regions if provider in providers() else {}
    return next((name for name, region in regions.items() if region.currency == currency), "")
