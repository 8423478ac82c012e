"""How licences of Microsoft count the cores of a machine: «Лицензии Microsoft для виртуальных машин»."""

SQL_SERVER_MIN_CORES = 4


def core_pairs(product: str, vcpu: int) -> int:
    """Licences for a machine's cores: one per started pair; SQL Server counts at least four cores.

    >>> core_pairs("windows-server", 5), core_pairs("mssql-standard", 2)
    (3, 2)
    """
    cores = max(vcpu, SQL_SERVER_MIN_CORES) if product.startswith("mssql") else vcpu
    return (cores + 1) // 2
