"""Folders of Terraform's sources: what Terraform itself would read, worked out without running it, or named.

An SSD of 100 GB is 1,326.24 for 30 days, High-IOPS 1,546.56, HDD 440.64 (list of 2026-01-12, with VAT).
"""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from costlab.cli import main
from costlab.errors import InputError
from costlab.inventory import Options, read_inventory
from costlab.inventory.sources.terraform.evaluate import Unknown, evaluate
from costlab.model.inventory import Inventory

VOLUME = 'resource "vkcs_blockstorage_volume" "{name}" {{\n  size = {size}\n  volume_type = {type}\n}}\n'


def volume(name: str, size: Any = 100, kind: str = '"ceph-ssd"') -> str:
    return VOLUME.format(name=name, size=size, type=kind)


def folder(path: Path, **files: str) -> Path:
    for name, text in files.items():
        target = path / name.replace("__", "/").replace("_tfvars", ".tfvars")
        target = target if "." in target.name else target.with_suffix(".tf")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    return path


def sizes(path: Path) -> dict[str, Decimal]:
    return {r.resource_id: r.spec.size_gb for r in read_inventory(path).resources}


def codes(found: Inventory) -> list[str]:
    return sorted(p.code for p in found.problems)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("${1 + 2 * 3}", 7),
        ("${var.big ? 10 : 20}", 10),
        ("${var.big && !false ? var.n * 2 : 0}", 6),
        ('"disk-${var.n}"', "disk-3"),
        ("${length(var.list)}", 2),
        ('${lookup(var.map, "a", 1)}', 5),
        ("${var.list[1]}", 200),
        ("${max(var.n, 10) - 1}", 9),
        ("${[for x in var.list : x * 2 if x > 100]}", [400]),
        ("${[for x in var.list : x.size]}", Unknown("${[for x in var.list : x.size]}")),
        ("${vkcs_thing.a.id}", Unknown("${vkcs_thing.a.id}", ("vkcs_thing.a.id",))),
        ("${var.big ? 1 : vkcs_thing.a.size}", 1),
        ('${system("rm")}', Unknown('${system("rm")}')),
        ("${1 / 0}", Unknown("${1 / 0}")),
        ("${" + "(" * 500 + "1" + ")" * 500 + "}", Unknown("${" + "(" * 500 + "1" + ")" * 500 + "}")),
    ],
)  # fmt: skip
def test_expressions(text: str, value: Any) -> None:
    scope = {"var": {"big": True, "n": 3, "list": [100, 200], "map": {"a": 5}}}
    assert evaluate(text, scope) == value


def test_values_come_in_terraforms_order(tmp_path: Path) -> None:
    folder(tmp_path, main='variable "size" {\n  default = 1\n}\n' + volume("a", "var.size"))
    given = {"terraform.tfvars": "size = 2\n", "terraform.tfvars.json": '{"size": 3}', "z.auto.tfvars": "size = 4\n"}
    for n, (name, text) in enumerate(given.items(), start=2):
        (tmp_path / name).write_text(text)
        assert sizes(tmp_path) == {"vkcs_blockstorage_volume.a": n}


def test_json_and_overrides(tmp_path: Path) -> None:
    folder(tmp_path, main=volume("a"), main_override='resource "vkcs_blockstorage_volume" "a" {\n  size = 300\n}\n')
    block = {"resource": {"vkcs_blockstorage_volume": {"b": {"size": 50, "volume_type": "${var.kind}"}}}}
    (tmp_path / "more.tf.json").write_text(json.dumps({**block, "variable": {"kind": {"default": "high-iops"}}}))
    found = read_inventory(tmp_path)
    assert {r.resource_id[-1]: (r.spec.size_gb, r.spec.type) for r in found.resources} == {
        "a": (300, "ceph-ssd"),
        "b": (50, "high-iops"),
    }


def test_links_are_followed_also_as_git_writes_them(tmp_path: Path) -> None:
    folder(tmp_path, shared__disk=volume("shared"), one__main=volume("own"), two__main=volume("own"))
    (tmp_path / "one" / "disk.tf").symlink_to("../shared/disk.tf")
    (tmp_path / "two" / "disk.tf").write_text("../shared/disk.tf")
    for name in ("one", "two"):
        assert set(sizes(tmp_path / name)) == {"vkcs_blockstorage_volume.own", "vkcs_blockstorage_volume.shared"}


