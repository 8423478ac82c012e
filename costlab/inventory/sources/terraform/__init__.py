"""Terraform: the JSON of a plan or of a state (`terraform show -json`), or a folder of `.tf` files as best effort.

Providers `vkcs` and `openstack`. The result holds the resources after the plan is applied and, for a plan, those
before it: both are priced by the same program, so a change of a plan is an ordinary comparison of two estimates.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from costlab.catalog.loading import load_catalog
from costlab.errors import InputError, near
from costlab.inventory.reading.sample import Options, Sample
from costlab.inventory.sources.terraform import clusters, compute, hcl, platforms
from costlab.inventory.sources.terraform.folders import roots_of, uncalled
from costlab.inventory.sources.terraform.kinds import LOCAL, is_free
from costlab.inventory.sources.terraform.plan import PROVIDERS, Plan, Planned, ShapeError, mapping, plan_of
from costlab.inventory.sources.terraform.reading import Reading
from costlab.model.inventory import Inventory, SetAside
from costlab.model.numbers import Args, Problem, Text
from costlab.model.prices import Region
from costlab.model.scenario import Resource

TITLE = Text(en="Terraform plan, state or configuration", ru="План, состояние или конфигурация Terraform")

BILLABLE: dict[str, Callable[[Reading, Planned], None]] = {
    "compute_instance": compute.compute_instance,
    "blockstorage_volume": compute.blockstorage_volume,
    "blockstorage_snapshot": compute.blockstorage_snapshot,
    "images_image": compute.images_image,
    "sharedfilesystem_share": compute.sharedfilesystem_share,
    "networking_floatingip": compute.networking_floatingip,
    "networking_port": compute.networking_port,
    "networking_anycastip": compute.networking_anycastip,
    "lb_loadbalancer": compute.lb_loadbalancer,
    "dc_router": compute.dc_router,
    "dc_interface": compute.dc_interface,
    "cdn_resource": compute.cdn_resource,
    "objectstorage_container": compute.bucket,
    "kubernetes_cluster": clusters.kubernetes_cluster,
    "kubernetes_cluster_v2": clusters.kubernetes_cluster_v2,
    "kubernetes_node_group": clusters.node_group,
    "kubernetes_node_group_v2": clusters.node_group,
    "kubernetes_addon": clusters.kubernetes_addon,
    "db_instance": clusters.db_instance,
    "db_cluster": clusters.db_cluster,
    "db_cluster_with_shards": clusters.db_cluster_with_shards,
    "db_backup": clusters.db_backup,
    "dataplatform_cluster": platforms.dataplatform_cluster,
    "mlplatform_jupyterhub": platforms.ml_component,
    "mlplatform_mlflow": platforms.ml_component,
    "mlplatform_mlflow_deploy": platforms.ml_component,
    "mlplatform_k8s_registry": platforms.mlplatform_k8s_registry,
    "mlplatform_spark_k8s": platforms.mlplatform_spark_k8s,
    "backup_plan": platforms.backup_plan,
}
"""Types without the provider's prefix → what reads them."""

_ID = 200
_NOT_IN_PLAN: Args = {"key": "flavor", "reason": Text(en="not in the plan", ru="в плане нет")}
_ORDER = ("kubernetes_cluster", "kubernetes_cluster_v2")
"""Read first: they take their node groups with them."""


def matches(sample: Sample) -> bool:
    """A plan or a state as JSON, or `.tf` files."""
    if sample.kind == "folder":
        return any(f.kind == "hcl" or _is_configuration(f.path) for f in sample.files)
    if sample.kind == "hcl" or _is_configuration(sample.path):
        return True
    data = sample.data if sample.kind == "json" else None
    if not isinstance(data, dict) or "terraform_version" not in data:
        return False
    return "format_version" in data or "resources" in data


def read(sample: Sample, options: Options) -> Inventory:
    """Resources after (and before) the plan. Raises `InputError` for a plan of another format."""
    if sample.kind in ("folder", "hcl") or _is_configuration(sample.path):
        return _of_sources(sample, options)
    return _of_json(sample, options)


def _is_configuration(path: Path) -> bool:
    return path.name.endswith((".tf", ".tf.json"))


