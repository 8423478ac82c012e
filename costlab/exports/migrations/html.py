"""One page for a CFO: verdict, figures, curve, bridge, years; no script, nothing fetched; prints to PDF."""

from decimal import Decimal
from html import escape

from costlab import errors
from costlab.exports.migrations._words import facts, month, status, verdict, word
from costlab.exports.migrations.table import missing_words, sections
from costlab.i18n.words import visible
from costlab.migration.budget import Budget
from costlab.model.numbers import Language

SUFFIX = "html"
MEDIA_TYPE = "text/html"
_WIDTH, _HEIGHT, _LEFT = 900, 260, 10
_STYLE = """
body{font:15px/1.45 Arial,sans-serif;color:#1b2a3a;max-width:1000px;margin:2rem auto;padding:0 1rem}
h1{font-size:1.6rem;margin:0}h2{font-size:1.1rem;margin:2rem 0 .5rem}
.verdict{font-size:1.25rem;font-weight:bold;margin:.6rem 0}
.status{padding:.5rem .8rem;border-radius:6px;background:#ddf3e2;color:#14532d}
.status.no{background:#fbdad7;color:#8b1a10}
table{border-collapse:collapse;width:100%;font-size:.85rem}
th{background:#23476b;color:#fff;text-align:right;padding:.3rem .5rem}
td{border-bottom:1px solid #dde3ea;padding:.25rem .5rem;text-align:right;white-space:nowrap}
th:first-child,td:first-child{text-align:left;white-space:normal}
.wide{overflow-x:auto}svg{width:100%;height:auto}
@media print{body{margin:0;max-width:none}h2{break-after:avoid}tr{break-inside:avoid}table{font-size:.62rem}}
"""


def render(budget: Budget, language: Language) -> str:
    """The budget as one HTML file."""
    basis = word("with_vat" if budget.with_vat else "without_vat", language)
    mark = "status" if budget.complete else "status no"
    name = _text(budget.plan.name)
    body = [
        f"<h1>{name}</h1>",
        f'<p class="verdict">{_text(verdict(budget, language))}</p>',
        f'<p class="{mark}">{_text(status(budget, language))} · {_text(basis)}</p>',
        _table([["", ""], *([a, b] for a, b in facts(budget, language))], head=False),
        f"<h2>{_text(word('cumulative', language))}</h2>",
        _curve(budget, language),
    ]
    for key, rows in sections(budget, language):
        body.append(f"<h2>{_text(word(key, language))}</h2>{_table(rows)}")
    missing = missing_words(budget, language)
    if missing:
        body.append(f"<h2>{_text(word('missing', language))}</h2><p>{_text(missing)}</p>")
    if budget.problems:
        items = "".join(f"<li>{_text(errors.sentence(p, language))}</li>" for p in budget.problems)
        body.append(f"<h2>{_text(word('problems', language))}</h2><ul>{items}</ul>")
    body.append(f"<p><small>{_text(word('order', language))}</small></p>")
    return (
        f'<!doctype html>\n<html lang="{language}"><head><meta charset="utf-8"><title>{name}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head>'
        f"<body>{''.join(body)}</body></html>\n"
    )


def _text(value: str) -> str:
    return escape(visible(value))


def _table(rows: list[list[str]], *, head: bool = True) -> str:
    top = "".join(f"<th>{_text(c)}</th>" for c in rows[0]) if head else ""
    lines = "".join("<tr>" + "".join(f"<td>{_text(c)}</td>" for c in row) + "</tr>" for row in rows[1:])
    return f'<div class="wide"><table><thead><tr>{top}</tr></thead><tbody>{lines}</tbody></table></div>'


def _curve(budget: Budget, language: Language) -> str:
    """The cumulative effect month by month, with its zero line and the month it breaks even."""
    values = [Decimal(0), *(r.cumulative for r in budget.rows)]
    low, high = min(values), max(values)
    span = (high - low) or Decimal(1)

    def x(n: int) -> str:
        return f"{_LEFT + Decimal(n) * (_WIDTH - 2 * _LEFT) / max(1, len(values) - 1):.1f}"

    def y(value: Decimal) -> str:
        return f"{20 + (high - value) / span * (_HEIGHT - 40):.1f}"

    points = " ".join(f"{x(n)},{y(v)}" for n, v in enumerate(values))
    zero = y(Decimal(0))
    found = budget.result.break_even
    label = f"{word('break_even', language)}: {month(found, budget, language)}"
    dot = "" if found is None else f'<circle cx="{x(found)}" cy="{zero}" r="5" fill="#14532d"/>'
    return (
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{_text(label)}">'
        f'<line x1="0" x2="{_WIDTH}" y1="{zero}" y2="{zero}" stroke="#5a6b7b" stroke-dasharray="4"/>'
        f'<polyline fill="none" stroke="#2f6db5" stroke-width="3" points="{points}"/>{dot}'
        f'<text x="{_LEFT}" y="14" font-size="13" fill="#1b2a3a">{_text(label)}</text></svg>'
    )
