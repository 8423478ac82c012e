"""Kubernetes clusters with their node groups, databases with their shards.

Rules: vk-cs/vkcs provider documentation (v0.16), labels and defaults of each resource. A node group is a part of its
cluster's cost: one resource `kubernetes` holds both. An autoscaled group gives a range whose expected value is the
number of nodes it starts with.
"""

from decimal import Decimal
from typing import Any

from costlab.inventory.sources.terraform.plan import Planned, blocks_of
from costlab.inventory.sources.terraform.reading import Reading, whole
from costlab.inventory.sources.terraform.shapes import disk, shape, to_fill_in
from costlab.model.numbers import Text
from costlab.services.database import Spec as Database
from costlab.services.parts.shapes import disk_type_named

MASTER_DISK_GB = Decimal(50)
"""Default of the label `master_volume_size` of the first generation; that of etcd is the service's own assumption."""
NODE_TYPE = "ceph-ssd"
_ENGINES = {
    "postgresql": "postgresql", "postgresql_multiaz": "postgresql", "mysql": "mysql", "galera_mysql": "mysql",
    "redis": "redis", "mongodb": "mongodb", "clickhouse": "clickhouse", "tarantool": "tarantool",
    "opensearch": "opensearch", "postgrespro": "postgrespro", "postgrespro_enterprise": "postgrespro",
    "postgrespro_enterprise_1c": "postgrespro",
}  # fmt: skip
"""Datastore types of the provider → engines of the price list."""


def kubernetes_cluster(reading: Reading, planned: Planned) -> None:
    """A cluster of the first generation: masters by flavor, disks by labels, its node groups."""
    labels = planned.values.get("labels")
    labels = labels if isinstance(labels, dict) else {}
    kind = str(labels.get("cluster_node_volume_type") or NODE_TYPE).lower()
    size = reading.number(planned, "master_disk_gb", labels.get("master_volume_size"))
    etcd = reading.number(planned, "etcd_disk_gb", labels.get("etcd_volume_size"))
    if size is None:
        size = MASTER_DISK_GB
        why = Text(en="the provider's default of the label master_volume_size",
                   ru="значение метки master_volume_size по умолчанию")  # fmt: skip
        reading.assume(planned, "master_disk_gb", f"{size}", why)
    masters = {"disk_gb": size, "disk_type": disk_type_named(kind) or NODE_TYPE}
    masters |= {} if etcd is None else {"etcd_disk_gb": etcd}
    public = planned.values.get("floating_ip_enabled") is True
    _cluster(reading, planned, 1, masters, public, labels_type=disk_type_named(kind) or NODE_TYPE)


def kubernetes_cluster_v2(reading: Reading, planned: Planned) -> None:
    """A cluster of the second generation: no disk sizes in the resource, so the documented ones are taken."""
    public = planned.values.get("public_ip") is True
    if planned.is_unknown("public_ip"):
        why = Text(en="whether the cluster gets a public address is known after apply",
                   ru="будет ли у кластера публичный адрес, известно после применения")  # fmt: skip
        reading.assume(planned, "public_ip", "false", why)
    _cluster(reading, planned, 2, {}, public, labels_type=None)


def _cluster(
    reading: Reading, planned: Planned, generation: int, masters: dict[str, Any], public: bool, labels_type: str | None
) -> None:
    found = shape(reading, planned, None, planned.get("master_flavor"), "master_flavor")
    groups = [g for kind in ("kubernetes_node_group", "kubernetes_node_group_v2") for g in reading.items
              if g.kind == kind and planned in _clusters_of(reading, g)]  # fmt: skip
    built = [spec for g in groups if (spec := _group(reading, g, labels_type)) is not None]
    if found is None or "flavor" not in found.spec:
        why = "the flavor of the masters is not in the plan", "конфигурации мастер-узлов в плане нет"
        reading.missing(planned, "master_flavor", *why)
        return
    zones = planned.get("availability_zones")
    named = zones if isinstance(zones, list) and len(zones) == 1 else (planned.get("availability_zone"),)
    count = planned.get("master_count")
    spec = {
        "generation": generation,
        "masters": masters | {"count": 1 if count is None else count, "flavor": found.spec["flavor"]},
        "groups": built,
        "public_ip": public,
        "zone": reading.zone(planned, *named),
    }
    reading.add(planned, "kubernetes", spec)


def _clusters_of(reading: Reading, group: Planned) -> list[Planned]:
    key = "cluster_id" if "cluster_id" in {**group.values, **group.unknown} else "cluster_uuid"
    return reading.refers(group, key, value=group.get(key))


