"""Licences that a machine's system needs and VK Cloud's machines do not bring.

Where the price today includes a licence (instances of AWS, Azure and Google with such an image), moving the machine
means buying it; elsewhere a subscription is the owner's own and moves with him, except database engines, which are
licensed by the cores of the place they run at.
"""

import re

from costlab.model.numbers import Text

_ALWAYS = (
    (re.compile(r"\bsql[ _-]?server|\bms ?sql|\bsql[ -]?20[0-9]{2}|sqlserver|\bsql (?:standard|enterprise|web)\b",
                re.IGNORECASE), "Microsoft SQL Server"),
    (re.compile(r"\boracle (?:database|db|ee|se2?)\b", re.IGNORECASE), "Oracle Database"),
)  # fmt: skip
_INCLUDED = (
    (re.compile(r"\brhel\b|\bred ?hat\b", re.IGNORECASE), "Red Hat Enterprise Linux"),
    (re.compile(r"\bsuse\b|\bsles\b", re.IGNORECASE), "SUSE Linux Enterprise Server"),
    (re.compile(r"\bubuntu[ -]pro\b", re.IGNORECASE), "Ubuntu Pro"),
)
_OWN = re.compile(r"\bbyo[sl]\b", re.IGNORECASE)
_FREE = re.compile(r"\bsql[ -]?(?:server )?(?:20[0-9]{2}[ -]?)?(?:express|developer)", re.IGNORECASE)


def licence(system: str, *, included: bool) -> Text | None:
    """The licence to buy for a system named so, None where there is none; `included`: today's price holds it.

    >>> licence("Windows with SQL Server Standard", included=False).en
    'the licence of Microsoft SQL Server is not in the sum'
    >>> licence("Ubuntu Linux (64-bit)", included=True)
    """
    if _FREE.search(system):
        return None
    sold = (*_ALWAYS, *_INCLUDED) if included and not _OWN.search(system) else _ALWAYS
    name = next((name for pattern, name in sold if pattern.search(system)), "")
    if not name:
        return None
    return Text(en=f"the licence of {name} is not in the sum", ru=f"лицензия {name} не учтена в сумме")
