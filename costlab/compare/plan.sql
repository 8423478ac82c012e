-- An estimate's lines as a bill would have them.
--
-- A bill has one row per resource, parameter and day; an estimate may have several lines of one SKU (data, WAL and system
-- disk). Where the bill has fewer rows than the estimate has lines, or a row of just their sum, the lines are one: their
-- quantities are summed and rated together.
-- Reads `planned_line`, `planned_regime` (reconcile.py) and `expected` (rerate.py).
WITH asked AS (
    SELECT resource_id, sku_id, day, count(*) AS lines, sum(quantity) AS whole
    FROM planned_line GROUP BY resource_id, sku_id, day
),
billed AS (
    SELECT asked.resource_id, asked.sku_id, asked.day, asked.lines, count(expected.row) AS rows,
        coalesce(bool_or(expected.quantity = asked.whole), FALSE) AS as_one
    FROM asked LEFT JOIN expected USING (resource_id, sku_id, day)
    GROUP BY asked.resource_id, asked.sku_id, asked.day, asked.lines
),
sized AS (
    SELECT planned_line.*, billed.rows < billed.lines OR (billed.as_one AND billed.lines > 1) AS merged
    FROM planned_line JOIN billed USING (resource_id, sku_id, day)
),
as_billed AS (
    SELECT line_number, resource_id, service, sku_id, dimensions, day, start_minute, quantity, price_key, itemised, unit, line
    FROM sized WHERE NOT merged
    UNION ALL
    SELECT min(line_number), resource_id, min(service), sku_id,
        CASE WHEN count(DISTINCT dimensions) = 1 THEN min(dimensions) ELSE '' END,
        day, start_minute, sum(quantity), price_key, bool_or(itemised), min(unit), min(line)
    FROM sized WHERE merged
    GROUP BY resource_id, sku_id, day, start_minute, price_key
)
SELECT as_billed.*, planned_regime.tariff
FROM as_billed
JOIN planned_regime
    ON planned_regime.price_key = as_billed.price_key
    AND planned_regime.start_minute <= as_billed.start_minute
    AND planned_regime.end_minute > as_billed.start_minute
