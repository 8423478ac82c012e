"""Names of the values people choose among: our own words, else the price list's name of what the value selects."""

from functools import cache
from typing import Any

from costlab.catalog.loading import load_catalog
from costlab.model.numbers import Language, Text

CHOICES: dict[str, Text] = {
    "single": Text(en="Single node", ru="Один узел"),
    "replica": Text(en="Master with replica", ru="Мастер с репликой"),
    "cluster": Text(en="Cluster", ru="Кластер"),
    "standard": Text(en="Standard", ru="Стандартный"),
    "service": Text(en="Service", ru="Сервисный"),
    "floating": Text(en="Floating", ru="Плавающий"),
    "port": Text(en="Port", ru="Порт"),
    "linux": Text(en="Linux, free distributions", ru="Linux, свободные дистрибутивы"),
    "windows": Text(en="Windows Server", ru="Windows Server"),
    "ice-lake": Text(en="Ice Lake", ru="Ice Lake"),
    "cascade-lake": Text(en="Cascade Lake", ru="Cascade Lake"),
    "high-freq": Text(en="High-frequency", ru="Высокочастотный"),
    "legacy": Text(en="Legacy", ru="Архивный"),
    "ceph-hdd": Text(en="HDD (ceph-hdd)", ru="HDD (ceph-hdd)"),
    "ceph-ssd": Text(en="SSD (ceph-ssd)", ru="SSD (ceph-ssd)"),
    "high-iops": Text(en="High-IOPS SSD (high-iops)", ru="High-IOPS SSD (high-iops)"),
    "high-iops-ha": Text(en="High-IOPS HA SSD (high-iops-ha)", ru="High-IOPS HA SSD (high-iops-ha)"),
    "ef-nvme": Text(en="Low Latency NVMe (ef-nvme)", ru="Low Latency NVMe (ef-nvme)"),
    "postgresql": Text(en="PostgreSQL", ru="PostgreSQL"),
    "mysql": Text(en="MySQL", ru="MySQL"),
    "clickhouse": Text(en="ClickHouse", ru="ClickHouse"),
    "mongodb": Text(en="MongoDB", ru="MongoDB"),
    "redis": Text(en="Redis", ru="Redis"),
    "tarantool": Text(en="Tarantool", ru="Tarantool"),
    "opensearch": Text(en="OpenSearch", ru="OpenSearch"),
    "postgrespro": Text(en="Postgres Pro", ru="Postgres Pro"),
    "hotbox": Text(en="Hotbox", ru="Hotbox"),
    "icebox": Text(en="Icebox", ru="Icebox"),
    "backup": Text(en="Backup", ru="Backup"),
    "sprut": Text(en="Sprut", ru="Sprut"),
    "neutron": Text(en="Neutron", ru="Neutron"),
    "s3": Text(en="Object storage", ru="Объектное хранилище"),
    "block": Text(en="Block storage", ru="Блочное хранилище"),
    "astra-orel": Text(en="Astra Linux Orel", ru="Astra Linux Орёл"),
    "astra-voronezh": Text(en="Astra Linux Voronezh", ru="Astra Linux Воронеж"),
    "astra-smolensk": Text(en="Astra Linux Smolensk", ru="Astra Linux Смоленск"),
    "alt-server": Text(en="Alt Server", ru="Альт Сервер"),
    "alt-server-sp": Text(en="Alt Server SP", ru="Альт Сервер СП"),
    "redos-standard": Text(en="RED OS, standard", ru="РЕД ОС, стандартная"),
    "redos-fstec": Text(en="RED OS, FSTEC certified", ru="РЕД ОС, сертифицированная ФСТЭК"),
    "windows-server": Text(en="Windows Server", ru="Windows Server"),
    "mssql-standard": Text(en="MS SQL Server Standard", ru="MS SQL Server Standard"),
    "mssql-enterprise": Text(en="MS SQL Server Enterprise", ru="MS SQL Server Enterprise"),
    "mssql-web": Text(en="MS SQL Server Web", ru="MS SQL Server Web"),
    "mssql-sal": Text(en="MS SQL Server, access licence (SAL)", ru="MS SQL Server, лицензия доступа (SAL)"),
    "rds-sal": Text(en="MS RDS, access licence (SAL)", ru="MS RDS, лицензия доступа (SAL)"),
    "small": Text(en="Small", ru="Малый"),
    "medium": Text(en="Medium", ru="Средний"),
    "large": Text(en="Large", ru="Большой"),
    "DEV": Text(en="For development (DEV)", ru="Для разработки (DEV)"),
    "PROD": Text(en="For production (PROD)", ru="Для продуктива (PROD)"),
    "basic": Text(en="Basic", ru="Базовая"),
    "extended": Text(en="Extended", ru="Расширенная"),
    "professional-services": Text(en="Professional Services", ru="Professional Services"),
    "free": Text(en="Free", ru="Бесплатно"),
    "billed": Text(en="Billed", ru="Оплачивается"),
    "prepaid": Text(en="Prepaid", ru="Предоплата"),
    "postpaid": Text(en="Postpaid", ru="Постоплата"),
    "byol": Text(en="Own licence (BYOL)", ru="Своя лицензия (BYOL)"),
    "community": Text(en="Community", ru="Community"),
    "enterprise": Text(en="Enterprise", ru="Enterprise"),
    "enterprise-full": Text(en="Enterprise, full", ru="Enterprise, полная"),
    "enterprise-limited": Text(en="Enterprise, limited", ru="Enterprise, ограниченная"),
    "enterprise-test": Text(en="Enterprise, test", ru="Enterprise, тестовая"),
    "full": Text(en="Full", ru="Полная"),
    "test": Text(en="Test", ru="Тестовая"),
    "head": Text(en="Head", ru="Управляющий"),
    "worker": Text(en="Worker", ru="Рабочий"),
    "edge": Text(en="Edge", ru="Граничный"),
    "monitoring": Text(en="Monitoring", ru="Мониторинг"),
    "personal": Text(en="Personal desktops", ru="Персональные столы"),
    "session": Text(en="Session desktops", ru="Сеансовые столы"),
    "graduated": Text(en="By steps: each part at its price", ru="По ступеням: каждая часть по своей цене"),
    "volume": Text(en="Whole volume at one price", ru="Весь объём по одной цене"),
    "linear": Text(en="In proportion", ru="Пропорционально"),
    "started-thousand": Text(en="By started thousand", ru="За каждую начатую тысячу"),
    "file": Text(en="Files", ru="Файлы"),
    "stream": Text(en="Stream", ru="Поток"),
    "airflow": Text(en="Airflow", ru="Airflow"),
    "dlh": Text(en="Data Lakehouse", ru="Data Lakehouse"),
    "flink": Text(en="Flink", ru="Flink"),
    "iceberg": Text(en="Iceberg Metastore", ru="Iceberg Metastore"),
    "jatoba": Text(en="Jatoba", ru="Jatoba"),
    "jupyterhub": Text(en="JupyterHub", ru="JupyterHub"),
    "kafka": Text(en="Kafka", ru="Kafka"),
    "lakekeeper": Text(en="Lakekeeper", ru="Lakekeeper"),
    "mlflow": Text(en="MLflow", ru="MLflow"),
    "mlflow-deploy": Text(en="MLflow Deploy", ru="MLflow Deploy"),
    "nifi": Text(en="NiFi", ru="NiFi"),
    "spark": Text(en="Spark", ru="Spark"),
    "trino": Text(en="Trino", ru="Trino"),
}
"""Names of values; a value without one is shown as the file has it."""


def choice(value: Any, language: Language) -> str:
    """A value of a choice for people; a value without a name is shown as the file has it."""
    found = CHOICES.get(str(value)) or _listed().get(str(value))
    return found[language] if found else str(value)


@cache
def _listed() -> dict[str, Text]:
    """Products and applications by their value: the name of the one SKU they select."""
    named: dict[str, list[Text]] = {}
    for sku in load_catalog().skus:
        for key in ("application", "product"):
            if key in sku.dimensions:
                named.setdefault(sku.dimensions[key], []).append(sku.name)
    return {value: names[0] for value, names in named.items() if len(names) == 1}
