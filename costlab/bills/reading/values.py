"""What a cell's text means: numbers, days and labels. A whole column decides how its cells are written.

A number's *shape* is its text with every digit as 9. A million cells have a few dozen shapes, so the shapes decide the
decimal sign, and which cells SQL may convert by itself; the rest are read here, one by one. No float is involved.
"""

import ast
import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from itertools import pairwise
from typing import Any

from costlab.model.bill import DECIMALS

BESIDE = ("net_amount", "vat_amount")
"""Columns that the amount is checked with (vat.py): what they hold never makes a row unreadable."""
SCALES = dict.fromkeys(("amount", "bonus", "quantity", "list_cost", "effective_cost", *BESIDE), DECIMALS)
"""Columns that hold numbers, and how many decimals they keep."""
MAX_WHOLE = 15
_SPACES = " \u00a0\u202f\u2009\u2007'’"
_EDGES = _SPACES[:-2] + "\t\r\n\ufeff"
_EMPTY = {"", "-", "—", "–", "−", "null", "none", "n/a", "na", "нет"}
_SIGNS = {
    "RUB": r"₽|руб(?:лей|ля|ль)?\.?|р\.|rub|rur", "KZT": r"₸|kzt|тенге|тг\.?", "USD": r"us\$|\$|usd", "EUR": "€|eur",
    "GBP": "£|gbp", "CNY": "¥|cny",
}  # fmt: skip
_CURRENCY = re.compile("|".join(f"(?P<{code}>{signs})" for code, signs in _SIGNS.items()), re.IGNORECASE)
_MARKED = re.compile(rf"[+-]?9+(?:[{_SPACES}.,]9+)*\Z")
_GROUP = 3
_EPOCH = date(1899, 12, 30)
_FIRST_YEAR, _LAST_YEAR = 2010, 2100
_PERIOD, _FAR = 3, timedelta(days=732)
_MONTHS = {
    m: n
    for n, ms in enumerate(
        ("янв jan", "фев feb", "мар mar", "апр apr", "мая май may", "июн jun", "июл jul", "авг aug", "сен sep",
         "окт oct", "ноя nov", "дек dec"), start=1,
    )
    for m in ms.split()
}  # fmt: skip
_ISO = re.compile(r"(\d{4})[-./](\d\d?)[-./](\d\d?)(?:[T ]+(.*))?\Z")
_SHORT = re.compile(r"(\d{1,2})([-./])(\d{1,2})\2(\d{4}|\d\d)(?:[T ,]+(.*))?\Z")
_WORDS = re.compile(
    r"(?:(\d{1,2}) ([а-яa-z]+)\.?|([а-яa-z]+)\.? (\d{1,2})),? (\d{4})(?: ?г\.?(?:ода)?)?\Z", re.IGNORECASE
)
_TIME = re.compile(r"(\d\d?):(\d\d)(?::(\d\d)(?:[.,]\d+)?)?\s*(Z|[+-]\d\d:?\d\d)?\Z")
_PAIR = re.compile(r"\s*[\"']?([^=:;,\"']+?)[\"']?\s*[=:]\s*(\"[^\"]*\"|'[^']*'|[^;,]*)\s*(?:[;,|\n]|\Z)")
_MAX_LABELS = 20_000


