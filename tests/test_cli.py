"""The command line as people and CI use it: output, exit status, what is written and what is not."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from costlab import services
from costlab.cli import main
from costlab.exports import estimates

WEB = """costlab: 1
name: One server
period: 30d
prices_on: 2026-11-01
resources:
  - id: web
    service: vm
    spec: {flavor: STD3-4-16, disks: [{type: ceph-ssd, size_gb: 100}], public_ip: true, os: linux}
"""


@pytest.fixture
def web(tmp_path: Path) -> Path:
    path = tmp_path / "web.yaml"
    path.write_text(WEB, encoding="utf-8")
    return path


def run(*words: object) -> int:
    return main([str(w) for w in words])


def test_json(web: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("estimate", web, "--format", "json") == 0
    result = json.loads(capsys.readouterr().out)
    assert (result["total"], result["total_net"], result["vat"]) == ("8474.33", "6946.17", "1528.16")
    assert result["complete"] is True
    assert [c["cost"] for c in result["charges"]] == ["3397.25", "3562.44", "1326.24", "188.40"]
    assert result["charges"][0] | {"tags": {}, "group": ""} == {
        "resource_id": "web", "service": "vm", "group": "", "dimensions": {"cpu": "ice-lake"}, "meter": "compute.vcpu",
        "sku_id": "vk.compute.vcpu.ice-lake", "quantity": "172800", "unit": "vCPU·minute", "charge_model": "per_unit",
        "period": {"start": "2026-11-01T00:00:00+03:00", "end": "2026-12-01T00:00:00+03:00"},
        "unit_price": "0.019660", "per": "1", "raw_cost": "3397.248000000000", "vat_rate": "0.22", "net": "2784.63",
        "vat": "612.62", "rounding": "half-up per line", "cost": "3397.25", "price_effective": "2026-01-12",
        "price_source": "vk-pricelist-2026-01-12", "tags": {},
    }  # fmt: skip
    assert result["period"]["minutes"] == "43200"
    assert result["catalog"]["list_date"] == "2026-01-12"


def test_the_result_reads_back_as_an_estimate(web: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = web.with_name("result.json")
    assert run("estimate", web, "-o", out) == 0
    assert run("estimate", out, "--format", "json") == 0
    assert json.loads(capsys.readouterr().out)["charges"] == json.loads(out.read_text(encoding="utf-8"))["charges"]


@pytest.mark.parametrize(("language", "total"), [("ru", "8\xa0474,33\xa0₽"), ("en", "8,474.33\xa0₽")])
def test_table_in_both_languages(web: Path, capsys: pytest.CaptureFixture[str], language: str, total: str) -> None:
    assert run("estimate", web, "--lang", language) == 0
    assert total in capsys.readouterr().out


@pytest.mark.parametrize("name", ["csv", "md", "json", "xlsx"])
def test_the_format_follows_the_name(web: Path, name: str) -> None:
    out = web.with_name(f"out.{name}")
    assert run("estimate", web, "-o", out) == 0
    content = out.read_bytes()
    assert content.startswith(b"PK" if name == "xlsx" else {"csv": b"resource_id,", "md": b"## ", "json": b"{"}[name])


def test_vat_views(web: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("estimate", web, "--vat", "net", "--lang", "en") == 0
    shown = capsys.readouterr().out
    assert "6,946.17" in shown
    assert "8,474.33" not in shown


def test_incomplete_is_three_and_says_why(web: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = WEB.replace("30d", "2026-01").replace("prices_on: 2026-11-01\n", "")
    web.write_text(text, encoding="utf-8")
    assert run("estimate", web, "--format", "json", "--lang", "en") == 3
    printed = capsys.readouterr()
    result = json.loads(printed.out)
    assert (result["total"], result["complete"]) == ("5649.55", False)
    assert "no price from 2026-01-01 to 2026-01-12" in result["problems"][0]["message"]
    assert "web.yaml:5" in printed.err


def test_unusable_is_two_and_writes_nothing(web: Path, capsys: pytest.CaptureFixture[str]) -> None:
    web.write_text(WEB.replace("flavor:", "falvor:"), encoding="utf-8")
    out = web.with_name("out.xlsx")
    assert run("estimate", web, "-o", out, "--lang", "en") == 2
    assert not out.exists()
    error = capsys.readouterr().err
    assert "web.yaml:8: web: unknown key “falvor”; did you mean “flavor”?" in error
    assert "Traceback" not in error


def test_a_place_that_cannot_be_written(web: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("estimate", web, "-o", web.parent / "missing" / "out.json") == 2
    assert "missing" in capsys.readouterr().err


@pytest.mark.parametrize("place", ["", ".", "/", "/dev/full"])
def test_a_place_that_is_no_file(web: Path, place: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("estimate", web, "--format", "json", "-o", place, "--lang", "en") == 2
    assert "cannot be written" in capsys.readouterr().err


def test_links_pipes_and_rights_stay(web: Path) -> None:
    real, link, pipe = (web.with_name(n) for n in ("real.json", "link.json", "pipe"))
    real.write_text("old")
    real.chmod(0o640)
    link.symlink_to(real.name)
    assert run("estimate", web, "-o", link) == 0
    assert link.is_symlink()
    assert json.loads(real.read_bytes())["total"] == "8474.33"
    assert real.stat().st_mode & 0o777 == 0o640
    os.mkfifo(pipe)
    with subprocess.Popen(["cat", pipe], stdout=subprocess.PIPE) as reader:
        assert run("estimate", web, "--format", "json", "-o", pipe) == 0
        assert reader.communicate()[0] == real.read_bytes()
    assert {p.name for p in web.parent.iterdir()} == {"web.yaml", "real.json", "link.json", "pipe"}
    assert run("estimate", web, "-o", "/dev/null") == 0
    assert not Path("/dev/null").is_file()


def test_a_pipe_or_device_is_not_read(web: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pipe = web.with_name("pipe.yaml")
    os.mkfifo(pipe)
    for name in (pipe, "/dev/zero"):
        for verb in ("estimate", "reconcile"):
            assert run(verb, name, "--lang", "en") == 2
            assert "pipe or a device" in capsys.readouterr().err


def command(*words: object, **options: Any) -> subprocess.CompletedProcess[bytes]:
    program = [sys.executable, "-m", "costlab.cli", *map(os.fspath, words)]
    return subprocess.run(program, stderr=subprocess.PIPE, check=False, **options)


def test_standard_output_of_every_kind(web: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        done = command("estimate", web, "--lang", "en", stdout=full)
    assert (done.returncode, done.stderr.count(b"\n")) == (2, 1)
    assert b"stdout: cannot be written: No space left" in done.stderr
    narrow = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = command("estimate", web, "--lang", "ru", stdout=subprocess.PIPE, env=narrow)
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"474,33" in done.stdout
    out = web.with_name("out.txt")
    with out.open("wb") as file:
        file.write(b"before\n")
        file.flush()
        assert command("estimate", web, "--format", "csv", "-o", "/dev/stdout", stdout=file).returncode == 0
    assert out.read_bytes().startswith(b"before\nresource_id,")


def test_a_name_that_is_no_text(web: Path) -> None:
    odd = os.fsencode(web.parent) + b"/\xff.yaml"
    web.rename(os.fsdecode(odd))
    done = command("estimate", odd, "--format", "json", stdout=subprocess.PIPE)
    assert done.returncode == 0
    done = command("estimate", odd + b"x", "--lang", "en", stdout=subprocess.PIPE)
    assert done.returncode == 2
    assert b"\\xff.yamlx: cannot be read" in done.stderr


def test_endings_and_formats(web: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = web.with_name("out.foo")
    assert run("estimate", web, "-o", out, "--lang", "en") == 2
    told = "the ending “foo” names no format; give `--format`: " + ", ".join(estimates.names())
    assert told in capsys.readouterr().err
    assert run("estimate", web, "--format", "csv", "-o", out) == 0
    assert out.read_bytes().startswith(b"resource_id,")
    assert run("estimate", web, "-o", out.with_suffix(".txt"), "--lang", "en") == 0
    assert "8,474.33" in out.with_suffix(".txt").read_text(encoding="utf-8")
    assert run("estimate", web, "--format", "xlsx", "--lang", "en") == 2
    assert "-o estimate.xlsx" in capsys.readouterr().err


@pytest.mark.parametrize("option", ["--period", "--prices-on"])
@pytest.mark.parametrize("value", ["", "soon"])
def test_a_wrong_option_is_named(web: Path, option: str, value: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("estimate", web, option, value, "--lang", "en") == 2
    assert capsys.readouterr().err.startswith(f"{option}: ")


def test_text_of_a_file_does_not_steer_the_terminal(web: Path, capsys: pytest.CaptureFixture[str]) -> None:
    web.write_text(
        WEB.replace("One server", '"\\e[2J\\u202Eone"').replace("    spec", '    group: "a\\e]0;x\\ab"\n    spec')
    )
    assert run("estimate", web, "--lang", "en") == 0
    shown = capsys.readouterr().out
    assert "\\x1b[2J\\u202eone" in shown
    assert not {"\x1b", "\u202e", "\x07"} & set(shown)


def test_several_files_are_one_estimate(web: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = web.with_name("other.yaml")
    other.write_text(WEB.replace("id: web", "id: web2"), encoding="utf-8")
    assert run("estimate", web, other, "--format", "json") == 0
    assert json.loads(capsys.readouterr().out)["total"] == "16948.66"
    assert run("estimate", web, web) == 2
    other.write_text(WEB.replace("id: web", "id: web2").replace("30d", "2026-12"), encoding="utf-8")
    assert run("estimate", web, other) == 2


def test_period_and_day_override_the_file(web: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("estimate", web, "--period", "2026-02", "--format", "json") == 0
    assert json.loads(capsys.readouterr().out)["period"]["minutes"] == "40320"
    assert run("estimate", web, "--prices-on", "2025-12-31", "--format", "json", "--lang", "en") == 3
    assert "no price on 2025-12-31" in json.loads(capsys.readouterr().out)["problems"][0]["message"]
    assert run("estimate", web, "--period", "next year") == 2


def test_catalog_commands(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("catalog", "check", "--format", "json") == 0
    assert json.loads(capsys.readouterr().out) == {"sound": True, "problems": []}
    assert run("catalog", "check") == 0
    assert run("catalog", "list", "--format", "json") == 0
    printed = capsys.readouterr().out
    rows = json.loads(printed[printed.index("[") :])
    ram = next(r for r in rows if r["sku_id"] == "vk.compute.ram")
    assert {"sku_id", "service", "meter", "unit", "rates"} <= set(ram)
    assert {"effective", "price", "per", "vat", "source", "checked"} <= set(ram["rates"][0])
    assert run("catalog", "coverage", "--format", "json") == 0
    assert {r["service"] for r in json.loads(capsys.readouterr().out)} >= set(services.names())
    for words in (
        ["show", "vk.compute.ram.ice-lake"],
        ["diff", "2026-01-11", "2026-01-12"],
        ["list"],
        ["coverage"],
    ):
        for language in ("ru", "en"):
            assert run("catalog", *words, "--lang", language) == 0
            assert "None" not in capsys.readouterr().out
    assert run("catalog", "show", "vk.compute.rum", "--lang", "en") == 2
    assert "did you mean “vk.compute.ram”" in capsys.readouterr().err
    assert run("catalog", "diff", "yesterday", "2026-01-12") == 2


def test_demo_tells_and_writes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "demo"
    assert run("demo", folder, "--lang", "en") == 0
    told = capsys.readouterr().out.splitlines()
    assert len(told) <= 26
    files = {"shop.yaml", "shop.json", "shop.csv", "shop.md", "shop.xlsx", "bill-clean.csv", "bill-faults.csv"}
    assert {p.name for p in folder.iterdir()} == files | {"bill-faults.xlsx", "shop.focus.csv", "shop.focus.parquet"}
    result = json.loads((folder / "shop.json").read_text(encoding="utf-8"))
    assert any(f"{result['total'][:2]},{result['total'][2:]}" in line for line in told)
    assert any("every kopeck as it should be" in line for line in told)
    assert any("Duplicates" in line for line in told)


def test_a_footer_that_differs_is_told_and_nothing_is_missing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bill = tmp_path / "bill.csv"
    rows = ["2026-11-01;web;Виртуальные серверы;Жесткий диск, SSD;144000;ГБ·мин;44,21", "Итого;;;;;;44,00"]
    bill.write_text("\n".join(["Дата;ID ресурса;Сервис;Параметр;Количество;Единица;Сумма", *rows]), encoding="utf-8")
    assert run("reconcile", bill, "--lang", "en") == 0
    printed = capsys.readouterr().out
    assert "INCOMPLETE" not in printed
    assert "the file's own total" in printed


def test_demo_keeps_an_edited_estimate(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "shop.yaml").write_text(WEB, encoding="utf-8")
    assert run("demo", tmp_path, "--lang", "en") == 0
    assert "8,474.33" in capsys.readouterr().out
    assert (tmp_path / "shop.yaml").read_text(encoding="utf-8") == WEB


def test_demo_that_cannot_write_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "shop.json").mkdir()
    assert run("demo", tmp_path, "--lang", "en") == 2
    assert "cannot be written" in capsys.readouterr().err


def test_demo_keeps_what_was_edited(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "shop.yaml").write_text(WEB, encoding="utf-8")
    assert run("demo", tmp_path, "--lang", "en") == 0
    assert "is kept and priced as it is" in capsys.readouterr().out
    assert (tmp_path / "shop.yaml").read_text(encoding="utf-8") == WEB
    assert json.loads((tmp_path / "shop.json").read_bytes())["total"] == "8474.33"


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys; from costlab.cli import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        "print(sorted(set(sys.modules) & {'pydantic', 'pandas', 'duckdb', 'pyarrow', 'streamlit', 'yaml', 'plotly'}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_formulas_are_inert_in_csv(web: Path, capsys: pytest.CaptureFixture[str]) -> None:
    web.write_text(WEB.replace("id: web", 'id: "=1+1"'), encoding="utf-8")
    assert run("estimate", web, "--format", "csv") == 0
    assert "\n'=1+1," in capsys.readouterr().out


MIXED = """costlab: 1
name: "[x](https://evil.example) | <b> @all"
period: 30d
prices_on: 2026-11-01
resources:
  - {id: pro_1, service: database, group: shop, count: 3, spec: {engine: postgrespro, flavor: STD3-2-8,
     disk: {size_gb: 9}}}
  - id: k8s
    service: kubernetes
    spec: {groups: [{name: w, nodes: {min: 1, max: 3}, flavor: STD3-32-128, monthly_price: 5, disk: {size_gb: 9}}]}
