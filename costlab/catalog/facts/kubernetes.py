"""What a node of a Kubernetes cluster leaves to pods: cores by published shares, memory by the published table.

The figures are `facts/kubernetes.yaml` of the provider. The table's rows of 2, 6 and 12 GB do not follow the formula
published beside it, so the table is used, and a size that is not in it has no answer.
"""

from decimal import Decimal

from costlab.catalog.loading import Catalog, load_catalog


def allocatable_vcpu(vcpu: int, catalog: Catalog | None = None) -> Decimal | None:
    """Cores left to pods; None when the provider publishes no rule.

    >>> allocatable_vcpu(6)
    Decimal('5.9150')
    """
    facts = (catalog or load_catalog()).facts("kubernetes")
    if not facts:
        return None
    left, kept = vcpu, Decimal(0)
    for step in facts["allocatable_cpu"]["kept"]:
        taken = left if step["cores"] is None else min(left, step["cores"])
        kept, left = kept + Decimal(step["share"]) * taken, left - taken
    return vcpu - kept


def allocatable_ram_mi(ram_gb: int, catalog: Catalog | None = None) -> int | None:
    """Mebibytes of memory left to pods; None when the published table has no such node.

    >>> allocatable_ram_mi(6)
    4790
    """
    facts = (catalog or load_catalog()).facts("kubernetes")
    rows = facts["allocatable_ram"]["rows"] if facts else ()
    return next((int(row["allocatable_mi"]) for row in rows if row["node_ram_gb"] == ram_gb), None)
