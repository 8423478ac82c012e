"""Accounts: the documented order of payment, bonuses that end, a ledger that sums to the estimate, and the command."""

import json
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from costlab.catalog.loading import load_catalog
from costlab.cli import main
from costlab.credits.accounts import PERSONAL, Account, Accounts, read_accounts
from costlab.credits.bonuses import DayCharge, Ledger, settle, simulate, spread
from costlab.errors import InputError, sentence
from costlab.estimate.charges import estimate_cost
from costlab.i18n.messages.accounts import ACCOUNTS
from costlab.inventory.sources.estimate_file import parse_estimate
from costlab.model.scenario import Scenario

ROOT = Path(__file__).parent.parent
SHOP = str(ROOT / "costlab" / "examples" / "shop.yaml")
DAY = date(2026, 11, 1)
ZERO = Decimal("0.00")


def charge(service: str, amount: str, day: date = DAY, meter: str = "") -> DayCharge:
    return DayCharge(day=day, service=service, meter=meter, amount=Decimal(amount))


def scenario(resources: str, period: str = "2026-11") -> Scenario:
    text = f"costlab: 1\nname: month\nperiod: {period}\nresources:\n{resources}"
    return parse_estimate(text.encode(), "month.yaml")


def accounts(tmp_path: Path, text: str, region: str = "ru-msk") -> Accounts:
    path = tmp_path / "accounts.yaml"
    path.write_text(text, encoding="utf-8")
    return read_accounts(path, load_catalog("vk"), region)


def test_e37_another_type_never_pays_for_a_machine() -> None:
    """Acceptance example E-37: the machine's bonus is spent, the personal account pays its rest, 2,900 stay."""
    own = Accounts(
        personal=ZERO,
        bonuses=(
            Account(name="machines", amount=Decimal("2000.00"), covers=("vm",)),
            Account(name="other", amount=Decimal("3000.00"), excludes=("vm",)),
        ),
    )
    payments, evenings = settle([charge("vm", "2500.00"), charge("object_storage", "100.00")], own, [DAY])
    assert evenings[0].balances == {"machines": ZERO, "other": Decimal("2900.00"), PERSONAL: Decimal("-500.00")}
    assert [(p.service, p.account, str(p.amount)) for p in payments] == [
        ("vm", "machines", "2000.00"),
        ("vm", PERSONAL, "500.00"),
        ("object_storage", "other", "100.00"),
    ]


def test_bare_metal_is_paid_from_the_personal_account() -> None:
    everything = Account(name="all", amount=Decimal("9999.00"))
    own = Accounts(personal=Decimal("100.00"), bonuses=(everything,), personal_only=("bare_metal",))
    _, evenings = settle([charge("bare_metal", "30.00"), charge("vm", "10.00")], own, [DAY])
    assert evenings[0].paid == {"all": Decimal("10.00"), PERSONAL: Decimal("30.00")}


def test_a_bonus_is_spent_between_its_days_and_burns() -> None:
    short = Account(name="short", amount=Decimal("25.00"), since=DAY + timedelta(1), expires=DAY + timedelta(3))
    own = Accounts(personal=Decimal("100.00"), bonuses=(short,))
    days = [DAY + timedelta(n) for n in range(5)]
    _, evenings = settle([charge("vm", "10.00", d) for d in days], own, days)
    assert [str(e.balances["short"]) for e in evenings] == ["0.00", "15.00", "5.00", "0.00", "0.00"]
    assert [e.burnt for e in evenings] == [{}, {}, {}, {"short": Decimal("5.00")}, {}]
    assert evenings[-1].balances[PERSONAL] == Decimal("70.00")


def test_a_licence_of_a_machine_is_not_the_machine(tmp_path: Path) -> None:
    own = accounts(tmp_path, 'accounts: {personal: "0", welcome: 2026-11-01}')
    month = scenario("  - {id: w, service: vm, spec: {flavor: STD3-2-4, os: windows}}")
    ledger = simulate(month, own)
    licence = next(c.cost for c in estimate_cost(month).charges if c.meter == "licence.core_pair")
    paid = {b.account: b.spent for b in ledger.accounts}
    assert paid["welcome-other"] == 0
    assert paid["welcome-vm"] == 2000
    assert paid[PERSONAL] >= licence == Decimal("990.00")
    assert ledger.below_zero == DAY


