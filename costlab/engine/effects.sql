-- The difference of every pair, split by cause. Amounts are integers of 10^-12 of the currency.
--
-- Reads `pair` (compare.py) and `step` (usage_id, amount: what steps.sql asked, rated). Each effect is the difference
-- of two neighbouring amounts, so that the effects of a line add up to its difference by construction.
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
        CASE WHEN status = 'no_price' THEN after_cost ELSE nothing END AS unexplained
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
    project, resource_id, service, sku_id, dimensions, day,
    before_cost AS before, after_cost AS after, coalesce(after_cost, nothing) - coalesce(before_cost, nothing) AS delta,
    calendar, quantity, price, vat, discount, bonus, rounding, new, gone, duplicate, not_itemised, unexplained, verdict,
    -- The sentence: the caller's reason where it has one, else what the numbers say.
    CASE
        WHEN verdict = 'match' THEN CASE WHEN bonus <> 0 THEN 'bonus' ELSE 'same' END
        WHEN reason IS NOT NULL THEN json_extract_string(reason, '$.code')
        WHEN verdict = 'quantity' THEN CASE WHEN quantity = 0 AND price = 0 THEN 'calendar'
            WHEN price <> 0 OR vat <> 0 OR discount <> 0 THEN 'several' ELSE 'quantity' END
        WHEN verdict = 'price' THEN CASE WHEN implied THEN 'implied_price' WHEN price <> 0 THEN 'other_price'
            WHEN discount <> 0 THEN 'other_discount' ELSE 'other_vat' END
        WHEN verdict = 'rounding' THEN 'other_rounding'
        WHEN verdict = 'unexpected' THEN 'new'
        WHEN verdict = 'not_billed' THEN 'gone'
        ELSE verdict
    END AS why_code,
    CASE
        WHEN verdict = 'match' AND bonus = 0 THEN NULL
        ELSE json_merge_patch(
            json_object(
                'expected', before_text.text, 'billed', coalesce(after_text.text, ''), 'per', coalesce(before_text.size, ''),
                'expected_vat', before_text.vat_rate, 'billed_vat', after_text.vat_rate,
                'expected_rounding', before_text.rule, 'billed_rounding', after_text.rule,
                'before_minutes', before_end - before_start, 'after_minutes', after_end - after_start
            ),
            coalesce(reason, '{}')
        )
    END AS why_args,
    line_before, line_after, before_quantity AS quantity_before, after_quantity AS quantity_after, unit,
    coalesce(before_text.text, '') AS price_before, coalesce(after_text.text, '') AS price_after
FROM judged
LEFT JOIN tariff_text AS before_text ON before_text.key = before_tariff
LEFT JOIN tariff_text AS after_text ON after_text.key = after_tariff
ORDER BY pair
