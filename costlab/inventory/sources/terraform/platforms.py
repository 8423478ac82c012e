"""Data Platform, ML Platform, Spark and backup plans of Terraform.

Rules: vk-cs/vkcs provider documentation (v0.16). Sizes of pods are Kubernetes quantities (`500m`, `4Gi`); what a
template would fill in is not in a plan and is listed.
"""

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, get_args

from costlab.inventory.sources.terraform.plan import Planned
from costlab.inventory.sources.terraform.reading import Reading, quantity, whole
from costlab.inventory.sources.terraform.shapes import disk, shape
from costlab.model.numbers import Text
from costlab.services.backup import FULL_EVERY_DAYS
from costlab.services.data_platform import Part
from costlab.services.ml_platform import BOOT_DISK_TYPE

_CORES = re.compile(r"([0-9]+(?:\.[0-9]+)?)(m?)\Z")
_ML = {
    "mlplatform_jupyterhub": "jupyterhub",
    "mlplatform_mlflow": "mlflow",
    "mlplatform_mlflow_deploy": "mlflow-deploy",
}
_WEEK_HOURS = 7 * 24


def dataplatform_cluster(reading: Reading, planned: Planned) -> None:
    """A product by its pod groups; without them its template decides, which is not in the plan."""
    said = str(planned.get("product_name") or "").lower()
    product = next((p for p in get_args(Part) if said == p or said.startswith(f"{p}-")), None)
    nodes = [n for g in planned.blocks("pod_groups") if (n := _pods(reading, planned, g)) is not None]
    if product is None:
        reading.missing(planned, "product", f"product “{said}” is not in the price list",
                        f"продукта «{said}» нет в прайс-листе")  # fmt: skip
        return
    if not nodes or len(nodes) < sum(1 for g in planned.blocks("pod_groups") if g.get("count") != 0):
        reading.missing(planned, "pod_groups", "sizes come from the product's template, which is not in the plan",
                        "размеры берутся из шаблона продукта, в плане их нет")  # fmt: skip
        return
    pool = planned.get("floating_ip_pool") or reading.plan.references(planned, "floating_ip_pool")
    public = int(bool(pool))
    if planned.is_unknown("floating_ip_pool"):
        why = Text(en="whether it gets a public address is known after apply",
                   ru="будет ли публичный адрес, известно после применения")  # fmt: skip
        reading.assume(planned, "public_ip", "0", why)
    spec = {"product": product, "nodes": nodes, "public_ip": public, "zone": reading.zone(planned)}
    reading.add(planned, "data_platform", spec)


def _pods(reading: Reading, planned: Planned, group: dict[str, Any]) -> dict[str, Any] | None:
    """A pod group as a node; None when it has no pods or its size is not known."""
    resource = group.get("resource")
    resource = resource if isinstance(resource, dict) else {}
    vcpu, ram = cores(resource.get("cpu_request")), quantity(resource.get("ram_request"))
    count = group.get("count")
    if count == 0 or not vcpu or not ram or not isinstance(count, int):
        return None
    node: dict[str, Any] = {"role": str(group.get("name") or "pods"), "count": count, "vcpu": vcpu, "ram_gb": ram}
    volumes = group.get("volumes")
    if volumes is not None and not isinstance(volumes, dict):
        return None
    for name, volume in (volumes or {}).items():
        size, each = quantity(volume.get("storage")), volume.get("count")
        if size is None:
            return None
        total = size * (each if isinstance(each, int) and each > 0 else 1)
        key = "wal_disk" if name == "wal" else "disk"
        made = disk(reading, planned, total, volume.get("storage_class_name"))
        if key in node and node[key]["type"] != made["type"]:
            why = Text(en="a second type of data disk", ru="второй тип диска данных")
            reading.incomplete(planned, "value_unknown", key=f"volumes.{name}", reason=why)
            continue
        node[key] = made if key not in node else made | {"size_gb": node[key]["size_gb"] + total}
    return node