def _group(reading: Reading, group: Planned, labels_type: str | None) -> dict[str, Any] | None:
    """A node group as a part of its cluster's spec; None when its shape is not known."""
    flavor = group.get("node_flavor") or group.get("flavor_id")
    key = "node_flavor" if group.kind.endswith("_v2") else "flavor_id"
    found = shape(reading, group, None, flavor, key)
    size = reading.number(group, "disk_gb", group.get("disk_size") or group.get("volume_size"))
    nodes = _nodes(group)
    lacking = [
        name
        for name, known in (
            ("flavor", found is not None and "flavor" in found.spec), ("disk_gb", size is not None),
            ("nodes", nodes is not None),
        )
        if not known
    ]  # fmt: skip
    if lacking or found is None or size is None:
        keys = ", ".join(lacking)
        reading.missing(group, keys, f"the provider chooses it at apply: {keys}",
                        f"провайдер выберет при применении: {keys}")  # fmt: skip
        return None
    kind = group.get("disk_type") or group.get("volume_type") or labels_type
    owner = next(iter(_clusters_of(reading, group)))
    reading.aside(group, "part_of", f"counted in {owner.address}", f"учтено в {owner.address}")
    name = str(group.get("name") or group.address)
    return {
        "name": name, "nodes": nodes, "flavor": found.spec["flavor"],
        "disk": disk(reading, group, size, kind),
    }  # fmt: skip


def _nodes(group: Planned) -> Any:
    """Number of nodes, or the range of an autoscaled group; 0 is legal."""
    low: Any
    high: Any
    now: Any
    if group.kind.endswith("_v2"):
        scaled = "auto" in str(group.get("scale_type") or "")
        low, high = group.values.get("auto_scale_min_size"), group.values.get("auto_scale_max_size")
        now = group.values.get("fixed_scale_node_count")
    else:
        scaled = group.values.get("autoscaling_enabled") is True
        low, high, now = (group.values.get(k) for k in ("min_nodes", "max_nodes", "node_count"))
    if not scaled:
        return now if whole(now) else None
    if not whole(low) or not whole(high):
        return None
    expected = now if whole(now) and low <= now <= high else low
    return {"min": low, "max": high, "expected": expected}


def node_group(reading: Reading, planned: Planned) -> None:
    """A node group whose cluster is not in the plan."""
    if planned.address not in reading.done:
        reading.missing(planned, "cluster_id", "its cluster is not in the plan; price both together",
                        "его кластера в плане нет; рассчитывайте вместе с кластером")  # fmt: skip


def kubernetes_addon(reading: Reading, planned: Planned) -> None:
    """Free itself; what it creates in the cluster is not in the plan."""
    why = Text(en="an add-on may create load balancers and volumes, which a plan does not hold",
               ru="аддон может создать балансировщики и тома, в плане их нет")  # fmt: skip
    reading.assume(planned, "standard_load_balancers", "0", why)
    reading.aside(planned, "free", "an add-on is free", "аддон бесплатен")


def db_instance(reading: Reading, planned: Planned) -> None:
    """A single node; a replica is a node of its own."""
    size = reading.number(planned, "size_gb", planned.get("size"))
    _database(reading, planned, planned.values, size, {"topology": "single"})


def db_cluster(reading: Reading, planned: Planned) -> None:
    """Nodes of one shape."""
    size = reading.number(planned, "size_gb", planned.get("volume_size"))
    zones = planned.get("availability_zones")
    several = isinstance(zones, list) and len({str(z) for z in zones}) > 1
    many = several or str(planned.block("datastore").get("type")) == "postgresql_multiaz"
    shape_of = {"topology": "cluster", "nodes": planned.get("cluster_size"), "multi_az": many or None}
    _database(reading, planned, planned.values, size, shape_of)


def db_cluster_with_shards(reading: Reading, planned: Planned) -> None:
    """Every shard is priced as a cluster of its own: shapes and disks may differ."""
    for index, shard in enumerate(planned.blocks("shard")):
        size = reading.number(planned, "size_gb", shard.get("volume_size"))
        asked = {"topology": "cluster", "nodes": shard.get("size")}
        suffix = f"#{shard.get('shard_id') or index + 1}"
        _database(reading, planned, {**planned.values, **shard}, size, asked, suffix, "shard")
    if planned.address not in reading.done:
        reading.missing(planned, "shard", "the shards are not in the plan", "шардов в плане нет")