def sums_agree(ledger: Ledger, total: Decimal) -> None:
    assert ledger.total == total
    assert sum((d.charged for d in ledger.days), ZERO) == total
    assert sum((p.amount for p in ledger.payments), ZERO) == total
    assert sum((b.spent for b in ledger.accounts), ZERO) == total
    for balance in ledger.accounts:
        assert balance.start - balance.spent - balance.burnt == balance.end
        assert balance.account == PERSONAL or balance.end >= 0


def test_the_ledger_is_the_estimate_to_the_kopeck(tmp_path: Path) -> None:
    own = accounts(tmp_path, 'accounts: {personal: "20000.00", welcome: 2026-10-20, bonuses: [{promotion: promo-code, '
                   'amount: "3000", since: 2026-11-20}]}')  # fmt: skip
    month = parse_estimate(Path(SHOP).read_bytes(), "shop.yaml", period="2026-11")
    ledger = simulate(month, own)
    sums_agree(ledger, estimate_cost(month).total)
    assert len(ledger.days) == 30
    assert [a.expires for a in ledger.accounts] == [date(2026, 12, 19)] * 2 + [date(2026, 12, 20), None]


def test_days_follow_the_schedule_and_tiers_do_not_begin_anew(tmp_path: Path) -> None:
    """A machine of week days costs nothing but its disk on Sundays; a month of images costs its month's tiers."""
    own = accounts(tmp_path, 'accounts: {personal: "1000000"}')
    month = scenario(
        '  - {id: build, service: vm, schedule: {weekdays: "mon-fri 09-18"}, spec: {flavor: STD3-4-8}}\n'
        "  - {id: eyes, service: vision, spec: {images: 3000000}}\n"
    )
    ledger = simulate(month, own)
    machine = {p.day: p.amount for p in ledger.payments if p.service == "vm"}
    assert {d.weekday() for d, amount in machine.items() if amount} == {0, 1, 2, 3, 4}
    sums_agree(ledger, estimate_cost(month).total)


def test_warnings_tell_what_to_do(tmp_path: Path) -> None:
    own = accounts(
        tmp_path,
        """accounts:
  personal: "10.00"
  bonuses:
    - {name: burning, amount: 5000, covers: [disk], expires: 2026-11-03}
    - {name: idle, amount: 500, covers: [kubernetes]}
""",
    )
    ledger = simulate(scenario("  - {id: d, service: disk, spec: {type: ceph-ssd, size_gb: 1000}}"), own)
    assert [p.code for p in ledger.problems] == ["below_zero", "bonus_burns", "bonus_idle"]
    for language in ("en", "ru"):
        for problem in ledger.problems:
            assert "{" not in sentence(problem, language)
    assert ledger.below_zero == date(2026, 11, 3)


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("bonuses: []", 1, "holds no accounts"),
        ("accounts: {bonuses: []}", 1, "“personal” is missing"),
        ('accounts: {personal: "1.005"}', 1, "has parts of a kopeck"),
        ("accounts: {personal: 1, welcome: soon}", 1, "“soon” is not a day"),
        ("accounts:\n  personal: 1\n  bonuses:\n    - {amount: 5}", 4, "the bonus has no name"),
        ("accounts:\n  personal: 1\n  bonuses:\n    - {name: a, amount: 5, covers: [vn]}", 4, "did you mean “vpn”?"),
        ("accounts:\n  personal: 1\n  bonuses:\n    - {promotion: promo, amount: 5}", 4, "“promo” is not one of"),
        ("accounts:\n  personal: 1\n  bonuses:\n    - {name: a, amount: -5}", 4, "amount"),
        ("accounts:\n  personal: 1\n  bonuses:\n    - {name: personal, amount: 5}", 3, "called personal"),
        (
            "accounts:\n  personal: 1\n  bonuses:\n    - {name: a, amount: 5, since: 2026-11-02, expires: 2026-11-01}",
            4,
            "is not after `since`",
        ),
    ],
)
def test_what_is_wrong_with_a_file_is_told(tmp_path: Path, text: str, line: int, said: str) -> None:
    with pytest.raises(InputError) as error:
        accounts(tmp_path, text)
    told = sentence(error.value.problems[0], "en")
    assert said in told
    assert f"accounts.yaml:{line}:" in told
    assert "{" not in sentence(error.value.problems[0], "ru").replace("{personal", "")