def test_a_module_is_read_once_for_each_call_and_never_uncalled(tmp_path: Path) -> None:
    calls = "".join(
        f'module "{name}" {{\n  source = "./modules/disk"\n  size = {size}\n}}\n'
        for name, size in (("a", 10), ("b", 20))
    )
    each = 'module "c" {\n  source = "./modules/disk"\n  for_each = {x = 1, y = 2}\n  size = each.value\n}\n'
    folder(
        tmp_path, main=calls + each, modules__disk__main='variable "size" {}\n' + volume("d", "var.size"),
        modules__unused__main=volume("spare"),
    )  # fmt: skip
    found = read_inventory(tmp_path)
    assert {r.resource_id: r.spec.size_gb for r in found.resources} == {
        "module.a.vkcs_blockstorage_volume.d": 10,
        "module.b.vkcs_blockstorage_volume.d": 20,
        'module.c["x"].vkcs_blockstorage_volume.d': 1,
        'module.c["y"].vkcs_blockstorage_volume.d': 2,
    }
    assert [(a.name, a.code) for a in found.set_aside] == [("modules/unused", "not_called")]
    assert not found.problems


def test_what_cannot_be_read_is_named(tmp_path: Path) -> None:
    folder(
        tmp_path,
        main='module "r" {\n  source = "terraform-example/disk/any"\n}\n'
        + volume("a", "data.external.size.result")
        + 'resource "vkcs_blockstorage_volume" "b" {\n  count = var.unset\n  size = 1\n  volume_type = "ceph-ssd"\n}\n'
        + 'variable "unset" {}\n',
    )
    found = read_inventory(tmp_path)
    assert "hcl_unresolved" in codes(found)
    named = {p.subject for p in found.problems}
    assert {"module.r", "vkcs_blockstorage_volume.b", "vkcs_blockstorage_volume.a"} <= named


def test_names_and_tags_never_matter(tmp_path: Path) -> None:
    text = volume("a").replace(
        "size", "name = upper(data.x.y.name)\n  description = uuid()\n  metadata = data.x.y.tags\n  size"
    )
    found = read_inventory(folder(tmp_path, main=text))
    assert (len(found.resources), found.problems) == (1, ())


def test_a_circle_of_locals_and_of_modules_ends(tmp_path: Path) -> None:
    folder(
        tmp_path,
        main='locals {\n  a = local.b\n  b = local.a\n}\nmodule "m" {\n  source = "./"\n}\n' + volume("v", "local.a"),
    )
    assert "hcl_unresolved" in codes(read_inventory(tmp_path))


@pytest.mark.parametrize(
    "text",
    [
        "length([for i in range(10000) : [for j in range(10000) : j]])",
        "length(setproduct(range(10000), range(10000)))",
        "length(flatten(local.deep40))",
        "length(local.wide40)",
        "local.square40",
        "1e99999999",
        'file("/dev/zero")',
    ],
)
def test_what_nobody_writes_is_named_and_takes_no_time(text: str, tmp_path: Path) -> None:
    """Doubled forty times: a list, a text and a number."""
    doubled = "".join(
        f'deep{n} = [local.deep{n - 1}, local.deep{n - 1}]\nwide{n} = "${{local.wide{n - 1}}}${{local.wide{n - 1}}}"\n'
        f"square{n} = local.square{n - 1} * local.square{n - 1}\n"
        for n in range(1, 41)
    )
    folder(tmp_path, main=f'locals {{\ndeep0 = [1]\nwide0 = "x"\nsquare0 = 9\n{doubled}}}\n' + volume("a", text))
    assert "hcl_unresolved" in codes(read_inventory(tmp_path))


def test_modules_of_modules_end(tmp_path: Path) -> None:
    calls = "".join(f'module "m{n}" {{\n  source = "../m"\n  count = 10000\n}}\n' for n in range(5))
    folder(tmp_path, main='module "m" {\n  source = "./m"\n}\n', m__main=calls + volume("a"))
    found = read_inventory(tmp_path)
    assert [r.resource_id for r in found.resources] == ["module.m.vkcs_blockstorage_volume.a"]
    many = volume("a").replace("size", "count = 10000\n  size", 1)
    folder(tmp_path, m__main=many, main='module "m" {\n  count = 10000\n  source = "./m"\n}\n')
    with pytest.raises(InputError) as refused:
        read_inventory(tmp_path)
    assert [p.code for p in refused.value.problems] == ["too_many_resources"]


def test_several_roots_are_priced_apart(tmp_path: Path) -> None:
    folder(tmp_path, dev__main=volume("a", 10), prod__main=volume("a", 900), **{".hidden__main": volume("x")})
    found = read_inventory(tmp_path)
    assert {r.resource_id: (r.group, r.spec.size_gb) for r in found.resources} == {
        "dev/vkcs_blockstorage_volume.a": ("dev", 10),
        "prod/vkcs_blockstorage_volume.a": ("prod", 900),
    }
    assert codes(found) == ["several_roots"]


