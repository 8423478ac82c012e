-- What a comparison must rate: for each pair that differs, the amounts between its two ends, in the fixed order.
--
-- Reads `pair` (split.py). Yields usage rows for rate.sql; usage_id = pair × 5 + step:
--   0  the quantity as if held for the other period's time, at the old price
--   1  the new quantity at the old price
--   2  the new price without VAT, under the old VAT and rounding
--   3  the new price with the new VAT, under the old rounding
--   4  with the new contract or discount, under the old rounding
WITH differing AS (
    SELECT
        *,
        CASE WHEN held AND before_end - before_start <> after_end - after_start
            THEN before_quantity * (after_end - after_start) // (before_end - before_start)
            ELSE before_quantity END AS calendar_quantity
    FROM pair
    WHERE status = 'pair' AND (before_quantity <> after_quantity OR before_tariff <> after_tariff)
)
SELECT pair * 5 AS usage_id, before_tariff AS price_key, after_start AS start_minute, after_end AS end_minute,
    calendar_quantity AS quantity
FROM differing WHERE calendar_quantity <> before_quantity
UNION ALL
SELECT pair * 5 + 1, before_tariff, after_start, after_end, after_quantity
FROM differing WHERE after_quantity <> calendar_quantity
UNION ALL
SELECT pair * 5 + 2, before_tariff || ' > ' || after_tariff || ' price', after_start, after_end, after_quantity
FROM differing WHERE after_tariff <> before_tariff
UNION ALL
SELECT pair * 5 + 3, before_tariff || ' > ' || after_tariff || ' vat', after_start, after_end, after_quantity
FROM differing WHERE after_tariff <> before_tariff
UNION ALL
SELECT pair * 5 + 4, before_tariff || ' > ' || after_tariff || ' discount', after_start, after_end, after_quantity
FROM differing WHERE after_tariff <> before_tariff
