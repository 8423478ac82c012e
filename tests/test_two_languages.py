"""What differs by language is one `Text`: no key has a Russian twin of its own."""

import ast
import json
import pickle
import re
from pathlib import Path
from string import Formatter

import pytest

import costlab
from costlab.errors import counted, message, near, remedy
from costlab.i18n.messages import MESSAGES
from costlab.model.numbers import Problem, Text
from costlab.store import import_bill, open_store, problems_of
from costlab.store.schema import BILL
from costlab.ui.migrate.moving import _bare
from tests.bills import samples

_ROOT = Path(costlab.__file__).parent
_PRICE_LIST_KEYS = {"label_ru"}  # a published file format: price_catalog/*/provider.yaml
_MESSAGE = {"remedy_ru"}  # a field of Message, which holds both languages of a sentence


def _keys(tree: ast.AST) -> set[str]:
    """Every name that ends in `_ru`: of a key, a keyword, a parameter, a variable, or a placeholder in a text."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            names |= set(re.findall(r"\w+", node.value))
        elif isinstance(node, ast.Name):
            names.add(node.id)
        elif isinstance(node, ast.arg | ast.keyword):
            names.add(node.arg or "")
        elif isinstance(node, ast.Attribute):
            names.add(node.attr)
    return {n for n in names if n.endswith("_ru") and n != "_ru"} - _PRICE_LIST_KEYS - _MESSAGE


def test_no_key_has_a_russian_twin() -> None:
    twins = {p.relative_to(_ROOT): _keys(ast.parse(p.read_text())) for p in _ROOT.rglob("*.py")}
    twins |= {p.relative_to(_ROOT): {"_ru"} for p in _ROOT.rglob("*.sql") if '_ru"' in p.read_text()}
    assert {path: names for path, names in twins.items() if names} == {}


def test_an_argument_is_told_in_the_language_of_the_message() -> None:
    problem = Problem(code="unreadable", source="a", args={"reason": Text(en="no such file", ru="нет такого файла")})
    assert "no such file" in message(problem, "en")
    assert "нет такого файла" in message(problem, "ru")
    assert counted("n", 2000, "rows", "строк")["n"] == Text(en="2,000 rows", ru="2\xa0000 строк")
    assert near("stat", ["start"])["nearest"] == Text(en="did you mean “start”? ", ru="возможно, «start»? ")


def test_a_problem_survives_json_and_pickle() -> None:
    problem = Problem(code="syntax", source="a", args={"reason": Text(en="x", ru="икс"), "key": "k"})
    assert Problem.model_validate(json.loads(problem.model_dump_json())) == problem
    assert pickle.loads(pickle.dumps(problem)) == problem  # noqa: S301 (ours)


@pytest.mark.parametrize(
    ("stored", "read"),
    [
        ({"reason": "x", "reason_ru": "икс"}, {"reason": Text(en="x", ru="икс")}),
        (
            {"column": "c", "expected": "a day", "expected_ru": "дата"},
            {"column": "c", "expected": Text(en="a day", ru="дата")},
        ),
        ({"count": "5", "hint": "", "hint_ru": ""}, {"count": "5", "hint": Text(en="", ru="")}),
        ({"lonely_ru": "один"}, {"lonely_ru": "один"}),
        ({"reason": {"en": "x", "ru": "икс"}}, {"reason": Text(en="x", ru="икс")}),
        ({}, {}),
    ],
)
def test_an_old_store_still_reads(stored: dict[str, object], read: dict[str, object], tmp_path: Path) -> None:
    store = open_store(None, tmp_path / "home")
    path = tmp_path / "a.csv"
    path.write_bytes(samples.text([samples.HEADER, *samples.full()]).encode())
    bill = import_bill(store, path).bill
    problem = {"code": "bad_cell", "source": "a.csv", "line": 3, "subject": "", "args": stored}
    with store.engine.begin() as connection:
        connection.execute(BILL.update().values(problems=json.dumps([problem])))
    assert problems_of(store, bill.bill_id) == (Problem(code="bad_cell", source="a.csv", line=3, args=read),)


@pytest.mark.parametrize("code", MESSAGES)
def test_each_message_speaks_one_language(code: str) -> None:
    words = MESSAGES[code]
    names = {
        x: {key for t in (words.text, words.remedy) for _, key, _, _ in Formatter().parse(t[x]) if key}
        for x in ("en", "ru")
    }
    assert not {k for k in names["en"] | names["ru"] if k.endswith("_ru")}
    problem = Problem(
        code=code, source="a", args=dict.fromkeys(names["en"] | names["ru"], Text(en="latin", ru="кирилл"))
    )
    assert "кирилл" not in message(problem, "en") + remedy(problem, "en")
    assert "latin" not in message(problem, "ru") + remedy(problem, "ru")


def test_the_folder_of_a_moment_is_told_in_neither_language() -> None:
    said = {"reason": Text(en="broken: /tmp/x/a.csv", ru="испорчен: /tmp/x/a.csv")}
    bare = _bare(Problem(code="syntax", source="/tmp/x/a.csv", args=said), "/tmp/x")  # noqa: S108 (no file)
    assert bare.args == {"reason": Text(en="broken: a.csv", ru="испорчен: a.csv")}
