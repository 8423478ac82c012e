"""Terraform: the JSON of a plan or of a state (`terraform show -json`), or a folder of `.tf` files as best effort.

Providers `vkcs` and `openstack`. The result holds the resources after the plan is applied and, for a plan, those
before it: both are priced by the same program, so a change of a plan is an ordinary comparison of two estimates.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from costlab.catalog.loading import load_catalog
from costlab.errors import InputError, near
from costlab.inventory.reading.sample import Options, Sample
from costlab.inventory.sources.terraform import clusters, compute, hcl, platforms
from costlab.inventory.sources.terraform.documents import (
    beside,
    is_configuration,
    is_document,
    is_plan_file,
    is_stream,
    refuse_unreadable,
    sources_aside,
)  # fmt: skip
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
_LISTED = 5
_NOT_IN_PLAN: Args = {"key": "flavor", "reason": Text(en="not in the plan", ru="в плане нет")}
_ORDER = ("kubernetes_cluster", "kubernetes_cluster_v2")
"""Read first: they take their node groups with them."""


def matches(sample: Sample) -> bool:
    """A plan or a state as JSON, or `.tf` files; what Terraform writes in a form that cannot be read, to say so."""
    if sample.kind == "folder":
        return any(f.kind == "hcl" or is_configuration(f.path) for f in sample.files)
    if sample.kind == "hcl" or is_configuration(sample.path) or is_stream(sample) or is_plan_file(sample):
        return True
    return is_document(sample)


def read(sample: Sample, options: Options) -> Inventory:
    """Resources after (and before) the plan. Raises `InputError` for a plan of another format."""
    if sample.kind in ("folder", "hcl") or is_configuration(sample.path):
        return _of_sources(sample, options)
    refuse_unreadable(sample)
    return _of_json(sample, options)


def _of_sources(sample: Sample, options: Options) -> Inventory:
    """A file or a folder of sources; a plan that lies beside a root says more, and is taken. Raises `InputError`."""
    around = beside(sample)
    if sample.kind != "folder" or not sample.path.is_dir():
        own = _planned_instead(around.plans, sample.source, options)
        return _with_aside(own or _inventory(hcl.plan_of(sample, options)[0], options), around.set_aside)
    roots = roots_of(sample.path)
    inventories = []
    called: set[Path] = set()
    for root in roots:
        alone = len(roots) == 1
        scope = "" if alone else f"{root.relative_to(sample.path)}/"
        scoped = options.model_copy(update={"scope": scope})
        plans = around.plans if alone else around.of_root(root)
        if (planned := _planned_instead(plans, str(root), scoped)) is not None:
            inventories.append((root, planned))
            called |= {p.resolve() for p in (root, *uncalled(root, {root.resolve()}))}
            continue
        plan, own_modules = hcl.plan_of_folder(root, scoped)
        called |= {root.resolve(), *own_modules}
        inventories.append((root, _inventory(plan, scoped)))
    lost = [p.source for p in around.plans if len(roots) > 1 and not any(p in around.of_root(r) for r in roots)]
    if lost:
        raise InputError(Problem(code="plan_of_no_root", source=sample.source, args={"plans": ", ".join(lost)}))
    spare = tuple(
        SetAside(
            origin=str(path), name=str(path.relative_to(sample.path)), code="not_called",
            reason=Text(en="nothing in the root calls this folder", ru="корень не вызывает эту папку"),
        )
        for path in uncalled(sample.path, called)
    )  # fmt: skip
    if len(inventories) == 1:
        one = inventories[0][1].model_copy(update={"source": sample.source})
        return _with_aside(one, (*spare, *around.set_aside))
    return _together(sample, inventories, (*spare, *around.set_aside))


def _planned_instead(plans: Sequence[Sample], sources: str, options: Options) -> Inventory | None:
    """The plan that takes the place of sources, None where there is none. Raises `InputError` for several."""
    if len(plans) > 1:
        args = {"plans": ", ".join(f.source for f in plans)}
        raise InputError(Problem(code="several_plans", source=sources, args=args))
    return _with_aside(_of_json(plans[0], options), (sources_aside(sources),)) if plans else None


def _with_aside(inventory: Inventory, aside: tuple[SetAside, ...]) -> Inventory:
    return inventory.model_copy(
        update={"set_aside": (*inventory.set_aside, *aside), "read": inventory.read + len(aside)}
    )


def _together(sample: Sample, inventories: list[tuple[Path, Inventory]], spare: tuple[SetAside, ...]) -> Inventory:
    """Several roots, each a group of its own: equal addresses in two roots are two things."""
    resources, unfilled, aside, problems = [], [], list(spare), []
    for root, together in inventories:
        name = str(root.relative_to(sample.path))
        resources += [_of_root(r, name) for r in together.resources]
        unfilled += [_of_root(r, name) for r in together.unfilled]
        aside += [a.model_copy(update={"name": f"{name}/{a.name}"}) for a in together.set_aside]
        problems += [
            p.model_copy(update={"subject": f"{name}/{p.subject}" if p.subject else name}) for p in together.problems
        ]
    names = ", ".join(str(root.relative_to(sample.path)) for root, _ in inventories)
    problems.append(Problem(code="several_roots", source=sample.source, args={"roots": names}))
    first = inventories[0][1]
    return first.model_copy(
        update={
            "source": sample.source,
            "read": sum(together.read for _, together in inventories) + len(spare),
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
    of_the_plan = []
    if plan.errored:
        of_the_plan.append(Problem(code="plan_errored", source=plan.source))
    if plan.deposed:
        of_the_plan.append(Problem(code="plan_deposed", source=plan.source, args={"count": str(plan.deposed)}))
    of_the_plan += [Problem(code="plan_forgotten", source=plan.source, subject=a) for a in plan.forgotten]
    of_the_plan += [Problem(code="plan_deferred", source=plan.source, subject=a) for a in plan.deferred]
    of_the_plan += [Problem(code="plan_uncounted", source=plan.source, subject=a) for a in plan.uncounted]
    if plan.drifted:
        args = {"count": str(len(plan.drifted)), "names": ", ".join(plan.drifted[:_LISTED])}
        of_the_plan.append(Problem(code="plan_drifted", source=plan.source, args=args))
    if plan.partial:
        of_the_plan.append(Problem(code="plan_partial", source=plan.source))
    of_the_plan += [Problem(code="variable_undeclared", source=file, args={"name": n}) for n, file in plan.undeclared]
    of_the_plan += [
        Problem(code="hcl_unresolved", source=plan.source, subject=a, args={"what": w}) for a, w in plan.unresolved
    ]
    return of_the_plan


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
