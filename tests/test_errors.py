"""What a user may do wrong with an estimate file, and the exact sentence each gets, in both languages.

`errors/<name>/` holds the broken input and `expected.yaml`: the problems' codes and their sentences, one a line.
`open` names the files when it is not `input.yaml`; `limits` lowers a limit that would take a huge file to exceed;
`{services}` in a sentence stands for the names of all services.
"""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from costlab import services
from costlab.errors import InputError, kind, sentence
from costlab.estimate.charges import estimate_cost
from costlab.files import documents
from costlab.files.documents import read_document
from costlab.i18n.messages.advice import ADVICE
from costlab.i18n.messages.estimates import ESTIMATES
from costlab.inventory.sources.estimate_file import parse_estimate, read_estimate
from costlab.model.numbers import Problem

FOLDER = Path(__file__).parent / "errors"
CASES = sorted(p.parent for p in FOLDER.glob("*/expected.yaml"))
TODAY = date(2026, 11, 1)
ELSEWHERE = {
    "catalog",  # the catalog's own files: test_catalog.py
    "ambiguous_price",  # two prices for one question, which only a broken catalog has: test_catalog.py
    "no_contract",  # the folder behind `--contract`: test_contract.py
    "unlisted_service",  # its discounts: test_contract_cases.py
    "partly_discounted",
    "cap_assumed_unused",
    "unknown_sku",  # an argument of `costlab catalog show`: test_cli.py
    "row_without_price",  # a bill whose item no list has: test_reconcile.py
    "unwritable",  # the file behind `-o`: test_cli.py
    "unknown_ending",
    "binary_output",
    "not_a_file",  # a pipe, which git does not keep: test_cli.py
    "stdin_twice",  # standard input: test_standard_input.py
}


def expected(folder: Path) -> dict[str, Any]:
    return yaml.safe_load((folder / "expected.yaml").read_text(encoding="utf-8"))


def problems_of(*files: str) -> tuple[Problem, ...]:
    try:
        return estimate_cost(read_estimate(*files, today=TODAY)).problems
    except InputError as error:
        found = error.problems
    assert all(kind(p) == "error" for p in found)
    return found


