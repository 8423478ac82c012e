"""What can be wrong and how we say it. A user's mistake is data (`Problem`); only our own defects are exceptions.

Every message names what is wrong; every remedy says what to do. Both exist in English and Russian. The kind decides
the exit status: an `error` makes the input unusable (2), `unpriced` and `rejected` leave the result incomplete (3), a
`warning` only tells.
"""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from costlab.i18n.messages import MESSAGES, Kind
from costlab.i18n.words import grouped, visible
from costlab.model.numbers import Args, Language, Problem, Text


class InputError(Exception):
    """The input cannot be used; carries every problem found, not only the first."""

    def __init__(self, *problems: Problem) -> None:
        self.problems = problems
        super().__init__("\n".join(sentence(p, "en") for p in problems))


def kind(problem: Problem) -> Kind:
    """What follows from the problem: `error`, `unpriced`, `rejected` (a row of a file) or `warning`."""
    return MESSAGES[problem.code].kind


def message(problem: Problem, language: Language) -> str:
    """What is wrong."""
    return MESSAGES[problem.code].text[language].format_map(_Filled(problem.args, language))


def remedy(problem: Problem, language: Language) -> str:
    """What to do about it."""
    return MESSAGES[problem.code].remedy[language].format_map(_Filled(problem.args, language))


def sentence(problem: Problem, language: Language) -> str:
    """One line for a terminal: `shop.yaml:14: web: what is wrong; what to do`."""
    place = f"{problem.source}:{problem.line}" if problem.line else problem.source
    subject = f"{problem.subject}: " if problem.subject else ""
    return visible(f"{place}: {subject}{message(problem, language)}; {remedy(problem, language)}")


def counted(name: str, count: int, en: str, ru: str) -> dict[str, Text]:
    r"""Arguments of a count and what is counted.

    >>> counted("limit", 2000, "rows", "строк")
    {'limit': Text(en='2,000 rows', ru='2\xa0000 строк')}
    """
    return {name: Text(en=f"{grouped(count, 'en')} {en}", ru=f"{grouped(count, 'ru')} {ru}")}


def near(value: str, allowed: Iterable[str]) -> Args:
    """Arguments `allowed` and `nearest` for a value that is not among the allowed ones."""
    options = list(allowed)
    nearest = get_close_matches(value, options, n=1, cutoff=0.5)
    return {
        "allowed": ", ".join(options) or "—",
        "nearest": Text(
            en=f"did you mean “{nearest[0]}”? " if nearest else "", ru=f"возможно, «{nearest[0]}»? " if nearest else ""
        ),
    }


class _Said(str):
    """An argument; `{rows:n}` in a message groups the digits of a count as its language does."""

    language: Language = "en"
    __slots__ = ()

    def __format__(self, spec: str) -> str:
        return grouped(int(self), self.language) if spec == "n" and self.isdecimal() else str(self)


class _SaidInRussian(_Said):
    language: Language = "ru"
    __slots__ = ()


class _Filled(dict[str, str]):
    """Arguments of a message in its language."""

    def __init__(self, args: Mapping[str, str | Text], language: Language) -> None:
        self._said = _SaidInRussian if language == "ru" else _Said
        super().__init__({k: self._said(v if isinstance(v, str) else v[language]) for k, v in args.items()})

    def __missing__(self, key: str) -> str:
        return self._said("")
