-- The difference of every pair, split by cause. Amounts are integers of 10^-18 of the currency.
--
-- Reads `pair` (split.py) and `step` (usage_id, amount: what steps.sql asked, rated). Each effect is the difference
-- of two neighbouring amounts, so that the effects of a line add up to its difference by construction. Creates nothing and
-- says nothing in words: explain.sql does, for the lines that are shown.
WITH stepped AS (
    SELECT
        pair.*,
        before_cost + before_bonus AS at_start,
        coalesce(calendar.amount, before_cost + before_bonus) AS at_calendar
    FROM pair
    LEFT JOIN step AS calendar ON calendar.usage_id = pair.pair * 5
),
quantified AS (
    SELECT stepped.*, coalesce(quantity.amount, at_calendar) AS at_quantity
    FROM stepped
    LEFT JOIN step AS quantity ON quantity.usage_id = stepped.pair * 5 + 1
),
priced AS (
    SELECT
        quantified.*,
        CASE WHEN implied THEN after_cost + after_bonus ELSE coalesce(price.amount, at_quantity) END AS at_price
    FROM quantified
    LEFT JOIN step AS price ON price.usage_id = quantified.pair * 5 + 2
),
taxed AS (
    SELECT priced.*, CASE WHEN implied THEN at_price ELSE coalesce(vat.amount, at_price) END AS at_vat
    FROM priced
    LEFT JOIN step AS vat ON vat.usage_id = priced.pair * 5 + 3
),
discounted AS (
    SELECT taxed.*, CASE WHEN implied THEN at_vat ELSE coalesce(discount.amount, at_vat) END AS at_discount
    FROM taxed
    LEFT JOIN step AS discount ON discount.usage_id = taxed.pair * 5 + 4
),
effect AS (
    SELECT
        *,
        status = 'pair' AS paired,
        CAST(0 AS HUGEINT) AS nothing
    FROM discounted
),
caused AS (
    SELECT
        *,
        CASE WHEN paired THEN at_calendar - at_start ELSE nothing END AS calendar,
        CASE WHEN paired THEN at_quantity - at_calendar ELSE nothing END AS quantity,
        CASE WHEN paired THEN at_price - at_quantity ELSE nothing END AS price,
        CASE WHEN paired THEN at_vat - at_price ELSE nothing END AS vat,
        CASE
            WHEN paired THEN at_discount - at_vat
            WHEN status = 'cap' THEN coalesce(after_cost, nothing) - coalesce(before_cost, nothing)
            ELSE nothing
        END AS discount,
        CASE WHEN paired THEN before_bonus - after_bonus ELSE nothing END AS bonus,
        CASE
            WHEN paired THEN after_cost + after_bonus - at_discount
            WHEN status = 'rounding' THEN coalesce(after_cost, nothing) - coalesce(before_cost, nothing)
            ELSE nothing
        END AS rounding,
        CASE WHEN status = 'after' THEN after_cost ELSE nothing END AS new,
        CASE WHEN status = 'before' THEN -before_cost ELSE nothing END AS gone,
        CASE WHEN status = 'duplicate' THEN after_cost ELSE nothing END AS duplicate,
        CASE WHEN status = 'not_itemised' THEN -before_cost ELSE nothing END AS not_itemised,
        CASE WHEN status = 'no_price' THEN coalesce(after_cost, nothing) - coalesce(before_cost, nothing)
            ELSE nothing END AS unexplained
    FROM effect
),
judged AS (
    SELECT
        *,
        CASE
            WHEN status = 'after' THEN 'unexpected'
            WHEN status = 'before' THEN 'not_billed'
            WHEN status IN ('duplicate', 'not_itemised', 'no_price') THEN status
            WHEN calendar <> 0 OR quantity <> 0 THEN 'quantity'
            WHEN price <> 0 OR vat <> 0 OR discount <> 0 THEN 'price'
            WHEN rounding <> 0 THEN 'rounding'
            ELSE 'match'
        END AS verdict
    FROM caused
)
SELECT
    pair, project, resource_id, service, sku_id, dimensions, day,
    before_cost AS before, after_cost AS after, coalesce(after_cost, nothing) - coalesce(before_cost, nothing) AS delta,
    calendar, quantity, price, vat, discount, bonus, rounding, new, gone, duplicate, not_itemised, unexplained, verdict,
    reason, implied, before_tariff, after_tariff, before_end - before_start AS before_minutes,
    after_end - after_start AS after_minutes, line_before, line_after, before_quantity, after_quantity, unit, file
FROM judged
