"""Which column of a file is which of our fields: by the names a reader knows, then by the user's profile."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from costlab.bills.reading.meaning import CreditRules
from costlab.bills.reading.profile import Profile
from costlab.errors import InputError
from costlab.model.numbers import Problem

_BRACKETS = re.compile(r"\((.*?)\)|\[(.*?)\]")
_LABEL = re.compile(
    r"^\s*(?:(?:метка|лейбл|тег|label|tag|user|labels|tags)\s*[:./]\s*|"
    r"resource_?tags(?:/user:|_user_|[/_]))(\S.*?)\s*$",
    re.IGNORECASE,
)
_TAIL = re.compile(r" (?:(?:с|включая|в т ч) ндс|(?:incl|including|with) vat|руб(?:лей|ли|ль)?|rub|kzt|тенге|тг|р)$")
_WITHOUT_VAT = re.compile(
    r"без\s+(?:уч[её]та\s+)?(?:ндс|налог\w*)|не\s+включ\w+\s+(?:ндс|налог\w*)|до\s+(?:ндс|налог\w*)|"
    r"(?:ндс|налог\w*)\s+не\s+(?:включ|уч[её]?т|вход)\w*|"
    r"(?:excl\w*|without|ex|before|w/o)[.\s-]+(?:vat|tax\w*)|(?:vat|tax\w*)\s+(?:not\s+incl|excl)\w*|"
    r"\bpre-?tax\b|\buntaxed\b|\bnet\b",
    re.IGNORECASE,
)
CURRENCIES = {"₽": "RUB", "руб": "RUB", "rub": "RUB", "₸": "KZT", "kzt": "KZT", "тенге": "KZT", "тг": "KZT"}


@dataclass(frozen=True)
class Names:
    """The names a reader knows, normalised by `normal`."""

    strong: dict[str, str]
    """Name → field."""
    weak: dict[str, tuple[str, ...]]
    """Name → the fields it may be, tried in order among those no better name has taken."""
    required: tuple[str, ...]
    known: frozenset[str]
    """Names of columns that are of no use to us: they are not reported as unknown."""

    @cached_property
    def tight(self) -> dict[str, str]:
        """Names without spaces → field."""
        return {name.replace(" ", ""): field for name, field in self.strong.items()}


@dataclass(frozen=True)
class Rules:
    """What the rows of a format mean beyond the names of their columns."""

    currency: str = "RUB"
    """The currency of a file that does not say it; "" when nobody can know."""
    utc: bool = False
    """Moments without an offset are in UTC, whatever the clock of the days."""
    spans: bool = False
    """A cell of the day may name a week, a month, a year or two days."""
    month_bounds: tuple[str, ...] = ()
    """Headers of columns that hold the bounds of billing months: they prove the order of day and month."""
    provider_columns: tuple[str, ...] = ()
    """Headers of the columns that name the provider, the surest first."""
    dates: str = ""
    """`mdy` or `dmy`: the order of 01/02/2026 where nothing in the file decides, as the provider documents it."""
    signed: bool = False
    """What is paid is positive by the format's definition, also in a file of nothing but refunds."""
    any_code: bool = False
    """A currency's code of two to four capitals stands as it is, though it be none of ISO 4217."""
    meaning: Callable[[Sequence[str]], CreditRules] | None = None
    """What the typed rows mean beyond their columns; asked with the names of the charges' columns."""
    likely: int = 0
    """Of formats that fit a header equally, the highest is the nearest: the one whose header varies most."""
    documents: bool = False
    """The rows are lines of documents, to compare charges with; they are no charges and never stored as such."""


@dataclass(frozen=True)
class Layout:
    """Where each field stands."""

    fields: dict[str, list[int]]
    """Field → columns; more than one when several have its name."""
    labels: dict[str, int] = field(default_factory=dict)
    """Key of a label → column."""
    ignored: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    unit: str = ""
    """Unit that the header of the quantity names in brackets or after a comma."""
    currency: str = ""
    """Currency that the header of the amount names."""
    required: tuple[str, ...] = ()
    """Fields a row must fill."""
    without_vat: bool = False
    """The amounts are without VAT: their header says so, or the profile does."""

    @property
    def score(self) -> int:
        """How much a row looks like the header: one with every required field beats any other."""
        return (0 if self.missing else 1000) + len(self.fields) * 10 + len(self.labels)


def normal(name: str) -> str:
    r"""A column name for comparing: case, ё, spaces, punctuation and a VAT or currency at its end do not matter.

    >>> normal("\ufeff ID  ресурса "), normal("Стоимость с НДС, ₽"), normal("resource_id"), normal("Ед. изм.")
    ('id ресурса', 'стоимость', 'resource id', 'ед изм')
    """
    text = unicodedata.normalize("NFKC", name).replace("\ufeff", "").casefold().replace("ё", "е")
    text = " ".join(re.sub(r"[\W_]+", " ", text).split())
    while (shorter := _TAIL.sub("", text)) != text:
        text = shorter
    return text


@lru_cache(maxsize=10_000)
def _forms(header: str) -> list[str]:
    """A header in full, without brackets, and without what follows a comma."""
    if _WITHOUT_VAT.search(header):
        return [normal(header)]
    bare = _BRACKETS.sub(" ", header)
    inside = [a or b for a, b in _BRACKETS.findall(header)][-1:]  # Kosten (Cost): a localised report names both
    return list(dict.fromkeys(normal(h) for h in (header, bare, bare.partition(",")[0], *inside)))


def _strong(header: str, known: Names) -> str | None:
    """The field a header names: by a name in any case and punctuation, then without its spaces (`usageDate`)."""
    forms = _forms(header)
    found = next((known.strong[f] for f in forms if f in known.strong), None)
    return found or next((known.tight[t] for f in forms if (t := f.replace(" ", "")) in known.tight), None)


