"""Golden cases: `cases/<id>/` holds `case.yaml`, `input.yaml` (or `.json`), `expected.json`. A new folder is run.

`case.yaml` says `kind`, `title`, `source` and how the expected amounts were `worked` out by hand. The kinds:

- `estimate`: the input is an estimate file; expected are its total, completeness and the cost of every line;
- `rate`: an SKU of the catalog, a quantity and a period; expected is the cost;
- `flavor`: names; expected is what each says, or null;
- `bill`: a bill; expected are its sum as the file has it, its sign and the rows read;
- `columns`: the two columns of the price list; expected is which of them meet;
- `rule`: a function (of a service module, or by its full path) and its arguments; expected are the results.

Warnings (quotas, flavors, zones) are compared where the expectation names `advice`.
"""

import json
from collections import defaultdict
from datetime import date
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import yaml

from costlab import services
from costlab.bills import read_bill
from costlab.catalog.loading import load_catalog
from costlab.catalog.regimes import SCALE, regimes
from costlab.engine import duckdb
from costlab.estimate.advice import CODES
from costlab.estimate.charges import estimate_cost
from costlab.inventory.sources.estimate_file import read_estimate
from costlab.model.periods import parse_period
from costlab.model.scenario import Estimate
from costlab.services.parts.shapes import parse_flavor

FOLDER = Path(__file__).parent / "cases"
CASES = sorted(p.parent for p in FOLDER.glob("*/case.yaml"))
TODAY = date(2026, 11, 1)


def told(folder: Path) -> dict[str, Any]:
    return yaml.safe_load((folder / "case.yaml").read_text(encoding="utf-8"))


def amounts(found: Estimate, name: str) -> dict[str, list[str]]:
    by_sku: dict[str, list[str]] = defaultdict(list)
    for charge in found.charges:
        by_sku[charge.sku_id].append(f"{getattr(charge, name):f}")
    return dict(by_sku)


def listed(lines: dict[str, str | list[str]]) -> dict[str, list[str]]:
    return {sku: [value] if isinstance(value, str) else value for sku, value in lines.items()}


def check_estimate(folder: Path, expected: dict[str, Any]) -> None:
    found = estimate_cost(read_estimate(next(folder.glob("input.*")), today=TODAY))
    costs = amounts(found, "cost")
    assert costs == listed(expected["lines"])
    for name in ("total", "vat", "total_net", "total_low", "total_high"):
        if name in expected or name in ("total_low", "total_high"):
            value = getattr(found, name)
            assert (None if value is None else str(value)) == expected.get(name), name
    assert found.complete is expected["complete"]
    assert str(found.total) not in expected.get("not", [])
    for sku, other in expected.get("line_not", {}).items():
        assert not set(costs[sku]) & set(other)
    if "raw" in expected:
        assert amounts(found, "raw_cost") == listed(expected["raw"])
    if "quantities" in expected:
        wanted = {sku: [Decimal(q) for q in values] for sku, values in listed(expected["quantities"]).items()}
        assert {s: [Decimal(q) for q in v] for s, v in amounts(found, "quantity").items()} == wanted
    if "resources" in expected:
        assert len(found.resources) == expected["resources"]
    problems = [{"code": p.code, "subject": p.subject, **p.model_dump()["args"]} for p in found.problems]
    advice = [p for p in problems if p["code"] in CODES]
    for problem, wanted_advice in zip(advice, expected["advice"], strict=True) if "advice" in expected else ():
        assert wanted_advice.items() <= problem.items()
    problems = [p for p in problems if p["code"] not in CODES]
    wanted_problems = expected.get("problems", [])
    assert len(problems) == len(wanted_problems), problems
    for problem, wanted_problem in zip(problems, wanted_problems, strict=True):
        assert wanted_problem.items() <= problem.items()
    assert [a.key for a in found.assumptions] == expected.get("assumed", [])


