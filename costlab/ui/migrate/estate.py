"""What was read, what became of it, and what it costs here and elsewhere."""

import csv
import io
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from html import escape
from typing import Any

import streamlit as st

from costlab import errors, services
from costlab.catalog.loading import load_catalog
from costlab.estimate.sums import owners, sums
from costlab.i18n.words import money, number, percent, visible
from costlab.inventory import load
from costlab.inventory.sizing import Server, SizingOptions
from costlab.model.inventory import Inventory, SetAside
from costlab.model.numbers import Language
from costlab.model.scenario import Estimate
from costlab.ui import state
from costlab.ui.estimate.summary import summary
from costlab.ui.migrate.moving import Priced, Sized, others, shape_of, storage
from costlab.ui.parts.files import choose
from costlab.ui.words import say

SHOWN = 100
USUAL = ("yandex", "selectel", "mws", "t1")
"""Russian clouds whose lists have machines of the same shapes."""
MODES = ("as_is", "moderate", "aggressive")


def rows(heads: Sequence[str], body: Sequence[Sequence[str]], right: Sequence[int] = ()) -> str:
    """A table as HTML that scrolls by itself; every text is escaped."""

    def line(cells: Sequence[str], tag: str) -> str:
        return "".join(
            f"<{tag}{' class=n' if n in right else ''}>{escape(visible(c))}</{tag}>" for n, c in enumerate(cells)
        )

    lines = "".join(f"<tr>{line(cells, 'td')}</tr>" for cells in body)
    return f'<div class="cl-rows"><table><tr>{line(heads, "th")}</tr>{lines}</table></div>'


def cards(cells: Sequence[tuple[str, str, str, str]]) -> None:
    """A row of figures: title, value, note, tone."""
    html = "".join(
        f'<div class="{tone}"><span>{escape(title)}</span><b>{escape(value)}</b>'
        f'<small title="{escape(note)}">{escape(note)}</small></div>'
        for title, value, note, tone in cells
    )
    st.html(f'<div class="cl-kpis">{html}</div>')


def choices(inventories: Sequence[Inventory], language: Language) -> SizingOptions:
    """Storage basis, sizing mode, and whether what is off moves; only what the inventory has is offered."""
    found = storage(inventories)
    left, right = st.columns([1.35, 1], gap="medium")
    basis: Any = "disks"
    with left:
        if found:
            titles: dict[str, str] = {b: say(f"basis_{b}", language, gb=_gb(found[b], language)) for b in found}
            usual = "disks" if "disks" in found else next(iter(found))
            basis = choose(say("migrate_basis", language), list(found), usual, "migrate-basis", titles)
            st.caption(say("migrate_basis_help", language))
    with right:
        titles = {m: say(f"mode_{m}", language) for m in MODES}
        mode: Any = choose(say("migrate_mode", language), list(MODES), "as_is", "migrate-mode", titles)
        st.caption(say("migrate_mode_help", language))
    off = False
    if any(m.power in ("off", "suspended") for i in inventories for m in i.machines):
        off = st.toggle(
            say("migrate_off", language), value=bool(state.memory().get("migrate-off")), key=state.key("migrate-off")
        )
        state.memory()["migrate-off"] = off
    return SizingOptions(mode=mode, basis=basis, powered_off=off)


def _gb(value: Decimal, language: Language) -> str:
    return f"{number(value, language, 0)} {'ГБ' if language == 'ru' else 'GB'}"


def source(inventories: Sequence[Inventory], language: Language) -> str:
    """Which readers read it."""
    return ", ".join(dict.fromkeys(load(i.kind).TITLE[language] for i in inventories))


def figures(sized: Sized, home: Estimate | None, language: Language) -> None:
    """Read, mapped, set aside, what the machines are today, and the month at VK Cloud."""
    reasons = Counter(a.reason[language] for a in sized.set_aside)
    note = "; ".join(f"{r}: {n}" for r, n in reasons.most_common(3))
    cores, ram = (number(Decimal(x), language, 0) for x in shape_of(sized))
    cells = [
        (say("migrate_read", language), number(Decimal(sized.read), language), source(sized.inventories, language), ""),
        (say("migrate_mapped", language), number(Decimal(sized.mapped), language), "", ""),
        (
            say("migrate_aside", language),
            number(Decimal(len(sized.set_aside)), language),
            note,
            "warn" if sized.set_aside else "",
        ),
    ]
    if sized.servers:
        shape = say("migrate_shape_value", language, cores=cores, ram=ram)
        cells.append((say("migrate_shape", language), shape, "", ""))
    if home is not None:
        lacking = "" if home.complete else say("migrate_lines", language, n=home.unpriced)
        lacking = f"{say('migrate_lacks', language)}: {lacking}" if lacking else say("migrate_cost", language)
        amount = money(home.total, home.currency, language)
        cells.append(("VK Cloud", amount, lacking, "" if home.complete else "warn"))
    cards(cells)