def test_heredocs_and_any_first_block(tmp_path: Path) -> None:
    text = 'removed {\n  from = vkcs_x.y\n}\nlocals {\n  script = <<-EOT\n    a "b" ${1}\n  EOT  \n}\n' + volume("a")
    assert len(read_inventory(folder(tmp_path, main=text, empty="")).resources) == 1


def test_a_plan_beside_sources_wins_and_two_are_refused(tmp_path: Path) -> None:
    folder(tmp_path, main=volume("a", 1))
    change = {"actions": ["create"], "before": None, "after": {"size": 7, "volume_type": "ceph-ssd"}}
    one = {"address": "vkcs_blockstorage_volume.p", "mode": "managed", "type": "vkcs_blockstorage_volume"}
    plan = {"format_version": "1.2", "terraform_version": "1.9.0", "resource_changes": [{**one, "change": change}]}
    (tmp_path / "plan.json").write_text(json.dumps(plan))
    found = read_inventory(tmp_path)
    assert {r.resource_id: r.spec.size_gb for r in found.resources} == {"vkcs_blockstorage_volume.p": 7}
    assert [a.code for a in found.set_aside] == ["beside_plan"]
    (tmp_path / "other.json").write_text(json.dumps(plan))
    with pytest.raises(InputError) as refused:
        read_inventory(tmp_path)
    assert [p.code for p in refused.value.problems] == ["several_plans"]


def _plan(path: Path, **more: Any) -> Path:
    data = {"format_version": "1.2", "terraform_version": "1.11.0", "resource_changes": [], **more}
    path.write_text(json.dumps(data), encoding="utf-8")
    return path


def _change(name: str, actions: list[str], size: int) -> dict[str, Any]:
    held = {"size": size, "volume_type": "ceph-ssd"}
    change = {"actions": actions, "before": None if actions == ["create"] else held}
    change["after"] = None if actions in (["forget"], ["delete"]) else held
    address = f"vkcs_blockstorage_volume.{name}"
    return {"address": address, "mode": "managed", "type": "vkcs_blockstorage_volume", "name": name, "change": change}


COUNT = "instance_count_unknown"


def _unchanged(name: str, size: int) -> dict[str, Any]:
    """A plan in which a resource stays as it is and no change names it."""
    address, kind = f"vkcs_blockstorage_volume.{name}", "vkcs_blockstorage_volume"
    held = {"address": address, "mode": "managed", "type": kind, "values": {"size": size, "volume_type": "ceph-ssd"}}
    values = {"root_module": {"resources": [held]}}
    return {"planned_values": values, "prior_state": {"format_version": "1.0", "values": values}}


def _replaced_and_forgotten(name: str, size: int) -> dict[str, Any]:
    change = _change(name, ["create", "forget"], size)
    change["change"]["before"] = change["change"]["after"]
    return change


@pytest.mark.parametrize(
    ("more", "code", "after", "before"),
    [
        ({"resource_changes": [_change("k", ["forget"], 100)]}, "plan_forgotten", 1, 1),
        (
            {"deferred_changes": [{"reason": "x", "resource_change": _change("d", ["create"], 50)}]},
            "plan_deferred",
            1,
            0,
        ),
        (
            {"deferred_changes": [{"reason": COUNT, "resource_change": _change("d", ["create"], 5)}]},
            "plan_uncounted",
            1,
            0,
        ),
        ({"complete": False, "resource_changes": [_change("t", ["create"], 1)]}, "plan_partial", 1, 0),
        (
            {"complete": False, **_unchanged("s", 7), "resource_changes": [_change("t", ["create"], 1)]},
            "plan_partial",
            2,
            1,
        ),
        ({**_unchanged("s", 7), "resource_drift": [_change("s", ["update"], 5)]}, "plan_drifted", 1, 1),
        ({"errored": True, **_unchanged("s", 7)}, "plan_errored", 1, 1),
        ({"resource_changes": [_replaced_and_forgotten("k", 100)]}, "plan_forgotten", 2, 1),
    ],
)
def test_what_a_plan_forgets_defers_or_leaves_out(
    more: dict[str, Any], code: str, after: int, before: int, tmp_path: Path
) -> None:
    found = read_inventory(_plan(tmp_path / "plan.json", **more))
    assert codes(found) == [code]
    assert (len(found.resources), len(found.before or ())) == (after, before)


@pytest.mark.parametrize(
    ("name", "kind"),
    [("dp1", "ceph-hdd"), ("ms1-ssd", "ceph-ssd"), ("ko1-high-iops", "high-iops"), ("GZ1-SSD", "ceph-ssd")],
)
def test_disk_types_of_old_zones(name: str, kind: str, tmp_path: Path) -> None:
    found = read_inventory(folder(tmp_path, main=volume("a", 100, f'"{name}"')))
    assert [r.spec.type for r in found.resources] == [kind]
    assert not found.problems