def cores(value: Any) -> Decimal | None:
    """Cores of a Kubernetes quantity.

    >>> cores("500m"), cores(2)
    (Decimal('0.5'), Decimal('2'))
    """
    found = _CORES.match(str(value)) if value is not None and not isinstance(value, bool) else None
    return None if found is None else Decimal(found[1]) / (1000 if found[2] else 1)


def ml_component(reading: Reading, planned: Planned) -> None:
    """JupyterHub, MLflow, MLflow Deploy: a machine with disks and addresses."""
    found = shape(reading, planned, None, planned.get("flavor_id"), "flavor_id")
    if found is None:
        reading.missing(planned, "flavor", "the flavor is not in the plan", "конфигурации в плане нет")
        return
    component = _ML[planned.kind]
    volume = planned.block("boot_volume")
    boot = reading.number(planned, "boot_disk_gb", volume.get("size"))
    disks = _volumes(reading, planned)
    if boot is not None and volume.get("volume_type") not in (None, BOOT_DISK_TYPE):
        disks, boot = [*disks, disk(reading, planned, boot, volume.get("volume_type"))], Decimal(0)
    spec = found.spec | {
        "component": component,
        "disks": disks,
        "boot_disk_gb": boot,
        "demo": planned.values.get("demo_mode") is True and component == "mlflow",
        "public_ip": _addresses(reading, planned),
        "zone": reading.zone(planned),
    }
    reading.add(planned, "ml_platform", spec)


def _volumes(reading: Reading, planned: Planned) -> list[dict[str, Any]]:
    sizes = ((quantity(v.get("size")), v.get("volume_type")) for v in planned.blocks("data_volumes"))
    return [disk(reading, planned, size, kind) for size, kind in sizes if size is not None]


def _addresses(reading: Reading, planned: Planned) -> int:
    pools = enumerate(planned.blocks("networks"))
    addresses = (b.get("ip_pool") or reading.plan.references(planned, "networks", n, "ip_pool") for n, b in pools)
    return sum(map(bool, addresses))


def mlplatform_k8s_registry(reading: Reading, planned: Planned) -> None:
    """A machine that keeps images; its boot disk's size is the provider's choice when not given."""
    found = shape(reading, planned, None, planned.get("flavor_id"), "flavor_id")
    if found is None:
        reading.missing(planned, "flavor", "the flavor is not in the plan", "конфигурации в плане нет")
        return
    boot = planned.block("boot_volume")
    size = reading.number(planned, "boot_disk_gb", boot.get("size"))
    disks = _volumes(reading, planned)
    if size is None:
        why = Text(en="the provider chooses the boot disk's size", ru="размер загрузочного диска выберет провайдер")
        reading.incomplete(planned, "value_unknown", key="boot_disk_gb", reason=why)
    else:
        disks.append(disk(reading, planned, size, boot.get("volume_type")))
    reading.add(
        planned,
        "vm",
        found.spec | {"disks": disks, "public_ip": _addresses(reading, planned), "zone": reading.zone(planned)},
    )