def set_aside(found: Sequence[SetAside], language: Language) -> None:
    """Every row that became nothing: where, name, why; all of them as a file."""
    if not found:
        return
    title = say("migrate_aside_list", language, n=len(found))
    with st.expander(title, icon=":material/block:", key="migrate-aside"):
        heads = [say(k, language) for k in ("migrate_origin", "migrate_name", "migrate_why")]
        st.html(rows(heads, [(a.origin, a.name, a.reason[language]) for a in found[:SHOWN]]))
        _more(len(found), language)
        st.download_button(
            say("get_aside", language),
            data=lambda: _csv(found, heads, language),
            file_name="set-aside.csv",
            mime="text/csv",
            icon=":material/download:",
            on_click="ignore",
            key="migrate-aside-csv",
        )


def _csv(found: Sequence[SetAside], heads: Sequence[str], language: Language) -> bytes:
    """The list as CSV; a cell that a spreadsheet would take for a formula begins with an apostrophe."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(heads)
    for a in found:
        cells = (visible(a.origin), visible(a.name), visible(a.reason[language]))
        writer.writerow([f"'{c}" if c[:1] in ("=", "+", "-", "@") else c for c in cells])
    return out.getvalue().encode("utf-8-sig")


def _more(total: int, language: Language) -> None:
    if total > SHOWN:
        st.caption(say("migrate_more", language, n=total - SHOWN))


def servers(sized: Sized, home: Estimate, language: Language) -> None:
    """Machine by machine: what it is today, what it becomes and why, what that costs."""
    if not sized.servers:
        return
    mine = owners(home)
    cost = sums(home.charges, lambda c: mine.get(c.resource_id, c.resource_id))
    with st.expander(say("migrate_servers", language, n=len(sized.servers)), icon=":material/dns:", key="migrate-list"):
        keys = ("name", "today", "becomes", "cost", "ready", "choices")
        body = [_server(s, cost, home.currency, language) for s in sized.servers[:SHOWN]]
        st.html(rows([say(f"migrate_{k}", language) for k in keys], body, right=(3,)))
        _more(len(sized.servers), language)


def _server(server: Server, cost: Any, currency: str, language: Language) -> list[str]:
    machine, resource = server.machine, server.resource
    ram = number(machine.ram_gb or Decimal(0), language)
    spec = services.load(resource.service).Spec
    becomes = summary(spec, resource.spec.model_dump(mode="json", exclude_defaults=True), language)
    sum_ = cost.get(resource.resource_id)
    return [
        resource.resource_id,
        f"{machine.vcpu} vCPU · {ram} {'ГБ' if language == 'ru' else 'GB'} · {machine.os_name or '—'}",
        becomes,
        "—" if sum_ is None else money(sum_.cost, currency, language),
        say(f"ready_{server.readiness}", language),
        "; ".join(c[language] for c in (*machine.notes, *server.choices)),
    ]


def beside(language: Language) -> list[str]:
    """Which other clouds to show."""
    known = others()
    key = state.key("migrate-beside")
    kept = state.memory().get("migrate-beside", [p for p in USUAL if p in known])
    found: list[str] = st.multiselect(
        say("migrate_more_clouds", language),
        known,
        default=kept,
        format_func=lambda p: title_of(p, language),
        key=key,
        placeholder="—",
    )
    state.memory()["migrate-beside"] = found
    return found


def title_of(provider: str, language: Language) -> str:
    """A provider's name."""
    return load_catalog(provider).provider.title[language]


def clouds(home: Priced, found: Sequence[Priced], language: Language) -> None:
    """VK Cloud and the others: total, what VK Cloud asks for the same lines, and how many lines have no counterpart."""
    keys = ("provider", "cost", "like", "difference", "lacks")
    body = [
        (title_of(p.provider, language), money(p.estimate.total, p.estimate.currency, language),
         money(p.like.cost, home.estimate.currency, language), _difference(p, language),
         say("migrate_lines", language, n=p.estimate.unpriced) if p.estimate.unpriced else "—")
        for p in (home, *found)
    ]  # fmt: skip
    st.html(rows([say(f"migrate_{k}", language) for k in keys], body, right=(1, 2, 3, 4)))
    lacking = [(p, q) for p in found for q in p.estimate.problems if errors.kind(q) == "unpriced"]
    if lacking:
        with st.expander(say("migrate_lacking", language), icon=":material/help:", key="migrate-lacking"):
            counted = Counter((title_of(p.provider, language), errors.message(q, language)) for p, q in lacking)
            told = [(t, m, say("migrate_lines", language, n=n)) for (t, m), n in counted.most_common(SHOWN)]
            st.html(rows([say(f"migrate_{k}", language) for k in ("provider", "why", "lacks")], told))


def _difference(priced: Priced, language: Language) -> str:
    """More or less than at home for the same lines, and the share of it."""
    if not priced.difference or not priced.like.cost:
        return "—"
    share = (priced.difference / priced.like.cost).quantize(Decimal("0.001"))
    plus = "+" if priced.difference > 0 else ""
    return f"{plus}{money(priced.difference, priced.estimate.currency, language)} ({plus}{percent(share, language)})"
