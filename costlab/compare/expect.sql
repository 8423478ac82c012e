-- expect
-- Which price each question of a bill should have met: by its SKU (the answer to its names) and its stretch of time.
--
-- Reads `tally`, `twin`, `answer` (section, item, unit → SKU and conversion) and `regime_of` (SKU and time → tariff).
-- Yields `tally` with its tariff, null where there is no SKU, no quantity, or no price then (`why` says which); `rows`
-- without the copies of other rows.
WITH copied AS (
    SELECT service, parameter, unit, stretch, quantity, amount, bonus, count(*) AS copies
    FROM twin WHERE copy > 1
    GROUP BY service, parameter, unit, stretch, quantity, amount, bonus
)
SELECT
    tally.tally, tally.service, tally.parameter, tally.unit, tally.stretch, tally.quantity, tally.amount, tally.bonus,
    tally.start_minute, tally.rows - coalesce(copied.copies, 0) AS rows, tally.rows AS with_copies,
    whole_amount, whole_bonus, whole_amount + whole_bonus AS billed,
    answer.sku_service, answer.sku_id, answer.dimensions, answer.pricing_unit,
    -- Of 10^-18 in the bill's unit, billionths of the pricing unit.
    whole_quantity * answer.numerator // (answer.denominator * 1000000000) AS priced_quantity,
    CASE WHEN tally.quantity IS NOT NULL THEN regime_of.tariff END AS tariff,
    CASE
        WHEN answer.why IS NOT NULL THEN answer.why
        WHEN tally.quantity IS NULL THEN
            '{"code":"no_price","reason":{"en":"the row has no quantity","ru":"в строке нет количества"}}'
        WHEN regime_of.tariff IS NULL THEN
            '{"code":"no_price","reason":{"en":"no price list of that day","ru":"нет прайс-листа на этот день"}}'
        ELSE answer.evidence
    END AS why
FROM tally
JOIN answer
    ON answer.service = tally.service AND answer.parameter = tally.parameter AND answer.unit = tally.unit
LEFT JOIN regime_of
    ON regime_of.sku_id = answer.sku_id
    AND regime_of.start_minute <= tally.start_minute
    AND regime_of.end_minute > tally.start_minute
LEFT JOIN copied
    ON copied.service = tally.service AND copied.parameter = tally.parameter AND copied.unit = tally.unit
    AND copied.stretch = tally.stretch AND copied.quantity IS NOT DISTINCT FROM tally.quantity
    AND copied.amount = tally.amount AND copied.bonus = tally.bonus
