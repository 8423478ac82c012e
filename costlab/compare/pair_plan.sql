-- A bill beside an estimate: which row answers which planned line of the same resource, SKU and day.
-- Reads `expected` (rows.sql) and `planned` (reconcile.py). Yields `pair` as pair_bill.sql does.
WITH billed AS (
    SELECT *,
        row_number() OVER (PARTITION BY resource_id, sku_id, day, quantity ORDER BY row) AS occurrence
    FROM expected
),
plan AS (
    SELECT *,
        row_number() OVER (PARTITION BY resource_id, sku_id, day, quantity ORDER BY line_number) AS occurrence
    FROM planned
),
-- First those whose quantity is just as planned, then the others by size; a copy of another row is never paired.
exact AS (
    SELECT plan.line_number, billed.row
    FROM plan JOIN billed USING (resource_id, sku_id, day, quantity, occurrence)
),
left_plan AS (
    SELECT *, row_number() OVER (PARTITION BY resource_id, sku_id, day ORDER BY quantity, line_number) AS place
    FROM plan WHERE line_number NOT IN (SELECT line_number FROM exact)
),
left_billed AS (
    SELECT *, row_number() OVER (PARTITION BY resource_id, sku_id, day ORDER BY quantity, row) AS place
    FROM billed WHERE sku_id <> '' AND copy = 1 AND row NOT IN (SELECT row FROM exact)
),
matched AS (
    SELECT line_number, row FROM exact
    UNION ALL
    SELECT left_plan.line_number, left_billed.row
    FROM left_plan JOIN left_billed USING (resource_id, sku_id, day, place)
),
joined AS (
    SELECT matched.row, matched.line_number FROM matched
    UNION ALL
    SELECT row, NULL FROM expected WHERE row NOT IN (SELECT row FROM matched)
    UNION ALL
    SELECT NULL, line_number FROM planned WHERE line_number NOT IN (SELECT line_number FROM matched)
)
SELECT
    row_number() OVER (ORDER BY b.row NULLS LAST, p.line_number) - 1 AS pair,
    coalesce(b.project, '') AS project, coalesce(b.resource_id, p.resource_id) AS resource_id,
    coalesce(p.service, b.service) AS service, coalesce(b.sku_id, p.sku_id) AS sku_id,
    coalesce(p.dimensions, b.dimensions) AS dimensions, coalesce(b.day, p.day) AS day,
    CASE
        WHEN b.row IS NULL THEN CASE WHEN p.itemised THEN 'before' ELSE 'not_itemised' END
        WHEN p.line_number IS NOT NULL THEN 'pair'
        WHEN b.copy > 1 THEN 'duplicate'
        WHEN b.sku_id = '' THEN 'no_price'
        ELSE 'after'
    END AS status,
    p.tariff AS before_tariff,
    p.start_minute AS before_start, p.start_minute + 1440 AS before_end,
    b.start_minute AS after_start, b.start_minute + 1440 AS after_end,
    p.quantity AS before_quantity, coalesce(b.quantity, p.quantity) AS after_quantity,
    p.cost AS before_cost, b.amount AS after_cost,
    CAST(0 AS HUGEINT) AS before_bonus, coalesce(b.bonus, 0) AS after_bonus,
    FALSE AS held, coalesce(b.cost, p.cost) AS expected_cost,
    coalesce(p.unit, b.unit) AS unit, coalesce(b.file, '') AS file,
    p.line AS line_before, b.line AS line_after,
    CASE
        WHEN p.line_number IS NOT NULL AND b.row IS NOT NULL THEN NULL
        WHEN b.row IS NULL THEN json_object('code', CASE WHEN p.itemised THEN 'not_billed' ELSE 'not_itemised' END)
        WHEN b.copy > 1 THEN json_object('code', 'duplicate', 'line', CAST(b.first_line AS VARCHAR))
        WHEN b.sku_id = '' THEN b.why
        ELSE '{"code":"unexpected"}'
    END AS reason
FROM joined
LEFT JOIN expected AS b ON b.row = joined.row
LEFT JOIN planned AS p ON p.line_number = joined.line_number
