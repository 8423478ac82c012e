"""What a question says of itself: the comment at the head of its SQL file, read as YAML.

The file is all there is of a question: its title, its columns and their words in both languages stand above the query,
so that no face has to know the question by its name.
"""

from functools import cache
from importlib.resources import files
from typing import Any, Literal

import ryaml
from pydantic import Field, ValidationError, model_validator

from costlab.model.numbers import Record, Text

Kind = Literal["text", "state", "money", "change", "count", "date", "quantity", "price", "share", "hidden"]
"""What a column holds: `state` is one of the question's own words, `change` money with its sign, `hidden` is for
programs only."""
Parameter = Literal["by", "grain", "top", "months", "days"]
_COMMENT = "--"


class Column(Record):
    """A column of an answer. A header may give the kind alone where the title is known: `service: text`."""

    kind: Kind = "text"
    en: str = ""
    ru: str = ""
    empty: Text | None = None
    """What is read in place of an empty value; of a text, not in a row that stands for no resource."""

    @model_validator(mode="before")
    @classmethod
    def _kind_alone(cls, given: Any) -> Any:
        return {"kind": given} if isinstance(given, str) else given

    @property
    def title(self) -> Text | None:
        """The column's own title; None where many questions have this column."""
        return Text(en=self.en, ru=self.ru) if self.en else None


class Word(Text):
    """A value of a `state` column, and why a row has it; `{days}` and `{n}` (quiet rows) are filled in."""

    why: Text | None = None


class Question(Record):
    """The head of a question."""

    title: Text
    short: Text
    """As a tab of the page."""
    about: Text
    """One sentence on what to expect."""
    reads: str
    """Relations the query needs: `asked`, and what `needs` makes."""
    rule: str
    """By which rule the rows are made; for readers of the file."""
    takes: tuple[Parameter, ...] = ()
    """What may be chosen: dimensions, a grain, how many rows, two months, a number of days."""
    needs: tuple[str, ...] = ()
    """Relations beside `asked`, by the names of `questions/_relations.py`."""
    then: str = ""
    """What is made of the rows afterwards, by its name in `questions/_relations.py`."""
    adds_up: Literal["rows", "months", "each_row", "nothing"] = "rows"
    """How the parts make the whole: Σ amount of the rows; Σ before and Σ after of two months; tagged + untagged of each
    row; or not at all, for what is no partition of the charges."""
    share: str = ""
    """The column whose part of the currency's whole is worth showing."""
    quiet: tuple[str, ...] = ()
    """States that people are only told the number of."""
    columns: dict[str, Column] = Field(min_length=1)
    words: dict[str, Word] = Field(default_factory=dict)


@cache
def card(name: str) -> Question:
    """What a question says of itself. Raises `ValueError` with each fault of a head that is not complete."""
    try:
        return Question.model_validate(ryaml.loads(_parts(name)[0]))
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise ValueError(f"the head of questions/{name}.sql: {faults}") from None
    except ryaml.InvalidYamlError as error:
        raise ValueError(f"the head of questions/{name}.sql is no YAML: {error}") from None


@cache
def sql(name: str) -> str:
    """The query of a question, without its head."""
    return _parts(name)[1]


def _parts(name: str) -> tuple[str, str]:
    lines = files(__package__).joinpath(f"{name}.sql").read_text(encoding="utf-8").splitlines(keepends=True)
    end = next((n for n, line in enumerate(lines) if not line.startswith(_COMMENT)), len(lines))
    return "".join(line.removeprefix(_COMMENT).removeprefix(" ") for line in lines[:end]), "".join(lines[end:])
