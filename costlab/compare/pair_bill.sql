-- A bill beside what it should have been: every row that is looked at with itself, rated as of its day.
-- Reads `expected` (rows.sql). Yields `pair` without the tariff it was billed with, which infer.py finds.
SELECT
    row AS pair, project, resource_id, service, sku_id, dimensions, day,
    CASE WHEN copy > 1 THEN 'duplicate' WHEN tariff IS NULL THEN 'no_price' ELSE 'pair' END AS status,
    CASE WHEN copy = 1 THEN tariff END AS before_tariff,
    start_minute AS before_start, start_minute + 1440 AS before_end,
    start_minute AS after_start, start_minute + 1440 AS after_end,
    CASE WHEN copy = 1 THEN quantity END AS before_quantity, quantity AS after_quantity,
    CASE WHEN copy = 1 AND tariff IS NOT NULL THEN cost END AS before_cost, amount AS after_cost,
    CAST(0 AS HUGEINT) AS before_bonus, bonus AS after_bonus,
    FALSE AS held, cost AS expected_cost,
    unit, file, CAST(NULL AS BIGINT) AS line_before, line AS line_after,
    CASE WHEN copy > 1 THEN json_object('code', 'duplicate', 'line', CAST(first_line AS VARCHAR))
        ELSE why END AS reason
FROM expected
