"""Cloud Containers (Kubernetes): the service. What a cluster asks: `parts/kubernetes.py`, for Spark runs in one."""

from typing import Any

from costlab.model.numbers import Text
from costlab.services.parts.kubernetes import Group, Masters, Range, Spec, usage

__all__ = ["EXAMPLE", "TITLE", "Group", "Masters", "Range", "Spec", "usage"]

TITLE = Text(en="Kubernetes cluster", ru="Кластер Kubernetes")
EXAMPLE: dict[str, Any] = {
    "generation": 2,
    "masters": {"count": 1, "flavor": "STD2-2-6"},
    "groups": [{"name": "workers", "nodes": 3, "flavor": "STD3-4-8", "disk": {"type": "ceph-ssd", "size_gb": 50}}],
    "public_ip": True,
}