@pytest.mark.parametrize("wrong", ["nope.x=1", "vkcs_blockstorage_volume.b.size_gb=1", "module.*.size_gb=1"])
def test_a_value_set_for_nothing_is_an_error(
    wrong: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder(tmp_path, main=volume("a")))
    assert main(["estimate", ".", "--set", wrong, "--lang", "en"]) == 2
    assert "nothing has the address" in capsys.readouterr().err
    assert main(["estimate", ".", "--set", "vkcs_blockstorage_volume.*.volume_type=high-iops", "--lang", "en"]) == 0


ROOT = (
    'variable "size" {\n  default = 1\n}\nvariable "n" {\n  type = number\n  default = 1\n}\n'
    'variable "names" {\n  type = list(string)\n  default = ["a"]\n}\n'
    'resource "vkcs_blockstorage_volume" "v" {\n  for_each = toset(var.names)\n'
    '  size = var.size * var.n\n  volume_type = "ceph-ssd"\n}\n'
)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ((), {"a": 2}),
        ((("var", "size=5"),), {"a": 5}),
        ((("var", "size=5"), ("file", "prod.tfvars")), {"a": 7}),
        ((("file", "prod.tfvars"), ("var", "size = 9")), {"a": 9}),
        ((("file", "more.tfvars.json"), ("var", 'names=["x", "y"]')), {"x": 22, "y": 22}),
    ],
)
def test_values_given_by_hand_come_last_and_in_their_order(
    given: tuple[Any, ...], expected: dict[str, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder(tmp_path, main=ROOT, terraform_tfvars="size = 2\n", prod_tfvars="size = 7\n"))
    monkeypatch.setenv("TF_VAR_size", "1000")
    (tmp_path / "more.tfvars.json").write_text('{"n": 11}')
    found = read_inventory(tmp_path, options=Options(variables=given))
    assert {r.resource_id.split('"')[1]: r.spec.size_gb for r in found.resources} == expected


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (["-var", "sise=5"], "did you mean “size”?"),
        (["--var-file", "nope.tfvars"], "nope.tfvars: cannot be read"),
        (["-var-file", "odd.tfvars", "-var", "n=2"], "a value is given for “sizes”"),
    ],
)
def test_a_variable_that_is_not_there_is_told(
    given: list[str], words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder(tmp_path, main=ROOT, odd_tfvars="sizes = 2\n"))
    status = main(["estimate", ".", *given, "--lang", "en"])
    assert words in "".join(capsys.readouterr())
    assert status == (0 if "n=2" in given else 2)


def test_variables_for_a_plan_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["estimate", str(_plan(tmp_path / "plan.json")), "-var", "n=1", "--lang", "en"]) == 2
    assert "variables are for Terraform's sources" in capsys.readouterr().err


STREAM = '{"@level":"info","@message":"Terraform 1.9.0","type":"version"}\n{"@level":"info","type":"planned_change"}\n'


@pytest.mark.parametrize("beside", [False, True])
@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("stream.json", STREAM.encode(), "plan_stream"),
        ("stream.txt", STREAM.replace("\n", "\r\n").encode("utf-16"), "plan_stream"),
        ("p", b"PK\x03\x04" + bytes(26) + b"tfplan", "plan_file"),
    ],
)
def test_plans_in_another_form_say_what_to_run(
    name: str, content: bytes, code: str, beside: bool, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(content)
    if beside:
        folder(tmp_path, main=volume("a"))
    for path in (tmp_path,) if beside else (tmp_path, tmp_path / name):
        with pytest.raises(InputError) as refused:
            read_inventory(path)
        assert [p.code for p in refused.value.problems] == [code]


def test_a_plan_takes_the_place_of_its_own_root_only(tmp_path: Path) -> None:
    folder(tmp_path, dev__main=volume("a", 10), prod__main=volume("a", 900))
    _plan(tmp_path / "prod" / "plan.json", resource_changes=[_change("p", ["create"], 5)])
    assert {r.resource_id: r.spec.size_gb for r in read_inventory(tmp_path).resources} == {
        "dev/vkcs_blockstorage_volume.a": 10,
        "prod/vkcs_blockstorage_volume.p": 5,
    }
    _plan(tmp_path / "plan.json")
    with pytest.raises(InputError) as refused:
        read_inventory(tmp_path)
    assert [p.code for p in refused.value.problems] == ["plan_of_no_root"]


def test_a_state_beside_sources_is_set_aside(tmp_path: Path) -> None:
    folder(tmp_path, main=volume("a", 10))
    (tmp_path / "terraform.tfstate").write_text('{"version": 4, "terraform_version": "1.9.0", "resources": []}')
    found = read_inventory(tmp_path)
    assert [a.code for a in found.set_aside] == ["beside_sources"]
    assert (len(found.resources), found.read) == (1, 2)
