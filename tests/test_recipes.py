"""The README's recipe for a new service works: one file, its price data, and it is priced, listed and explained."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.test_papers import blocks

ROOT = Path(__file__).parent.parent
METER = """
network.dns_zone: {unit: zone, basis: minute, category: Networking, title: {en: DNS zone, ru: Зона DNS}}
"""
PRICES = """service: dns_zone
region: ru-msk
skus:
  - sku_id: vk.dns.zone
    meter: network.dns_zone
    name: {ru: Зона DNS, en: DNS zone}
    rates:
      - {effective: 2026-01-12, price: "30", per: 43200, source: vk-pricelist-2026-01-12, checked: 2026-11-22}
"""
ESTIMATE = """costlab: 1
name: zones
prices_on: 2026-11-01
resources:
  - {id: ours, service: dns_zone, spec: {zones: 3}}
"""


def test_a_service_is_one_file_and_its_prices(tmp_path: Path) -> None:
    for name in ("costlab", "price_catalog"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "costlab" / "services" / "dns_zone.py").write_text(
        blocks("python", "docs/recipes.md")[0], encoding="utf-8"
    )
    (tmp_path / "price_catalog" / "vk" / "dns_zone.yaml").write_text(PRICES, encoding="utf-8")
    with (tmp_path / "price_catalog" / "meters.yaml").open("a", encoding="utf-8") as meters:
        meters.write(METER)
    (tmp_path / "zones.yaml").write_text(ESTIMATE, encoding="utf-8")

    def costlab(*words: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "costlab.cli", *words],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(tmp_path)},
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout

    assert "ok" in costlab("catalog", "check")
    result = json.loads(costlab("estimate", "zones.yaml", "--format", "json"))
    assert (result["total"], result["complete"]) == ("90.00", True)
    assert result["charges"][0]["sku_id"] == "vk.dns.zone"
    coverage = json.loads(costlab("catalog", "coverage", "--format", "json"))
    assert {"service": "dns_zone", "status": "priced"}.items() <= next(
        r for r in coverage if r["service"] == "dns_zone"
    ).items()
    assert "DNS zone" in costlab("estimate", "zones.yaml", "--lang", "en")


def test_an_output_is_one_file(tmp_path: Path) -> None:
    for name in ("costlab", "price_catalog"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "costlab" / "exports" / "estimates" / "totals.py").write_text(
        blocks("python", "docs/recipes.md")[1], encoding="utf-8"
    )
    (tmp_path / "web.yaml").write_text(blocks("yaml")[0], encoding="utf-8")

    def python(*words: str) -> str:
        environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
        program = [sys.executable, *words]
        return subprocess.run(program, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True).stdout

    assert "totals" in python("-m", "costlab.cli", "estimate", "--help")
    shown = python("-m", "costlab.cli", "estimate", "web.yaml", "--format", "totals")
    assert shown.splitlines()[0].split("\t")[0] == "web"
    python("-m", "costlab.cli", "estimate", "web.yaml", "-o", "web.tsv")
    assert (tmp_path / "web.tsv").read_text(encoding="utf-8") == shown
    offered = python("-c", "from costlab.exports import estimates as exports; print(*exports.offered(exports.names()))")
    assert offered.split() == ["xlsx", "csv", "json", "md", "focus", "focus_parquet", "totals"]