def names(
    columns: dict[str, tuple[str, ...]],
    weak: dict[str, tuple[str, ...]],
    required: tuple[str, ...],
    known: Sequence[str],
) -> Names:
    """The names of a reader, ready for comparing."""
    strong = {normal(n): name for name, synonyms in columns.items() for n in synonyms}
    return Names(strong, {normal(n): f for n, f in weak.items()}, required, frozenset(map(normal, known)))


def layout(header: Sequence[str], known: Names, profile: Profile | None = None) -> Layout:
    """Where each field stands in a header; the profile decides before any name does."""
    taken = _chosen(header, profile)
    used = {columns[0] for columns in taken.values()}
    chosen = set(taken)
    labels: dict[str, int] = {}
    for index, text in enumerate(header):
        found = _strong(text, known)
        if index in used:
            continue
        if found is not None:
            used.add(index)
            if found not in chosen:
                taken.setdefault(found, []).append(index)
        elif match := _LABEL.match(text.replace("\ufeff", "")):
            used.add(index)
            labels.setdefault(match[1], index)
    net = [i for i, h in enumerate(header) if i not in used and _names_net_amount(h, known)]
    if net and "amount" in known.required:
        used.update(net)
        taken |= {"net_amount": net[:1]} if "amount" in taken else {"amount": net}
    if len(taken.get("vat_amount", ())) > 1:  # НДС beside Сумма НДС: the longer name is that of the money
        taken["vat_amount"] = [max(taken["vat_amount"], key=lambda i: len(normal(header[i])))]
    for index, text in enumerate(header):
        options = next((known.weak[f] for f in _forms(text) if f in known.weak), ())
        free = next((o for o in options if o not in taken), None)
        if index not in used and free is not None:
            used.add(index)
            taken[free] = [index]
    tagged = {k: i for k, h in (profile.tags if profile else {}).items() for i, x in enumerate(header) if _same(x, h)}
    used.update(tagged.values())
    labels |= tagged
    ignored = tuple(h for i, h in enumerate(header) if i not in used and h.strip() and not known.known & set(_forms(h)))
    missing = tuple(r for r in known.required if r not in taken)
    quantity, amount = (header[taken[f][0]] if f in taken else "" for f in ("quantity", "amount"))
    said = profile.vat if profile else None
    named = (
        bool(_WITHOUT_VAT.search(amount)) and _strong(amount, known) != "amount"
    )  # a format's own name means its own
    without_vat = said == "excluded" or (said is None and named)
    return Layout(
        taken, labels, ignored, missing, _in_brackets(quantity), _currency(amount), known.required, without_vat
    )


def _names_net_amount(header: str, known: Names) -> bool:
    """Whether a header names the amount but for the VAT that is not in it.

    >>> _names_net_amount("Сумма без НДС, ₽", names({"amount": ("Сумма",)}, {}, ("amount",), ()))
    True
    """
    bare, times = _WITHOUT_VAT.subn(" ", header)
    return bool(times) and not known.known & set(_forms(header)) and _strong(bare, known) == "amount"


def columns_taken(header: Sequence[str], seen: Layout) -> dict[str, str]:
    """Our field (`label:env` for a label's own column) → the header taken for it."""
    fields = {name: header[places[0]].strip() for name, places in seen.fields.items()}
    return fields | {f"label:{key}": header[place].strip() for key, place in seen.labels.items()}


def _chosen(header: Sequence[str], profile: Profile | None) -> dict[str, list[int]]:
    """The fields whose columns a profile names."""
    wanted = profile.columns if profile else {}
    chosen = {name: [i for i, h in enumerate(header) if _same(h, text)][:1] for name, text in wanted.items()}
    return {name: columns for name, columns in chosen.items() if columns}


def _same(header: str, wanted: str) -> bool:
    return " ".join(header.replace("\ufeff", "").split()) == " ".join(wanted.split())


def _in_brackets(header: str) -> str:
    """The unit a header names: `Количество, ГБ·ч` or `Quantity (GB·h)`."""
    match = _BRACKETS.search(header)
    unit = (match[1] or match[2] or "") if match else header.partition(",")[2]
    return unit.strip()


def currency_code(text: str, *, any_code: bool = False) -> str:
    """The ISO code a cell means; "" when it is none. `any_code` takes two to four capitals as they are.

    >>> currency_code("руб."), currency_code("usd"), currency_code("12")
    ('RUB', 'USD', '')
    """
    code = CURRENCIES.get(text.casefold().rstrip("."), text.upper())
    return code if re.fullmatch("[A-Z]{2,4}" if any_code else "[A-Z]{3}", code) else ""


def _currency(header: str) -> str:
    words = re.findall(r"[₽₸]|\w+", header.casefold())
    return next((CURRENCIES[w] for w in words if w in CURRENCIES), "")


def score(known: Sequence[Names], profile: Profile | None) -> Callable[[list[str]], int]:
    """How much a row looks like the header of any of these readers."""
    return lambda cells: max((layout(cells, n, profile).score for n in known), default=0)


def check_profile(header: Sequence[str], profile: Profile | None, source: str, line: int) -> None:
    """Refuse a profile that names columns the file does not have."""
    named = [*profile.columns.items(), *((f"tags.{k}", h) for k, h in profile.tags.items())] if profile else []
    absent = [(f, h) for f, h in named if not any(_same(x, h) for x in header)]
    seen = ", ".join(h for h in header if h.strip())[:500]
    if absent:
        raise InputError(
            *(
                Problem(code="profile_header", source=source, line=line, args={"field": f, "header": h, "seen": seen})
                for f, h in absent
            )
        )