"""


def test_markdown_says_all_the_table_says(web: Path, capsys: pytest.CaptureFixture[str]) -> None:
    web.write_text(MIXED, encoding="utf-8")
    assert run("estimate", web, "--format", "md", "--lang", "en") == 3
    shown = capsys.readouterr().out
    assert "## \\[x\\](https&#58;//evil.example) \\| &lt;b&gt; @<!-- -->all" in shown
    assert "Prices as of: 2026-11-01" in shown
    assert "Range (growth): " in shown
    assert "| Resource | Group | Item |" in shown
    assert "Disk SSD · data" in shown
    assert "### Assumptions" in shown
    assert "INCOMPLETE: lines without a price: 3" in shown


def test_a_given_price_has_no_date(web: Path, capsys: pytest.CaptureFixture[str]) -> None:
    web.write_text(MIXED, encoding="utf-8")
    assert run("estimate", web, "--format", "json") == 3
    result = json.loads(capsys.readouterr().out)
    given = [c for c in result["charges"] if c["price_source"].startswith("given")]
    assert [c["price_effective"] for c in given] == [None]
    assert result["unpriced"] == 3
    assert run("estimate", web, "--format", "csv") == 3
    assert f",,given: {web}:8," in capsys.readouterr().out


def test_the_sum_of_nothing_is_not_zero(web: Path, capsys: pytest.CaptureFixture[str]) -> None:
    web.write_text(
        WEB.replace("id: web", "id: iron")
        .replace("service: vm", "service: bare_metal")
        .replace("{flavor: STD3-4-16, disks: [{type: ceph-ssd, size_gb: 100}], public_ip: true, os: linux}", "{}")
    )
    for name in ("table", "md"):
        assert run("estimate", web, "--format", name, "--lang", "en") == 3
        shown = capsys.readouterr().out
        assert "Total: no price" in shown
        assert "0.00" not in shown
    assert run("estimate", web, "--format", "json") == 3
    assert json.loads(capsys.readouterr().out)["total"] == "0.00"