def _of_sources(sample: Sample, options: Options) -> Inventory:
    """A file or a folder of sources; a plan that lies beside them says more, and is taken. Raises `InputError`."""
    plans = [f for f in sample.files if f.kind == "json" and not _is_configuration(f.path) and matches(f)]
    if len(plans) > 1:
        args = {"plans": ", ".join(f.source for f in plans)}
        raise InputError(Problem(code="several_plans", source=sample.source, args=args))
    if plans:
        found = _of_json(plans[0], options)
        beside = SetAside(
            origin=sample.source, name=sample.source, code="beside_plan",
            reason=Text(en="the plan beside them is read instead", ru="вместо них прочитан план рядом"),
        )  # fmt: skip
        return found.model_copy(update={"set_aside": (*found.set_aside, beside), "read": found.read + 1})
    if sample.kind != "folder" or not sample.path.is_dir():
        return _inventory(hcl.plan_of(sample)[0], options)
    roots = roots_of(sample.path)
    inventories = []
    called: set[Path] = set()
    for root in roots:
        plan, own = hcl.plan_of_folder(root)
        called |= {root.resolve(), *own}
        alone = len(roots) == 1
        scope = "" if alone else f"{root.relative_to(sample.path)}/"
        inventories.append((root, _inventory(plan, options.model_copy(update={"scope": scope}))))
    spare = tuple(
        SetAside(
            origin=str(path), name=str(path.relative_to(sample.path)), code="not_called",
            reason=Text(en="nothing in the root calls this folder", ru="корень не вызывает эту папку"),
        )
        for path in uncalled(sample.path, called)
    )  # fmt: skip
    if len(inventories) == 1:
        one = inventories[0][1]
        return one.model_copy(
            update={"source": sample.source, "set_aside": (*one.set_aside, *spare), "read": one.read + len(spare)}
        )
    return _together(sample, inventories, spare)


def _together(sample: Sample, inventories: list[tuple[Path, Inventory]], spare: tuple[SetAside, ...]) -> Inventory:
    """Several roots, each a group of its own: equal addresses in two roots are two things."""
    resources, unfilled, aside, problems = [], [], list(spare), []
    for root, found in inventories:
        name = str(root.relative_to(sample.path))
        resources += [_of_root(r, name) for r in found.resources]
        unfilled += [_of_root(r, name) for r in found.unfilled]
        aside += [a.model_copy(update={"name": f"{name}/{a.name}"}) for a in found.set_aside]
        problems += [
            p.model_copy(update={"subject": f"{name}/{p.subject}" if p.subject else name}) for p in found.problems
        ]
    names = ", ".join(str(root.relative_to(sample.path)) for root, _ in inventories)
    problems.append(Problem(code="several_roots", source=sample.source, args={"roots": names}))
    first = inventories[0][1]
    return first.model_copy(
        update={
            "source": sample.source,
            "read": sum(found.read for _, found in inventories) + len(spare),
            "resources": tuple(resources),
            "unfilled": tuple(unfilled),
            "set_aside": tuple(aside),
            "problems": tuple(problems),
        }
    )


def _of_root(resource: Resource, name: str) -> Resource:
    group = "/".join(p for p in (name, resource.group) if p)
    return resource.model_copy(update={"resource_id": f"{name}/{resource.resource_id}"[:_ID], "group": group})


def _of_json(sample: Sample, options: Options) -> Inventory:
    """A plan or a state. Raises `InputError`."""
    data = sample.data
    if "format_version" not in data:
        raise InputError(Problem(code="raw_state", source=sample.source))
    if str(data["format_version"]).partition(".")[0] not in ("0", "1"):
        args = {"value": str(data["format_version"])}
        raise InputError(Problem(code="terraform_format", source=sample.source, args=args))
    try:
        return _inventory(plan_of(data, sample.source), options)
    except ShapeError as error:
        raise InputError(Problem(code="terraform_shape", source=sample.source, args={"key": str(error)})) from None


def _inventory(plan: Plan, options: Options) -> Inventory:
    region = _region(plan, options)
    after = _read(plan, plan.after, options, region)
    before = None if plan.before is None else _read(plan, plan.before, options, region)
    problems = after.told()
    if before is not None:
        known = {(p.code, p.subject) for p in problems}
        problems += [p for p in before.told() if (p.code, p.subject) not in known and p.code != "value_assumed"]
        waiting = {r.resource_id for r in after.unfilled}
        problems += [
            Problem(code="value_unknown", source=plan.source, subject=r.resource_id, args=_NOT_IN_PLAN)
            for r in before.unfilled
            if r.resource_id not in waiting
        ]
    problems += _of_the_plan(plan)
    return Inventory(
        source=plan.source,
        kind="terraform",
        read=len(plan.after),
        resources=tuple(after.resources),
        unfilled=tuple(after.unfilled),
        before=None if before is None else tuple(_renamed(plan, before.resources)),
        set_aside=tuple(after.set_aside),
        problems=tuple(problems),
        provider=options.provider,
        region=region.region,
    )


