"""A frozen budget: the approved plan with its priced target, hashed, so that a later bill is held against just that.

The file keeps the target's charges at the prices of the day of approval, and the monthly plan. Its `sha256` covers
everything else in it, written in one fixed way; a file that was edited afterwards is refused.
"""

import hashlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from costlab import services
from costlab.catalog.loading import Catalog, load_catalog
from costlab.errors import InputError
from costlab.files.documents import Document, read_document
from costlab.migration.budget import Budget, kopecks
from costlab.model.numbers import Problem
from costlab.model.scenario import Estimate, Scenario

FORMAT = 1
KIND = "baseline"
_HASH = "sha256"
_OWN = ("scenario",)


def freeze(budget: Budget) -> str:
    """The baseline as JSON text. Raises `InputError` when the plan's target is no estimate."""
    estimate = budget.target
    if estimate is None:
        raise InputError(Problem(code="no_estimate_to_freeze", source=budget.source))
    data: dict[str, Any] = {
        "costlab": FORMAT,
        "kind": KIND,
        "name": budget.plan.name,
        "plan": budget.plan.model_dump(mode="json"),
        "monthly": [
            {"month": r.month, "target": str(kopecks(r.target)), "source": str(kopecks(r.source)),
             "one_off": str(kopecks(r.one_off)), "credit": str(kopecks(r.credit))}
            for r in budget.rows
        ],
        "estimate_result": estimate.model_dump(mode="json", exclude=set(_OWN)),
        "scenario": _scenario(estimate.scenario),
    }  # fmt: skip
    return json.dumps({**data, _HASH: digest(data)}, ensure_ascii=False, indent=1) + "\n"


def digest(data: dict[str, Any]) -> str:
    """SHA-256 of everything but the hash itself: keys sorted, no spaces, UTF-8."""
    body = {k: v for k, v in data.items() if k != _HASH}
    text = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def is_baseline(data: Any) -> bool:
    """Whether a document is a frozen budget."""
    return isinstance(data, dict) and data.get("kind") == KIND and "estimate_result" in data


def read_baseline(path: Path | str) -> Estimate:
    """The frozen target as an estimate. Raises `InputError` when the file was changed after it was frozen."""
    return thaw(read_document(path))


def thaw(document: Document) -> Estimate:
    """The same from a document that was read already."""
    data = document.data
    try:
        sound = is_baseline(data) and data.get(_HASH) == digest(data)
    except TypeError:  # a value JSON does not have: it was not frozen like that
        sound = False
    if not sound:
        raise InputError(Problem(code="baseline_changed", source=document.source))
    resources = [
        {**r, "spec": services.load(r["service"]).Spec.model_validate(r["spec"])} for r in data["scenario"]["resources"]
    ]
    scenario = Scenario.model_validate({**data["scenario"], "resources": resources, "source": document.source})
    return Estimate.model_validate({**data["estimate_result"], "scenario": scenario})


def frozen_catalog(estimate: Estimate) -> Catalog:
    """The catalog as it was on the day the estimate's prices are of: later rates did not exist.

    The catalog is append-only, so this gives a later month the approved prices.
    """
    catalog = load_catalog(estimate.provider)
    day = estimate.prices_on or estimate.period.start.date()
    skus = (s.model_copy(update={"rates": tuple(r for r in s.rates if r.effective <= day)}) for s in catalog.skus)
    return replace(catalog, skus=tuple(skus))


def _scenario(scenario: Scenario) -> dict[str, Any]:
    """The scenario with its specs as plain data: they are told, the frozen charges are what is compared."""
    kept = scenario.model_dump(mode="json", exclude={"resources"})
    resources = [
        {**r.model_dump(mode="json", exclude={"spec"}),
         "spec": r.spec.model_dump(mode="json", by_alias=True, exclude_unset=True)}
        for r in scenario.resources
    ]  # fmt: skip
    return {**kept, "resources": resources}
