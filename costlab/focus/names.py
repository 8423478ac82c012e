"""What VK Cloud's services and units are called in FOCUS: a category a service, `GB-Hours` for `ГБ·ч`."""

import re
from collections.abc import Iterable

from costlab.catalog.loading import Catalog
from costlab.focus.columns import SUBCATEGORIES

KINDS: dict[str, tuple[str, str]] = {
    "vm": ("Compute", "Virtual Machines"),
    "gpu_vm": ("Compute", "Virtual Machines"),
    "kubernetes": ("Compute", "Containers"),
    "desktop": ("Compute", "End User Computing"),
    "disk": ("Storage", "Block Storage"),
    "image": ("Storage", "Block Storage"),
    "snapshot": ("Storage", "Block Storage"),
    "file_share": ("Storage", "File Storage"),
    "object_storage": ("Storage", "Object Storage"),
    "backup": ("Storage", "Backup Storage"),
    "cyber_backup": ("Storage", "Backup Storage"),
    "database": ("Databases", "Relational Databases"),
    "greenplum": ("Databases", "Data Warehouses"),
    "data_platform": ("Analytics", "Analytics Platforms"),
    "data_platform_service": ("Analytics", "Analytics Platforms"),
    "clickhouse": ("Analytics", "Analytics Platforms"),
    "iceberg": ("Analytics", "Data Processing"),
    "spark": ("Analytics", "Data Processing"),
    "trino": ("Analytics", "Data Processing"),
    "hadoop": ("Analytics", "Data Processing"),
    "streams": ("Analytics", "Streaming Analytics"),
    "queues": ("Integration", "Messaging"),
    "public_ip": ("Networking", "Network Connectivity"),
    "anycast_ip": ("Networking", "Network Connectivity"),
    "direct_connect": ("Networking", "Network Connectivity"),
    "vpn": ("Networking", "Network Connectivity"),
    "network": ("Networking", "Network Infrastructure"),
    "dns": ("Networking", "Network Infrastructure"),
    "advanced_router": ("Networking", "Network Routing"),
    "load_balancer": ("Networking", "Application Networking"),
    "cdn": ("Networking", "Content Delivery"),
    "anti_ddos": ("Security", "Threat Detection and Response"),
    "waf": ("Security", "Threat Detection and Response"),
    "security_gate": ("Security", "Security Posture Management"),
    "secret_manager": ("Security", "Secret Management"),
    "iam": ("Identity", "Identity and Access Management"),
    "audit": ("Management and Governance", "Compliance"),
    "monitoring": ("Management and Governance", "Observability"),
    "logging": ("Management and Governance", "Observability"),
    "alerting": ("Management and Governance", "Observability"),
    "support": ("Management and Governance", "Support"),
    "billing": ("Management and Governance", "Cost Management"),
    "ml_platform": ("AI and Machine Learning", "AI Platforms"),
    "vision": ("AI and Machine Learning", "Machine Learning"),
    "voice": ("AI and Machine Learning", "Natural Language Processing"),
    "one_c": ("Business Applications", "Productivity and Collaboration"),
}
"""Service -> ServiceCategory, ServiceSubcategory: what it is for in the first place."""
_OTHER = ("Other", "Other (Other)")
_TIMES = {
    "Minutes": ("мин", "минута", "минут", "минуты", "min", "minute", "minutes"),
    "Hours": ("ч", "час", "часа", "часов", "h", "hour", "hours"),
    "Days": ("сут", "сутки", "день", "дня", "дней", "day", "days"),
    "Months": ("мес", "месяц", "месяца", "месяцев", "month", "months"),
}
_THINGS = {
    "GB": ("гб", "gb"), "TB": ("тб", "tb"), "MB": ("мб", "mb"), "GiB": ("гиб", "gib"),
    "Core": ("vcpu", "cpu", "ядро", "ядра", "ядер", "core", "cores"),
    "Unit": ("шт", "штука", "штук", "штуки", "unit", "units", "pcs", "ед", ""),
    "Request": ("запрос", "запроса", "запросов", "request", "requests"),
    "Address": ("адрес", "адреса", "адресов", "address", "addresses", "ip"),
    "License": ("лицензия", "лицензии", "лицензий", "лиц", "licence", "license", "licences", "licenses"),
    "Load Balancer": ("lb", "балансировщик", "баланс", "balancer"),
    "Server": ("сервер", "сервера", "серверов", "server", "servers"),
    "Image": ("изображение", "изображений", "image", "images"),
    "Character": ("символ", "символов", "символа", "character", "characters"),
    "User": ("пользователь", "пользователей", "user", "users"),
}  # fmt: skip
_TIME = {word: name for name, words in _TIMES.items() for word in words}
_THING = {word: name for name, words in _THINGS.items() for word in words}


def unit_name(unit: str) -> str:
    """A unit as FOCUS writes units: `Core-Minutes`, `GB-Hours`, `Units`; words nobody knows are kept, capitalised.

    >>> unit_name("ГБ·ч"), unit_name("vCPU·minute"), unit_name("шт.·сут"), unit_name("GB"), unit_name("")
    ('GB-Hours', 'Core-Minutes', 'Unit-Days', 'GB', 'Units')
    """
    words = [w.strip(". ") for w in re.split(r"[·*×/]+|(?<=\w)-(?=\w)", unit)]
    times = [_TIME[w.casefold()] for w in words if w.casefold() in _TIME][:1]
    things = [_thing(w) for w in words if w.casefold() not in _TIME]
    if times:
        return "-".join([*things, *times])
    name = "-".join(things)
    return name if name.isupper() or name.endswith(("B", "s")) else f"{name}{'es' if name.endswith('ss') else 's'}"


def _thing(word: str) -> str:
    known = _THING.get(word.casefold())
    return known or " ".join(part if part.isupper() else part[:1].upper() + part[1:] for part in word.split())


def service_kind(services: Iterable[str], catalog: Catalog | None) -> tuple[str, str]:
    """Category and subcategory of a service; of several that share a name, of the first that `KINDS` has."""
    wanted = list(services)
    for service, kind in KINDS.items():
        if service in wanted:
            return kind
    found = [catalog.meters[s.meter].category for s in catalog.skus if s.service in wanted] if catalog else []
    if not found:
        return _OTHER
    category = max(sorted(set(found)), key=found.count)
    return (category, f"Other ({category})") if category in SUBCATEGORIES else _OTHER