@dataclass
class Votes:
    """How many cells of a column prove a decimal sign; `open` is a text that could be either."""

    comma: int = 0
    point: int = 0
    open: str = ""
    opened: int = 0
    """How many such cells."""
    cells: int = 0
    """Cells that look like numbers."""
    grouped: bool = False
    """Thousands are grouped somewhere with the other sign."""
    ungrouped: bool = False
    """Thousands stand ungrouped somewhere."""

    @property
    def decimal(self) -> str:
        """The sign most cells prove; "" when none does."""
        return "" if self.comma == self.point else "," if self.comma > self.point else "."

    @property
    def undecided(self) -> bool:
        """Whether so many cells are open that the column cannot be read; a single one costs its row only."""
        return self.opened > max(1, self.cells // 1000) or 0 < self.opened == self.cells


def shape_sql(column: str) -> str:
    """SQL for the shape of a cell."""
    return f"translate({column}, '012345678', '999999999')"


def votes(shapes: Iterable[tuple[str, bool, int]]) -> Votes:
    """What the shapes of a column (shape, begins with 0, count) prove."""
    found = Votes()
    for shape, zero, count in shapes:
        body = _bare(shape)
        if not _MARKED.match(body):
            continue
        marks = [c for c in body if c in ",."]
        last = marks[-1] if marks else ""
        other = "," if last == "." else "."
        whole, _, decimals = body.lstrip("+-").rpartition(last) if last else (body.lstrip("+-"), "", "")
        found.cells += count
        found.ungrouped |= re.match(r"9{4,}", body.lstrip("+-")) is not None
        if not marks:
            continue
        if marks.count(last) > 1:  # 9,999,999
            _vote(found, other, count)
            found.grouped = True
        elif other in marks:
            _vote(found, last, count)
            found.grouped = True
        elif len(decimals) == _GROUP and len(whole) <= _GROUP and not zero:
            if last == ",":
                found.open, found.opened = shape, found.opened + count
        else:
            _vote(found, last, count)
    return found


def _vote(found: Votes, sign: str, count: int) -> None:
    found.comma += count * (sign == ",")
    found.point += count * (sign == ".")


def _bare(text: str) -> str:
    """A number's text without edges, currency and typographic minus."""
    return _CURRENCY.sub("", text.strip(_EDGES)).strip(_EDGES).replace("−", "-").replace("–", "-")


def currency_of(text: str) -> str:
    """The currency a cell names beside its number; "" when it names none.

    >>> currency_of("1 200 ₽"), currency_of("$3.11"), currency_of("7")
    ('RUB', 'USD', '')
    """
    match = _CURRENCY.search(text)
    return (match.lastgroup or "") if match else ""


@dataclass(frozen=True)
class Notation:
    """How the numbers of a column are written."""

    decimal: str
    groups: bool
    """Whether `1,234` may be 1234 where the point is the decimal sign (and the other way round)."""
    scale: int

    def parse(self, text: str) -> Decimal | None:
        """The number a text means; None when it means none. Raises `ValueError` when it is not empty and no number."""
        bare = _bare(text)
        if bare.casefold() in _EMPTY:
            return None
        sign = ""
        if bare.startswith("(") and bare.endswith(")"):
            sign, bare = "-", bare[1:-1]
        elif bare.endswith("-"):
            sign, bare = "-", bare[:-1].rstrip(_EDGES)
        other = re.escape("," if self.decimal == "." else ".")
        decimal = re.escape(self.decimal)
        grouped = (
            rf"\d{{1,3}}(?:{other}\d{{3}}){'+' if self.groups else '{2,}'}|\d{{1,3}}(?:{other}\d{{3}})+(?={decimal})"
        )
        whole = rf"(?:\d{{1,3}}(?:[{_SPACES}]\d{{3}})+|{grouped}|\d+)"
        if not re.fullmatch(rf"[+-]?{whole}?(?:{decimal}\d*)?(?:[eE][+-]?\d{{1,3}})?", bare, re.ASCII):
            raise ValueError(text)
        number = re.sub(rf"[{_SPACES}]|{other}", "", bare).replace(self.decimal, ".")
        if not any(c.isdigit() for c in number.lower().partition("e")[0]) or (sign and number.startswith("-")):
            raise ValueError(text)
        return Decimal(sign + number)

    def kept(self, number: Decimal) -> bool:
        """Whether the column holds every digit."""
        exact = number.normalize() if number else Decimal(0)
        exponent = exact.as_tuple().exponent
        return isinstance(exponent, int) and -exponent <= self.scale and exact.adjusted() < MAX_WHOLE

    def canonical(self, text: str) -> str | None:
        """Digits with a point; "" for an empty cell; None for what is no number, or not kept exactly."""
        try:
            number = self.parse(text)
        except (ValueError, ArithmeticError):
            return None
        if number is None:
            return ""
        return f"{number.normalize() if number else 0:f}" if self.kept(number) else None

    def kind(self, shape: str) -> str:
        """`plain`: SQL changes the decimal sign; `clean`: it drops spaces and currency too; `slow`: for `canonical`."""
        if not shape or re.fullmatch(rf"-?9{{1,{MAX_WHOLE}}}(?:{re.escape(self.decimal)}9{{1,{self.scale}}})?", shape):
            return "plain"
        odd = any(c in shape for c in "()eE") or _bare(shape).endswith("-")
        return "slow" if odd or not self.canonical(shape) or self._cleaned(shape) != self.canonical(shape) else "clean"

    def _cleaned(self, text: str) -> str:
        """What `clean_sql` makes of a text."""
        other = "," if self.decimal == "." else "."
        digits = re.sub("[^0-9.,-]", "", text.replace("−", "-").replace("–", "-"))
        number = digits.rstrip(".,").replace(other, "").replace(self.decimal, ".")
        return number if "." not in number else number.rstrip("0").rstrip(".")

    def clean_sql(self, column: str) -> str:
        """SQL that makes a `clean` cell canonical."""
        other = "," if self.decimal == "." else "."
        digits = f"regexp_replace(translate({column}, '−–', '--'), '[^0-9.,-]', '', 'g')"
        return f"replace(replace(rtrim({digits}, '.,'), '{other}', ''), '{self.decimal}', '.')"


def day_order(texts: Sequence[str]) -> tuple[str, str]:
    """`dmy` or `mdy` for dates with slashes, "" when nothing decides; and a text that could be either.

    A few such texts among dates of another form are no reason to refuse a column: those rows are.
    """
    first = second = slashed = 0
    example = ""
    for text in texts:
        match = _SHORT.match(text.strip(_EDGES))
        if match and match[2] != ".":
            a, b = int(match[1]), int(match[3])
            slashed += 1
            first += a > 12 >= b  # noqa: PLR2004 (months)
            second += b > 12 >= a  # noqa: PLR2004
            example = text if a != b else example
    order = "" if first == second else "dmy" if first > second else "mdy"
    return order, example if slashed * 2 > len(texts) else ""


def stray_days(days: Iterable[date]) -> set[date]:
    """Days that lie years away from most days of a file: a mistyped year, not a part of the period."""
    ordered = sorted(set(days))
    if len(ordered) < _PERIOD:
        return set()
    cuts = [0, *(n for n, (a, b) in enumerate(pairwise(ordered), start=1) if b - a > _FAR), len(ordered)]
    parts = [ordered[a:b] for a, b in pairwise(cuts)]
    most = max(parts, key=len)
    return set(ordered) - set(most) if len(most) * 2 > len(ordered) else set()


def parse_day(
    text: str, order: str, offset: Callable[[], timedelta], *, serial: date | bool
) -> tuple[date, bool] | None:
    """The day a cell means on the region's clock, and whether a time of day was dropped; None for no day.

    `offset` is asked only for a day that carries a UTC offset. `serial` lets a bare number be a day of a spreadsheet's
    calendar: the day of its number 0, or True for that of Excel on Windows.
    """
    text = text.strip(_EDGES)
    clock = ""
    try:
        if match := _ISO.match(text):
            day, clock = date(int(match[1]), int(match[2]), int(match[3])), match[4] or ""
        elif match := _SHORT.match(text):
            a, b, year = int(match[1]), int(match[3]), int(match[4])
            if not order and match[2] != "." and a != b and max(a, b) <= 12:  # noqa: PLR2004
                return None
            month_first = match[2] != "." and (order == "mdy" or (not order and b > 12))  # noqa: PLR2004
            day = date(year + 2000 * (year < 100), a if month_first else b, b if month_first else a)  # noqa: PLR2004
            clock = match[5] or ""
        elif match := _WORDS.match(text):
            month = _MONTHS.get((match[2] or match[3]).casefold()[:3], 0)
            day = date(int(match[5]), month, int(match[1] or match[4]))
        elif re.fullmatch(r"(?:19|20)\d{6}", text, re.ASCII):
            day = date(int(text[:4]), int(text[4:6]), int(text[6:]))
        elif serial and (match := re.fullmatch(r"([345]\d{4})(?:\.\d+)?", text, re.ASCII)):
            day = (serial if isinstance(serial, date) else _EPOCH) + timedelta(days=int(match[1]))
        else:
            return None
        found = _with_clock(day, clock.strip(), offset)
    except (ValueError, OverflowError):
        return None
    return found if found and _FIRST_YEAR <= found[0].year < _LAST_YEAR else None


def _with_clock(day: date, clock: str, offset: Callable[[], timedelta]) -> tuple[date, bool] | None:
    if not clock:
        return day, False
    match = _TIME.match(clock)
    if not match:
        return None
    hour, minute, second = (int(match[n] or 0) for n in (1, 2, 3))
    moment = datetime(day.year, day.month, day.day, hour, minute, second)  # noqa: DTZ001 (the region's clock)
    if match[4]:
        zone = datetime.strptime("+0000" if match[4] == "Z" else match[4].replace(":", ""), "%z").tzinfo
        moment = moment.replace(tzinfo=zone).astimezone(timezone(offset()))
    return moment.date(), (moment.hour, moment.minute, moment.second) != (0, 0, 0)


def labels_json(cell: str, keys: Sequence[str] = (), values: Sequence[str] = ()) -> tuple[str, bool]:
    """Labels of a row as a JSON object, from a JSON-like cell and from a column for each key; False when unreadable."""
    found, good = _labels(cell.strip(_EDGES))
    found |= {k: v.strip(_EDGES) for k, v in zip(keys, values, strict=True) if v.strip(_EDGES)}
    return (json.dumps(dict(sorted(found.items())), ensure_ascii=False) if found else "{}"), good


def _labels(text: str) -> tuple[dict[str, str], bool]:
    if text.casefold() in _EMPTY or text in ("{}", "[]"):
        return {}, True
    if len(text) <= _MAX_LABELS:
        for form in (text, f"{{{text}}}"):
            for read in (_json, ast.literal_eval):
                try:
                    data = _flat(read(form))
                except KeyError:  # a key said twice: which of the two holds, nobody knows
                    return {"_raw": text}, False
                except (ValueError, SyntaxError, RecursionError, MemoryError, TypeError):
                    continue
                if data is not None:
                    return data, True
        pairs, rest = {}, text.strip("{}[] ")
        while rest and (match := _PAIR.match(rest)):
            pairs[match[1].strip()] = match[2].strip().strip("\"'")
            rest = rest[match.end() :]
        if pairs and not rest.strip():
            return pairs, True
    return {"_raw": text[:_MAX_LABELS]}, False


def _json(text: str) -> Any:
    """JSON whose objects say no key twice; raises `KeyError` where one does."""
    return json.loads(text, object_pairs_hook=_once, parse_float=str)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise KeyError
    return found


def _flat(data: Any) -> dict[str, str] | None:
    """A mapping, or a list of `{key, value}`, as text to text."""
    if isinstance(data, list) and all(isinstance(d, dict) for d in data):
        pairs = [(d.get("key", d.get("name")), d.get("value", "")) for d in data]
        data = dict(pairs) if all(k is not None for k, _ in pairs) else None
    if not isinstance(data, dict):
        return None
    return {str(k): v if isinstance(v, str) else json.dumps(v, ensure_ascii=False) for k, v in data.items()}