def _database(
    reading: Reading, planned: Planned, values: dict[str, Any], size: Decimal | None, asked: dict[str, Any],
    suffix: str = "", *path: str,
) -> None:  # fmt: skip
    store = planned.block("datastore")
    engine = _ENGINES.get(str(store.get("type") or "").lower())
    found = shape(reading, planned, None, values.get("flavor_id"), *path, "flavor_id")
    if engine is None:
        said = str(store.get("type") or "?")
        reading.missing(planned, "engine", f"“{said}” is not in the price list", f"«{said}» нет в прайс-листе")
        return
    if size is None:
        reading.missing(planned, "size_gb", "not in the plan", "в плане нет")
        return
    if found is None:
        found = to_fill_in(values.get("flavor_id"))
    data = disk(reading, planned, size, values.get("volume_type"))
    spec = asked | found.spec | {
        "engine": engine,
        "disk": data,
        "version": str(store["version"]) if store.get("version") else None,
        "wal_gb": _wal(reading, planned, values, data),
        "backup_gb": _backups(reading, planned, size),
        "public_ip": values.get("floating_ip_enabled") is True,
        "zone": reading.zone(planned) if not asked.get("multi_az") else None,
    }  # fmt: skip
    grown = {k: _growth(values, k) for k in ("disk_autoexpand", "wal_disk_autoexpand")}
    growing = {"disk_autoexpand": grown["disk_autoexpand"], "wal_autoexpand": grown["wal_disk_autoexpand"]}
    wanted = {k: v for k, v in growing.items() if v is not None}
    if wanted and not _accepts(spec | wanted):
        why = Text(en="the price list's rules refuse this growth of the disk: its high end is left out",
                   ru="правила не допускают такого роста диска: верхняя граница не учтена")  # fmt: skip
        reading.assume(planned, "disk_autoexpand", "", why)
        wanted = {}
    reading.add(planned, "database", spec | wanted, suffix=suffix)


def _accepts(spec: dict[str, Any]) -> bool:
    try:
        Database.model_validate({k: v for k, v in spec.items() if v is not None})
    except ValueError:
        return False
    return True


def _wal(reading: Reading, planned: Planned, values: dict[str, Any], data: dict[str, Any]) -> Decimal | None:
    blocks = blocks_of(values.get("wal_volume"))
    if not blocks:
        return None
    said = str(blocks[0].get("volume_type") or data["type"]).lower()
    if said != data["type"]:
        why = Text(en=f"the WAL disk is “{said}”: the data disk's type is priced",
                   ru=f"диск WAL — «{said}»: рассчитан по типу диска данных")  # fmt: skip
        reading.assume(planned, "wal_volume.volume_type", str(data["type"]), why)
    return reading.number(planned, "wal_gb", blocks[0].get("size"))


def _growth(values: dict[str, Any], key: str) -> dict[str, Any] | None:
    for block in blocks_of(values.get(key)):
        if block.get("autoexpand") is True and block.get("max_disk_size"):
            return {"max_gb": block["max_disk_size"]}
    return None


def _backups(reading: Reading, planned: Planned, size: Decimal) -> Decimal | None:
    """Backups by schedule: at most as many full copies as are kept, each as large as the data disk."""
    kept = planned.block("backup_schedule").get("keep_count")
    if reading.overridden(planned, "backup_gb") is not None or not whole(kept) or not kept:
        return None
    most = size * Decimal(kept)
    why = Text(en="the most the scheduled backups can take: copies kept × the data disk",
               ru="больше резервные копии по расписанию не займут: число копий × диск данных")  # fmt: skip
    reading.assume(planned, "backup_gb", f"{most:f}", why)
    return most


def db_backup(reading: Reading, planned: Planned) -> None:
    """A backup: at most as large as the disk it copies."""
    size = reading.number(planned, "stored_gb", planned.get("size"))
    if size is None:
        for source in reading.refers(planned, "dbms_id", value=planned.get("dbms_id")):
            size = reading.number(source, "size_gb", source.get("size") or source.get("volume_size"))
            if size is not None:
                why = Text(en="size of the database's disk, which is the most a backup takes",
                           ru="размер диска базы: больше копия не займёт")  # fmt: skip
                reading.assume(planned, "stored_gb", f"{size:f}", why)
                break
    if size is None:
        reading.missing(planned, "stored_gb", "the size is not in the plan", "размера в плане нет")
        return
    reading.add(planned, "object_storage", {"class": "backup", "stored_gb": size})