def mlplatform_spark_k8s(reading: Reading, planned: Planned) -> None:
    """A cluster of workers; sleeping and deletion when idle are told, and not counted on."""
    group = planned.block("node_groups")
    found = shape(reading, planned, None, group.get("flavor_id"), "node_groups", "flavor_id")
    size = reading.number(planned, "disk_gb", group.get("volume_size"))
    if found is None or "flavor" not in found.spec:
        reading.missing(planned, "flavor", "the flavor of a worker is not in the plan",
                        "конфигурации рабочего узла в плане нет")  # fmt: skip
        return
    if size is None:
        reading.missing(planned, "disk_gb", "the provider chooses the disks of the workers",
                        "диски рабочих узлов выберет провайдер")  # fmt: skip
        return
    workers: Any = group.get("node_count")
    if group.get("autoscaling_enabled") is True and {"min_nodes", "max_nodes"} <= set(group):
        low, high = group["min_nodes"], group["max_nodes"]
        inside = whole(low) and whole(high) and whole(workers) and low <= workers <= high
        workers = {"min": low, "max": high, "expected": workers if inside else low}
    if planned.get("suspend_after_inactive_min") or planned.get("delete_after_inactive_min"):
        why = Text(en="the cluster sleeps or is deleted when idle; it is priced as always awake",
                   ru="кластер засыпает или удаляется без нагрузки; рассчитан как всегда работающий")  # fmt: skip
        reading.assume(planned, "schedule", "always", why)
    pool = planned.get("ip_pool") or reading.plan.references(planned, "ip_pool")
    spec = {
        "mode": planned.get("cluster_mode"), "workers": workers, "flavor": found.spec["flavor"],
        "disk": disk(reading, planned, size, group.get("volume_type")), "private": not pool,
        "zone": reading.zone(planned),
    }  # fmt: skip
    reading.add(planned, "spark_k8s", spec)


def backup_plan(reading: Reading, planned: Planned) -> None:
    """Copies by schedule of the disks of what the plan protects; ratios are assumed by the backup service."""
    size = reading.number(planned, "disk_gb", None) or _protected(reading, planned)
    schedule, kept = planned.block("schedule"), planned.block("full_retention").get("max_full_backup")
    gfs = planned.block("gfs_retention")
    if not size:
        reading.missing(planned, "disk_gb", "what the plan protects is not in this plan, nor its size",
                        "того, что защищает план копирования, здесь нет, размер неизвестен")  # fmt: skip
        return
    days = schedule.get("date")
    hours = schedule.get("every_hours") or (_WEEK_HOURS // len(days) if isinstance(days, list) and days else 24)
    partial = planned.values.get("incremental_backup") is True
    full_days = FULL_EVERY_DAYS if partial else max(1, -(-hours // 24))
    if not partial and (hours % 24 or full_days * 24 != hours):
        why = Text(en="every run is a full copy; priced as a full copy a day with increments between",
                   ru="каждый запуск — полная копия; рассчитано: полная в сутки, между ними инкременты")  # fmt: skip
        reading.assume(planned, "full_every_days", str(full_days), why)
    rule = {"max_full_copies": kept} if kept else {
        "keep_weeks": gfs.get("gfs_weekly"), "keep_months": gfs.get("gfs_monthly"), "keep_years": gfs.get("gfs_yearly"),
    }  # fmt: skip
    spec = {"disk_gb": size, "every_hours": hours, "full_every_days": full_days} | rule
    reading.add(planned, "backup", spec)


def _protected(reading: Reading, planned: Planned) -> Decimal:
    """GB of all disks of the machines, databases and volumes that a plan names."""
    total = Decimal(0)
    found = list(reading.refers(planned, "instance_ids"))
    found += reading.refers(planned, "backup_targets")
    listed = planned.values.get("instance_ids")
    for value in listed if isinstance(listed, list) else []:
        found += [p for p in reading.refers(planned, "", value=value) if p not in found]
    volumes = [p for p in found if p.kind == "blockstorage_volume"]
    for item in found:
        sizes: Iterable[Decimal | None]
        if item.kind == "blockstorage_volume" or (item.kind == "compute_instance" and not volumes):
            blocks = [item.values] if item.kind == "blockstorage_volume" else item.blocks("block_device")
            sizes = (quantity(b.get("size") or b.get("volume_size")) for b in blocks)
        elif item.kind.startswith("db_"):
            nodes = item.values.get("cluster_size")
            size = quantity(item.get("size") or item.get("volume_size"))
            sizes = [None if size is None else size * (Decimal(nodes) if isinstance(nodes, int) else 1)]
        else:
            continue
        total += sum((s for s in sizes if s is not None), Decimal(0))
    return total