@pytest.mark.parametrize("folder", CASES, ids=lambda p: p.name)
def test_sentence(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    case = expected(folder)
    monkeypatch.chdir(folder)
    for name, limit in case.get("limits", {}).items():
        monkeypatch.setattr(documents, name, limit)
    found = problems_of(*case.get("open", ["input.yaml"]))
    assert [p.code for p in found] == case["codes"]
    for language in ("en", "ru"):
        wanted = case[language].replace("{services}", ", ".join(services.names()))
        assert [sentence(p, language) for p in found] == wanted.splitlines()


def test_every_code_has_a_case() -> None:
    """Of estimates and advice; those of bills, plans and inventories are provoked in the tests of their readers."""
    shown = {code for folder in CASES for code in expected(folder)["codes"]}
    of_estimates = set(ESTIMATES) | set(ADVICE)
    assert shown == of_estimates - ELSEWHERE


def test_no_message_leaves_a_hole() -> None:
    """Nothing is left of a template's braces, and no Python shows through."""
    for folder in CASES:
        for line in (expected(folder)["en"] + expected(folder)["ru"]).splitlines():
            assert "Decimal(" not in line
            assert ": ;" not in line
            assert not line.endswith(("; ", ": "))


def test_floats_in_json_are_exact(tmp_path: Path) -> None:
    """0.1 is a tenth, and thirty digits are thirty digits."""
    file = tmp_path / "exact.json"
    file.write_text('{"a": 0.1, "b": 123456789012.345678901234567890, "c": 1e-3, "d": 10000000000000000001}')
    found = {key: str(value) for key, value in read_document(file).data.items()}
    assert found == {"a": "0.1", "b": "123456789012.345678901234567890", "c": "0.001", "d": "10000000000000000001"}


def test_tags_keep_their_text(tmp_path: Path) -> None:
    """1 is not true, though Python thinks them equal."""
    file = tmp_path / "tags.yaml"
    file.write_text(
        "costlab: 1\nname: tags\nperiod: 30d\nresources:\n  - id: a\n    service: public_ip\n    spec: {}\n"
        "    tags: {one: 1, zero: 0, yes: true, no: false, none: null, half: 0.50, text: '1'}\n"
    )
    tags = read_estimate(file, today=TODAY).resources[0].tags
    assert tags == {"one": "1", "zero": "0", "yes": "true", "no": "false", "none": "", "half": "0.50", "text": "1"}


GOOD = b"""costlab: 1
name: "Shop \xd0\xbc"
provider: vk
region: ru-msk
period: {start: 2026-11-01, end: 2026-12-01}
prices_on: 2026-11-01
resources:
  - id: web
    service: vm
    group: shop/front
    count: 2
    tags: {env: prod, "n": 1}
    spec: {flavor: STD3-4-16, disks: [{type: ceph-ssd, size_gb: 100.5}], public_ip: true, os: windows, zone: ME1}
    schedule: {weekdays: "mon-fri 09-18"}
  - id: k8s
    service: kubernetes
    spec: {masters: {count: 3}, groups: [{name: w, nodes: {min: 1, max: 4}, flavor: STD2-2-8, disk: {size_gb: 50}}]}
  - {id: s3, service: object_storage, spec: {class: icebox, stored_gb: 10, egress_gb: 0.1}}
  - {id: iron, service: bare_metal, spec: {monthly_price: 199919, hours: 360}}
"""
PIECES = [
    b"", b"{", b"}", b"[", b"]", b":", b": ", b"- ", b"\n", b"\t", b"\x00", b"\xff", b"'", b'"', b"&a ", b"*a",
    b"!!int ", b"|", b"---\n", b"null", b"true", b"-1", b"0", b"1e999", b"99999999999999999999", b".5", b"0x1F",
    b"[[[[", b"{a: {b: c}}", b"9999-12-31", b"0001-01", b"_rounding", b"? ", b"%", b"@", b"\xe2\x80\xa8", b"NaN",
    b"STD3-240-2048", b"1_000", b"~",
]  # fmt: skip


def survives(raw: bytes) -> None:
    """Either an estimate, or an `InputError` whose every problem can be said in both languages."""
    try:
        found = estimate_cost(parse_estimate(raw, "fuzz.yaml", today=TODAY)).problems
    except InputError as error:
        found = error.problems or (Problem(code="nothing said", source=""),)
    for problem in found:
        assert sentence(problem, "en")
        assert sentence(problem, "ru")


def test_the_good_file_is_good() -> None:
    assert estimate_cost(parse_estimate(GOOD, "good.yaml", today=TODAY)).complete


@settings(max_examples=400)
@given(st.binary(max_size=200))
def test_random_bytes(raw: bytes) -> None:
    survives(raw)
    survives(b"costlab: 1\nresources: " + raw)


edits = st.tuples(st.integers(0, len(GOOD)), st.integers(0, 12), st.sampled_from(PIECES))


@settings(max_examples=600)
@given(st.lists(edits, min_size=1, max_size=4))
def test_random_mutations(changes: list[tuple[int, int, bytes]]) -> None:
    raw = GOOD
    for place, cut, piece in changes:
        raw = raw[:place] + piece + raw[place + cut :]
    survives(raw)


SCALARS = ["2026-11", "STD3-4-16", "ceph-ssd", "vm", "me", "yes", "", None, True, -1, 0, 1, 4, 10**13, 10**30]
trees = st.recursive(
    st.sampled_from(SCALARS),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "spec", "min", "x"]), inner),
    max_leaves=6,
)
KEYS = (
    "costlab", "name", "provider", "region", "period", "prices_on", "resources", "resources.0", "resources.0.id",
    "resources.0.service", "resources.0.group", "resources.0.count", "resources.0.tags", "resources.0.tags.n",
    "resources.0.spec", "resources.0.schedule", "resources.0.schedule.weekdays", "resources.0.spec.flavor",
    "resources.0.spec.disks", "resources.0.spec.disks.0", "resources.0.spec.disks.0.size_gb",
    "resources.0.spec.public_ip", "resources.0.spec.zone", "resources.1.spec.masters", "resources.1.spec.groups",
    "resources.1.spec.groups.0.nodes", "resources.1.spec.groups.0.nodes.min", "resources.1.spec.groups.0.disk",
    "resources.2.spec.class", "resources.3.spec.hours",
)  # fmt: skip


@settings(max_examples=400)
@given(st.sampled_from(KEYS), trees)
@example("resources.0.id", ["a"])
@example("period", "9999-12")
def test_any_value_anywhere(key: str, value: Any) -> None:
    data = yaml.safe_load(GOOD)
    data["period"] = {"start": "2026-11-01", "end": "2026-12-01"}
    data["prices_on"] = "2026-11-01"
    *path, last = [int(p) if p.isdigit() else p for p in key.split(".")]
    place = data
    for part in path:
        place = place[part]
    place[last] = value
    survives(yaml.safe_dump(data, allow_unicode=True).encode())
