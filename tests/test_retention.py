"""Retention of backups: the documented example, the rules in words, and what copies hold over time."""

from datetime import datetime, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from costlab.services.parts.retention import Copy, Gfs, Limit, Plan, Policy, kept, since_full, stored

DAY = timedelta(days=1)
START = datetime.fromisoformat("2026-11-01T00:00:00+03:00")


def after_each(outcomes: str, maximum: int) -> list[list[int]]:
    copies: list[Copy] = []
    states = []
    for number, outcome in enumerate(outcomes, 1):
        copies = kept([*copies, Copy(number, START + number * DAY, succeeded=outcome == "S")], Limit(maximum))
        states.append([c.number for c in copies])
    return states


def test_the_documented_example_step_by_step() -> None:
    assert after_each("FSSFFS", 2) == [[1], [1, 2], [2, 3], [2, 3, 4], [2, 3, 4, 5], [3, 4, 5, 6]]


def test_without_any_success_the_oldest_failures_go() -> None:
    assert after_each("FFFF", 2)[-1] == [3, 4]


def test_increments_go_with_their_full_copy() -> None:
    plan = Plan(START, 24, 3, Limit(1))
    copies: list[Copy] = []
    for copy in plan.runs(START + 5 * DAY):
        copies = kept([*copies, copy], plan.policy)
    assert [(c.number, c.base) for c in copies] == [(4, None), (5, 4)]


def state(plan: Plan, until: datetime) -> list[Copy]:
    copies: list[Copy] = []
    for copy in plan.runs(until):
        copies = kept([*copies, copy], plan.policy)
    return copies


def test_gfs_keeps_one_copy_a_level() -> None:
    """Four weeks, twelve months, five years: each full copy has one tag, only the weeks have increments."""
    policy = Gfs(4, 12, 5)
    now = datetime.fromisoformat("2026-11-30T00:00:00+03:00")
    found = state(Plan(START - since_full(policy, 24, 7), 24, 7, policy), now)
    by_tag = {tag: [c.at.date().isoformat() for c in found if c.tag == tag] for tag in ("yearly", "monthly", "weekly")}
    assert by_tag["yearly"] == ["2022-01-02", "2023-01-01", "2024-01-07", "2025-01-05", "2026-01-04"]
    assert [day[:7] for day in by_tag["monthly"]] == ["2025-12", *(f"2026-{m:02}" for m in range(2, 12))]
    assert by_tag["weekly"] == ["2026-11-08", "2026-11-15", "2026-11-22", "2026-11-29"]
    assert min(c.at for c in found if not c.full) > now - timedelta(days=29)


def test_two_years_are_this_one_and_the_last() -> None:
    policy = Gfs(1, 0, 2)
    found = state(Plan(START - 1100 * DAY, 24, 1, policy), START)
    assert [c.at.year for c in found if c.tag == "yearly"] == [2025, 2026]


def test_a_level_kept_for_nothing_gives_no_tag() -> None:
    found = state(Plan(START - 400 * DAY, 24, 1, Gfs(2, 0, 0)), START)
    assert [c.tag for c in found] == ["weekly"] * 14


policies = st.one_of(
    st.builds(Limit, st.integers(1, 5)),
    st.builds(Gfs, st.integers(0, 3), st.integers(0, 4), st.integers(0, 2)),
)


@settings(max_examples=60, deadline=None)
@given(policies, st.sampled_from([12, 24, 48]), st.sampled_from([2, 4, 8]), st.integers(0, 60), st.integers(1, 40))
def test_held_over_time_is_the_sum_of_each_minute(policy: Policy, hours: int, days: int, age: int, length: int) -> None:
    """`stored` looks only at what can still exist and acts only when something can go; this one looks at everything."""
    plan = Plan(START - age * DAY, hours, days, policy)
    end = START + length * DAY
    copies: list[Copy] = []
    runs = list(plan.runs(end))
    total, count = 0, 0
    for copy, following in zip(runs, [*(r.at for r in runs[1:]), end], strict=True):
        copies = kept([*copies, copy], policy)
        count += copy.at >= START
        minutes = max((following - max(copy.at, START)) // timedelta(minutes=1), 0)
        total += minutes * sum(100 if c.full else 7 for c in copies)
    assert stored(plan, START, end, lambda c: Decimal(100 if c.full else 7)) == (count, total)


@settings(max_examples=60, deadline=None)
@given(policies, st.sampled_from([24, 48]), st.sampled_from([2, 8]))
def test_a_running_plan_holds_no_more_when_it_is_older(policy: Policy, hours: int, days: int) -> None:
    """What `since_full` says is long enough: any older plan holds as many full copies."""
    cycle = timedelta(days=days)
    early = since_full(policy, hours, days)
    young = state(Plan(START - early, hours, days, policy), START + DAY)
    old = state(Plan(START - early - cycle * 53, hours, days, policy), START + DAY)
    assert [c.at for c in young if c.full] == [c.at for c in old if c.full]
