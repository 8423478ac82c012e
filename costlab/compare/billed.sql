-- billed
-- A judged bill as one side of a comparison: a row for each thing and item, of all its days together.
--
-- Reads `pair` (judge.py, of the bill with itself). Yields key, tariff (of most of the quantity), whether it is the only
-- one and explains every row, quantity, cost, bonus, rows.
WITH billed AS (
    SELECT
        project, resource_id, service, sku_id, dimensions, unit, day, line_after,
        coalesce(after_tariff, before_tariff, '') AS tariff, coalesce(implied, FALSE) AS implied,
        status = 'no_price' OR sku_id = '' AS unrated, after_quantity, after_cost, after_bonus
    FROM pair WHERE after_cost IS NOT NULL
),
by_tariff AS (
    SELECT
        project, resource_id, service, sku_id, dimensions, unit, unrated, tariff, sum(abs(after_quantity)) AS size
    FROM billed WHERE tariff <> ''
    GROUP BY project, resource_id, service, sku_id, dimensions, unit, unrated, tariff
),
main AS (
    SELECT
        project, resource_id, service, sku_id, dimensions, unit, unrated,
        arg_max(tariff, (size, tariff)) AS tariff, count(*) AS tariffs
    FROM by_tariff GROUP BY project, resource_id, service, sku_id, dimensions, unit, unrated
)
SELECT
    billed.project, billed.resource_id, billed.service, billed.sku_id, billed.dimensions, billed.unit, billed.unrated,
    any_value(main.tariff) AS tariff, coalesce(any_value(main.tariffs), 0) = 1 AND NOT bool_or(implied) AS plain,
    CAST(coalesce(sum(after_quantity), 0) AS DECIMAL(38, 0)) AS quantity, CAST(sum(after_cost) AS DECIMAL(38, 0)) AS cost,
    CAST(sum(after_bonus) AS DECIMAL(38, 0)) AS bonus, min(line_after) AS line, count(*) AS rows
FROM billed
LEFT JOIN main
    ON main.project = billed.project AND main.resource_id = billed.resource_id AND main.service = billed.service
    AND main.sku_id = billed.sku_id AND main.dimensions = billed.dimensions AND main.unit = billed.unit
    AND main.unrated = billed.unrated
GROUP BY billed.project, billed.resource_id, billed.service, billed.sku_id, billed.dimensions, billed.unit, billed.unrated
ORDER BY billed.project, billed.resource_id, billed.service, billed.sku_id, billed.dimensions, billed.unit, billed.unrated
