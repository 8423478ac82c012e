-- Which price each row of a bill should have met: by its SKU (the answer to its names) and its day.
--
-- Reads `charge` (the bill), `answer` (section, item, unit → SKU and conversion) and `regime_of` (SKU and time → tariff).
-- Creates `found`: tariff is null where a row has no SKU, no quantity, or no price on its day; `why` says which.
CREATE OR REPLACE TEMP TABLE found AS
WITH keyed AS (
    SELECT row, line, hash(project, resource_id, service, parameter, day, quantity, amount, bonus) AS same FROM charge
),
-- Only rows whose hash repeats can be copies of each other; those are compared in full.
twin AS (
    SELECT charge.row,
        row_number() OVER everything AS copy,
        min(charge.line) OVER everything AS first_line
    FROM charge
    JOIN keyed ON keyed.row = charge.row
    WHERE keyed.same IN (SELECT same FROM keyed GROUP BY same HAVING count(*) > 1)
    WINDOW everything AS (
        PARTITION BY charge.project, charge.resource_id, charge.service, charge.parameter, charge.day, charge.quantity,
            charge.amount, charge.bonus
        ORDER BY charge.row
        ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
    )
)
SELECT
    charge.row, charge.line, charge.project, charge.resource_id, answer.sku_service AS service, answer.sku_id,
    answer.dimensions, charge.parameter, charge.day, charge.start_minute, charge.amount, charge.bonus,
    charge.quantity * answer.numerator // answer.denominator AS quantity,
    answer.pricing_unit AS unit,
    CASE WHEN charge.quantity IS NOT NULL THEN regime_of.tariff END AS tariff,
    CASE
        WHEN answer.why IS NOT NULL THEN answer.why
        WHEN charge.quantity IS NULL THEN
            '{"code":"no_price","reason":"the row has no quantity","reason_ru":"в строке нет количества"}'
        WHEN regime_of.tariff IS NULL THEN
            '{"code":"no_price","reason":"no price list of that day","reason_ru":"нет прайс-листа на этот день"}'
    END AS why,
    coalesce(twin.copy, 1) AS copy, twin.first_line
FROM charge
JOIN answer
    ON answer.service = charge.service AND answer.parameter = charge.parameter AND answer.unit = charge.unit
LEFT JOIN regime_of
    ON regime_of.sku_id = answer.sku_id
    AND regime_of.start_minute <= charge.start_minute
    AND regime_of.end_minute > charge.start_minute
LEFT JOIN twin ON twin.row = charge.row
