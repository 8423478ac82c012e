"""Cloud Databases: the service. What a database asks stands in `parts/database.py`, for MLflow creates one as well."""

from typing import Any

from costlab.model.numbers import Text
from costlab.services.parts.database import STOPPABLE, TOPOLOGIES, Spec, usage, wal_gb

__all__ = ["EXAMPLE", "STOPPABLE", "TITLE", "TOPOLOGIES", "Spec", "usage", "wal_gb"]

TITLE = Text(en="Managed database", ru="База данных")
EXAMPLE: dict[str, Any] = {
    "engine": "postgresql",
    "topology": "cluster",
    "nodes": 3,
    "flavor": "STD3-2-8",
    "disk": {"type": "high-iops", "size_gb": 100},
}
