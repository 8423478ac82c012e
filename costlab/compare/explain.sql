-- explain
-- Lines of a comparison with what their sentences need.
--
-- Reads `shown` (rows of effects.sql) and `tariff_text` (compare.py: a tariff in words). In the order of the pairs.
WITH said AS (
    -- The caller's reason where it has one, else what the numbers say.
    SELECT
        *,
        CASE
            WHEN verdict = 'match' THEN CASE WHEN bonus <> 0 THEN 'bonus' ELSE 'same' END
            WHEN json_extract_string(reason, '$.code') <> '' THEN json_extract_string(reason, '$.code')
            WHEN verdict = 'quantity' THEN CASE WHEN quantity = 0 AND price = 0 THEN 'calendar'
                WHEN price <> 0 OR vat <> 0 OR discount <> 0 THEN 'several' ELSE 'quantity' END
            WHEN verdict = 'price' THEN CASE WHEN implied THEN 'implied_price' WHEN price <> 0 THEN 'other_price'
                WHEN discount <> 0 THEN 'other_discount' ELSE 'other_vat' END
            WHEN verdict = 'rounding' THEN CASE WHEN before_tariff = after_tariff THEN 'kopeck' ELSE 'other_rounding' END
            WHEN verdict = 'unexpected' THEN 'new'
            WHEN verdict = 'not_billed' THEN 'gone'
            ELSE verdict
        END AS why_code
    FROM shown
)
SELECT
    project, resource_id, service, sku_id, dimensions, day, before, after, delta,
    calendar, quantity, price, vat, discount, bonus, rounding, new, gone, duplicate, not_itemised, unexplained, verdict,
    why_code,
    CASE
        WHEN verdict = 'match' AND bonus = 0 THEN reason
        ELSE json_merge_patch(
            json_object(
                'expected', before_text.text, 'billed', coalesce(after_text.text, ''), 'per', coalesce(before_text.size, ''),
                'expected_vat', before_text.vat_rate, 'billed_vat', after_text.vat_rate,
                'expected_rounding', before_text.rule, 'billed_rounding', after_text.rule,
                'before_minutes', before_minutes, 'after_minutes', after_minutes
            ),
            coalesce(reason, '{}')
        )
    END AS why_args,
    line_before, line_after, before_quantity AS quantity_before, after_quantity AS quantity_after, unit,
    coalesce(before_text.text, '') AS price_before, coalesce(after_text.text, '') AS price_after, file
FROM said
LEFT JOIN tariff_text AS before_text ON before_text.key = before_tariff
LEFT JOIN tariff_text AS after_text ON after_text.key = after_tariff
ORDER BY pair
