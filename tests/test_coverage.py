"""Coverage: every system the platform sells has a row, and no row hides a published price."""

from fnmatch import fnmatchcase

import pytest

from costlab import services
from costlab.catalog.loading import load_catalog
from costlab.catalog.report import coverage
from costlab.exports.catalog import catalog_table

SOLD = (
    "vm gpu_vm bare_metal desktop disk object_storage file_share backup cyber_backup network dns cdn load_balancer "
    "anti_ddos waf vpn direct_connect kubernetes mysql postgresql postgrespro clickhouse redis mongodb opensearch "
    "tarantool greenplum data_platform kafka spark trino iceberg flink airflow hadoop streams ml_platform spark_k8s "
    "voice vision alerting logging monitoring one_c marketplace billing audit iam keystone support "
    "professional_services secret_manager captcha security_gate licence"
)
EXPECTED = {
    "free": "alerting audit billing dns iam keystone logging monitoring network secret_manager support vpn",
    "legacy": "hadoop queues streams",
    "on_request": "advanced_router anti_ddos anycast_ip bare_metal captcha direct_connect professional_services waf",
}


def test_every_system_has_a_row() -> None:
    rows = {row["service"]: row for row in coverage(load_catalog())}
    assert set(SOLD.split()) <= set(rows)
    assert set(services.names()) <= set(rows)
    for status, names in EXPECTED.items():
        assert {name for name, row in rows.items() if row["status"] == status} == set(names.split())
    assert all(row["skus"] for row in rows.values())
    assert all(row["services"] for name, row in rows.items() if name != "queues")
    assert {s for row in rows.values() for s in row["services"]} == set(services.names())


def test_what_has_a_published_price_is_priced() -> None:
    catalog = load_catalog()
    for row in coverage(catalog):
        assert row["skus"] == sum(row[x] for x in ("priced", "free", "on_request", "ended")), row
        if row["status"] in ("free", "on_request"):
            assert row["priced"] == 0, row
        own = [s for s in catalog.skus if s.service == row["service"]]
        if any(r.until is None and (r.tiers or r.price) for s in own for r in s.rates):
            assert row["status"] in ("priced", "legacy"), row
    shown = {s.service for s in catalog.skus}
    assert shown <= {row["service"] for row in coverage(catalog)}


def test_the_facts_name_what_exists() -> None:
    catalog = load_catalog()
    for name, facts in catalog.facts("systems").items():
        assert set(facts) <= {"title", "services", "skus", "legacy", "note", "source"}, name
        assert facts.get("source", "vk-docs-tools") in catalog.sources, name
        assert set(facts.get("services", ())) <= set(services.names()), name
        for texts in (facts["title"], facts.get("note", facts["title"])):
            assert set(texts) == {"en", "ru"}, name
        for pattern in facts.get("skus", ()):
            assert any(fnmatchcase(s.sku_id, pattern) for s in catalog.skus), (name, pattern)


@pytest.mark.parametrize(("language", "words"), [("ru", ("есть цена", "по запросу")), ("en", ("priced", "on request"))])
def test_the_table_speaks_both_languages(language: str, words: tuple[str, ...]) -> None:
    text = catalog_table("coverage", coverage(load_catalog()), language)
    assert all(word in text for word in words)
    assert "Keystone" in text