def _of_the_plan(plan: Plan) -> list[Problem]:
    """What is to know of the plan as a whole."""
    found = []
    if plan.errored:
        found.append(Problem(code="plan_errored", source=plan.source))
    if plan.deposed:
        found.append(Problem(code="plan_deposed", source=plan.source, args={"count": str(plan.deposed)}))
    found += [Problem(code="plan_forgotten", source=plan.source, subject=a) for a in plan.forgotten]
    found += [Problem(code="plan_deferred", source=plan.source, subject=a) for a in plan.deferred]
    if plan.partial:
        found.append(Problem(code="plan_partial", source=plan.source))
    found += [
        Problem(code="hcl_unresolved", source=plan.source, subject=a, args={"what": w}) for a, w in plan.unresolved
    ]
    return found


def _renamed(plan: Plan, before: list[Resource]) -> list[Resource]:
    """What moved keeps its new name on both sides, so that it is not both gone and new (`resource_changes` does it)."""
    names = {p.address for p in plan.after}
    return sorted(before, key=lambda r: r.resource_id not in names)


def _region(plan: Plan, options: Options) -> Region:
    """The region asked for, else the one the provider or the resources name, else the first of the list."""
    regions = load_catalog(options.provider, options.folder).provider.regions
    if options.region:
        if options.region not in regions:
            args = {"key": "region", "value": options.region, **near(options.region, regions)}
            raise InputError(Problem(code="not_allowed", source="--region", args=args))
        return regions[options.region]
    said: list[Any] = [p.values.get("region") for p in (*plan.after, *(plan.before or ()), *plan.data)]
    configs = mapping(plan.configuration, "provider_config")
    for name in configs:
        region = mapping(mapping(configs, name), "expressions").get("region")
        said.append(region.get("constant_value") if isinstance(region, dict) else None)
    kazakhstan = any(isinstance(s, str) and s.lower().startswith("kz") for s in said)
    first = next(iter(regions.values()))
    return next((r for n, r in regions.items() if n.startswith("kz")), first) if kazakhstan else first


def _read(plan: Plan, items: tuple[Planned, ...], options: Options, region: Region) -> Reading:
    """One end of a plan."""
    zones = dict.fromkeys(region.zones) | dict(region.zone_aliases)
    reading = Reading(plan, items, options, zones)
    for item in sorted(items, key=lambda i: i.kind not in _ORDER):
        if item.address not in reading.done:
            _one(reading, item)
    order = {item.address: n for n, item in enumerate(items)}
    reading.resources.sort(key=lambda r: order.get(r.resource_id.partition("#")[0], len(order)))
    # what of a resource is priced is no longer aside: the part without a price is told by its problem
    reading.set_aside = [a for a in reading.set_aside if a.name not in reading.mapped]
    reading.set_aside.sort(key=lambda a: order.get(a.name, len(order)))
    return reading


def _one(reading: Reading, item: Planned) -> None:
    kind = item.kind
    if item.absent:
        reading.aside(item, "no_instances", "`count` or `for_each` comes to none", "`count` или `for_each` — ни одного")
    elif item.type.startswith(LOCAL):
        reading.aside(item, "not_cloud", "exists in Terraform only", "есть только в Terraform")
    elif item.type.startswith("aws_s3_bucket"):
        if item.type == "aws_s3_bucket":
            compute.bucket(reading, item)
        else:
            reading.aside(item, "free", "a setting of a bucket is free", "настройка бакета бесплатна")
    elif not kind:
        provider = item.type.partition("_")[0]
        reason = Text(en=f"provider “{provider}” is not read", ru=f"провайдер «{provider}» не читается")
        reading.unknown(item, "other_provider", provider=provider, known=", ".join(PROVIDERS), reason=reason)
    elif item.missing:
        reading.missing(item, "values", "Terraform wrote no values of it", "Terraform не записал его значений")
    elif kind in BILLABLE:
        BILLABLE[kind](reading, item)
    elif is_free(kind):
        reading.aside(item, "free", "this type of resource is free", "ресурсы этого типа бесплатны")
    else:
        reason = Text(en=f"type {item.type} is not known", ru=f"тип {item.type} неизвестен")
        reading.unknown(item, "unknown_type", type=item.type, reason=reason)
