"""Golden contracts: `contracts/<case>/` holds `deal/`, an `estimate.yaml` or `bill.csv` (or both), `expected.json`.

`expected.json` says how its figures were `worked` out by hand, then for a bill `delta` and `causes`, for an estimate
`total` and `agreed` (`total_low`, `total_high`), and the warnings `told`; for a contract that is refused every sentence
in both languages, `en` and `ru`, without the folder.
"""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from costlab.bills import read_bills
from costlab.catalog.contract import with_contract
from costlab.catalog.loading import load_catalog
from costlab.compare.reconcile import reconcile_bill
from costlab.errors import InputError, sentence
from costlab.estimate.advice import CODES
from costlab.estimate.charges import estimate_cost
from costlab.inventory.sources.estimate_file import read_estimate
from costlab.model.numbers import Problem

FOLDER = Path(__file__).parent / "contracts"
CASES = sorted(p.parent for p in FOLDER.glob("*/expected.json"))


def expected(folder: Path) -> dict:  # type: ignore[type-arg]
    return json.loads((folder / "expected.json").read_text(encoding="utf-8"))


def check_told(problems: tuple[Problem, ...], wanted: list[str]) -> None:
    told = [sentence(p, "en") for p in problems if p.code not in CODES]
    assert len(told) == len(wanted), told
    for line, words in zip(told, wanted, strict=True):
        assert words in line


@pytest.mark.parametrize("folder", [c for c in CASES if (c / "bill.csv").exists()], ids=lambda c: c.name)
def test_a_bill_under_a_contract(folder: Path) -> None:
    wanted = expected(folder)
    catalog = with_contract(load_catalog(), folder / "deal")
    estimate = folder / "estimate.yaml"
    scenario = read_estimate(estimate) if estimate.exists() else None
    comparison = reconcile_bill(read_bills([folder / "bill.csv"]), catalog=catalog, scenario=scenario)
    causes = {k: v for k, v in comparison.causes.items() if v or k in wanted["causes"]}
    assert (comparison.delta, causes) == (
        Decimal(wanted["delta"]),
        {k: Decimal(v) for k, v in wanted["causes"].items()},
    )
    check_told(comparison.problems, wanted["told"])


@pytest.mark.parametrize(
    "folder", [c for c in CASES if (c / "estimate.yaml").exists() and "total" in expected(c)], ids=lambda c: c.name
)
def test_an_estimate_under_a_contract(folder: Path) -> None:
    wanted = expected(folder)
    found = estimate_cost(
        read_estimate(folder / "estimate.yaml"), catalog=with_contract(load_catalog(), folder / "deal")
    )
    assert found.total == Decimal(wanted["total"])
    assert found.agreed == {k: Decimal(v) for k, v in wanted["agreed"].items()}
    for end in ("total_low", "total_high"):
        assert getattr(found, end) == (Decimal(wanted[end]) if end in wanted else None)
    check_told(found.problems, wanted["told"])


@pytest.mark.parametrize("folder", [c for c in CASES if "en" in expected(c)], ids=lambda c: c.name)
def test_a_contract_is_refused_in_its_own_words(folder: Path) -> None:
    wanted = expected(folder)
    with pytest.raises(InputError) as caught:
        with_contract(load_catalog(), folder / "deal")
    for language in ("en", "ru"):
        told = [sentence(p, language) for p in caught.value.problems]
        assert [line[line.index("deal.yaml") :] for line in told] == wanted[language]