def test_the_command_in_both_languages(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    own = tmp_path / "accounts.yaml"
    own.write_text('accounts: {personal: "500.00", welcome: 2026-11-01}', encoding="utf-8")
    words = ["bonuses", SHOP, str(own), "--period", "2026-11"]
    assert main([*words, "--lang", "en"]) == 0
    assert "the personal account falls below zero on 2026-11-0" in capsys.readouterr().out
    assert main([*words, "--lang", "ru"]) == 0
    assert "лицевой счёт уходит в минус" in capsys.readouterr().out
    assert main([*words, "--format", "json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert sum(Decimal(d["charged"]) for d in data["days"]) == Decimal(data["total"])
    assert data["below_zero"].startswith("2026-11-0")


def test_every_message_has_both_languages() -> None:
    for words in ACCOUNTS.values():
        assert all((words.en, words.ru, words.remedy_en, words.remedy_ru))


kopecks = st.integers(0, 10**7).map(lambda n: Decimal(n).scaleb(-2))
services = st.sampled_from(["vm", "disk", "object_storage", "bare_metal", ""])
days = st.integers(0, 6).map(lambda n: DAY + timedelta(n))


@st.composite
def bonus(draw: st.DrawFn, name: str) -> Account:
    names = st.lists(st.sampled_from(["vm", "disk", "object_storage", "block_storage.*"]), max_size=2).map(tuple)
    since, expires = draw(st.none() | days), draw(st.none() | days)
    return Account(name=name, amount=draw(kopecks), covers=draw(names), excludes=draw(names), since=since,
                   expires=expires)  # fmt: skip


@settings(max_examples=200)
@given(
    st.lists(st.builds(DayCharge, day=days, service=services, meter=st.just("block_storage.ssd"), amount=kopecks)),
    st.tuples(bonus("a"), bonus("b"), bonus("c")),
    st.integers(-(10**6), 10**7).map(lambda n: Decimal(n).scaleb(-2)),
)
def test_what_is_paid_is_what_was_charged(
    charges: list[DayCharge], bonuses: tuple[Account, ...], personal: Decimal
) -> None:
    own = Accounts(personal=personal, bonuses=bonuses, personal_only=("bare_metal",))
    period = [DAY + timedelta(n) for n in range(7)]
    payments, evenings = settle(charges, own, period)
    assert sum((p.amount for p in payments), ZERO) == sum((c.amount for c in charges), ZERO)
    by_name = {a.name: a for a in bonuses}
    for day, evening in zip(period, evenings, strict=True):
        assert evening.charged == sum((c.amount for c in charges if c.day == day), ZERO)
        assert all(evening.balances[name] >= 0 for name in by_name)
    for payment in payments:
        if payment.account != PERSONAL:
            account = by_name[payment.account]
            assert account.lives_on(payment.day)
            assert account.pays_for(payment.service, "block_storage.ssd")
            assert payment.service != "bare_metal"
    spent = sum((p.amount for p in payments if p.account == PERSONAL), ZERO)
    assert evenings[-1].balances[PERSONAL] == personal - spent


@given(
    st.integers(-(10**9), 10**9).map(lambda n: Decimal(n).scaleb(-2)),
    st.lists(st.tuples(st.integers(), st.integers(0, 10**18)), min_size=1).filter(lambda w: any(x for _, x in w)),
)
def test_parts_of_an_amount_sum_to_it(amount: Decimal, weights: list[tuple[int, int]]) -> None:
    parts = spread(amount, weights)
    assert sum((part for _, part in parts), ZERO) == amount
    assert [key for key, _ in parts] == [key for key, _ in weights]
    assert all(part * amount >= 0 for _, part in parts)
