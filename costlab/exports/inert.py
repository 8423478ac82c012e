"""Text of others that stays text wherever a file is opened: no formula, no markup, no link, no mention."""

import re

from costlab.i18n.words import visible

_FORMULA = re.compile(r"(^|[;,\t\r\n])(?=[\t\r\n]|[\s\"']*[=+@-])")
_MARKUP = re.compile(r"[\\|\[\]!*_`~]")
_ADDRESS = re.compile(r"(https?|ftp|mailto|xmpp|www)([:.])", re.IGNORECASE)


def in_spreadsheet(text: str) -> str:
    """Text that no spreadsheet takes for a formula, also when it splits at another separator than ours.

    >>> in_spreadsheet("=1+1"), in_spreadsheet("a;=1+1"), in_spreadsheet("web")
    ("'=1+1", "a;'=1+1", 'web')
    """
    return _FORMULA.sub(r"\1'", text)


def in_markdown(text: str) -> str:
    r"""Text that stays text: no markup, tag, link, picture or mention, and one line of one cell.

    >>> in_markdown("a|b *c*"), in_markdown("https://x.y")
    ('a\\|b \\*c\\*', 'https&#58;//x.y')
    """
    text = _MARKUP.sub(r"\\\g<0>", visible(" ".join(text.splitlines())))
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    # An escaped @ would still call a person, and a bare address is a link without any markup.
    return _ADDRESS.sub(lambda found: f"{found[1]}&#{ord(found[2])};", text).replace("@", "@<!-- -->")