def check_rate(folder: Path, expected: dict[str, Any]) -> None:
    given = yaml.safe_load((folder / "input.yaml").read_text(encoding="utf-8"))
    catalog = load_catalog("vk")
    sku = catalog.by_id[given["sku_id"]]
    period = parse_period(given["period"], catalog.provider, catalog.provider.regions[sku.region], TODAY)
    start, end = (int(m.timestamp()) // 60 for m in (period.start, period.end))
    history = regimes(catalog, sku, given=Decimal(given["given"]) if "given" in given else None)
    row = duckdb.rate([(0, sku.sku_id, start, end, int(Decimal(given["quantity"]) * SCALE))], history)[0]
    cost = f"{Decimal(row.cost).scaleb(-2):f}"
    assert cost == expected["cost"]
    assert cost not in expected.get("not", [])
    if "raw" in expected:
        assert f"{Decimal(row.raw_cost).scaleb(-12):f}" == expected["raw"]


def check_flavor(folder: Path, expected: list[dict[str, Any] | None]) -> None:
    names = yaml.safe_load((folder / "input.yaml").read_text(encoding="utf-8"))["names"]
    for name, fields in zip(names, expected, strict=True):
        found = parse_flavor(name)
        blank = {"cpu": None, "disk_gb": 0, "gpu": "", "gpus": 0, "gpu_memory_gb": 0}
        assert (found._asdict() if found else None) == (None if fields is None else {**blank, **fields}), name


def check_rule(folder: Path, expected: list[str]) -> None:
    given = yaml.safe_load((folder / "input.yaml").read_text(encoding="utf-8"))
    path = given["function"] if given["function"].startswith("costlab.") else f"costlab.services.{given['function']}"
    module, function = path.rsplit(".", 1)
    ask = getattr(import_module(module), function)
    found = [ask(*arguments) for arguments in given["calls"]]
    assert [x if isinstance(x, str) else Decimal(x) for x in found] == [
        text if isinstance(x, str) else Decimal(text) for x, text in zip(found, expected, strict=True)
    ]


def check_bill(folder: Path, expected: dict[str, Any]) -> None:
    found = read_bill(folder / "input.csv")
    told = {"total": f"{found.total:.2f}", "sign": found.sign, "accepted": found.accepted, "rejected": found.rejected}
    assert told == expected


def check_columns(folder: Path, expected: dict[str, Any]) -> None:  # noqa: ARG001 (the catalog is the input)
    def interval(price: Decimal, per: Decimal) -> tuple[Decimal, Decimal]:
        half = Decimal(1).scaleb(int(price.as_tuple().exponent)) / 2
        return (price - half) / per, (price + half) / per

    meeting, apart = 0, []
    for sku in load_catalog("vk").skus:
        for rate in sku.rates:
            for also in rate.also_published:
                assert rate.price is not None
                (low, high), (least, most) = interval(rate.price, rate.per), interval(also.price, also.per)
                if low <= most and least <= high:
                    meeting += 1
                else:
                    apart.append(sku.sku_id)
    assert {"meeting": meeting, "apart": apart} == expected


CHECKS = {
    "bill": check_bill,
    "columns": check_columns,
    "estimate": check_estimate,
    "rate": check_rate,
    "flavor": check_flavor,
    "rule": check_rule,
}


@pytest.mark.parametrize("folder", CASES, ids=lambda p: p.name)
def test_case(folder: Path) -> None:
    case = told(folder)
    assert case["title"]
    assert case["source"]
    assert case["worked"]
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"), parse_float=str)
    CHECKS[case["kind"]](folder, expected)


@pytest.mark.parametrize("name", services.names())
def test_every_example_is_a_case(name: str) -> None:
    folder = FOLDER / f"example-{name.replace('_', '-')}"
    resource = yaml.safe_load((folder / "input.yaml").read_text(encoding="utf-8"))["resources"][0]
    assert resource["service"] == name
    assert resource["spec"] == services.load(name).EXAMPLE


def test_a_case_holds_no_program() -> None:
    allowed = {"case.yaml", "input.yaml", "input.json", "input.csv", "expected.json"}
    assert {p.name for p in FOLDER.rglob("*") if p.is_file()} == allowed
