"""The estimator page shows what an import left: lines to fill in, rows set aside, doubts, and settles them."""

from tests.test_ui import Open, click, draft, html, page, upload

__all__ = ["page"]
FILE = """
costlab: 1
name: moved
prices_on: 2026-11-01
import:
- source: inst.json
  read: 9
  set_aside: [{code: free, reason: {en: free, ru: бесплатно}, count: 7, names: [n]}]
  doubts:
  - {code: part_missing, subject: db, source: inst.json, args: {reason: no disks are given, reason_ru: нет дисков}}
resources:
- {id: web, service: vm, spec: {flavor: "? z9.odd"}}
- {id: db, service: vm, spec: {flavor: STD3-2-4}}
"""


def test_a_doubt_and_a_line_to_fill_in_are_shown_and_settled(page: Open) -> None:
    at = upload(page("en"), "e.yaml", FILE.encode())
    assert "lines without a price: 2" in html(at)
    assert "z9.odd" in html(at)
    assert "no disks are given" in html(at)
    assert any("inst.json: read 9, set aside 7" in e.label for e in at.expander)
    settle = next(b.key for b in at.button if str(b.key).startswith("settled-"))
    at = click(at, settle)
    assert draft(at).imported[0]["doubts"] == []
    assert "lines without a price: 1" in html(at)
