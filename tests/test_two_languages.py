"""What differs by language is one `Text`: no key has a Russian twin of its own."""

import ast
import json
import pickle
import re
from pathlib import Path

import pytest

import costlab
from costlab.errors import counted, message, near, remedy
from costlab.i18n.messages import MESSAGES
from costlab.model.numbers import Problem, Text

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


@pytest.mark.parametrize("code", MESSAGES)
def test_each_message_has_the_same_arguments_in_both_languages(code: str) -> None:
    told: dict[str, set[str]] = {"en": set(), "ru": set()}

    class Asked(dict[str, str]):
        def __init__(self, language: str) -> None:
            self.language = language

        def __missing__(self, key: str) -> str:
            told[self.language].add(key)
            return "0"

    words = MESSAGES[code]
    for language, texts in (("en", (words.en, words.remedy_en)), ("ru", (words.ru, words.remedy_ru))):
        for text in texts:
            text.replace(":n}", "}").format_map(Asked(language))
    assert not {k for k in told["en"] | told["ru"] if k.endswith("_ru")}
    problem = Problem(code=code, source="a", args=dict.fromkeys(told["ru"], Text(en="latin", ru="кирилл")))
    assert "кирилл" not in message(problem, "en") + remedy(problem, "en")
    assert "latin" not in message(problem, "ru") + remedy(problem, "ru")
