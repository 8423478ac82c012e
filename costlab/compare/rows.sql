-- rows
-- The rows that go the long way, each with what was found for its question; copies of other rows always do.
--
-- Reads `keyed`, `repeated`, `twin` (twins.sql), `calendar` and `judged` (the tally with what is expected; `doubted`: its
-- rows are looked at one by one).
WITH wanted AS (
    SELECT * FROM judged WHERE doubted
),
picked AS (
    SELECT file, line, project, resource_id, keyed.day, calendar.start_minute, wanted.tally, 1 AS copy,
        CAST(NULL AS BIGINT) AS first_line
    FROM keyed
    JOIN calendar ON calendar.day = keyed.day
    JOIN wanted
        ON wanted.service = keyed.service AND wanted.parameter = keyed.parameter AND wanted.unit = keyed.unit
        AND wanted.stretch = calendar.stretch AND wanted.quantity IS NOT DISTINCT FROM keyed.quantity
        AND wanted.amount = keyed.amount AND wanted.bonus = keyed.bonus
    WHERE keyed.same NOT IN (SELECT same FROM repeated)
    UNION ALL
    SELECT file, line, project, resource_id, twin.day, twin.start_minute, judged.tally, copy, first_line
    FROM twin
    JOIN judged
        ON judged.service = twin.service AND judged.parameter = twin.parameter AND judged.unit = twin.unit
        AND judged.stretch = twin.stretch AND judged.quantity IS NOT DISTINCT FROM twin.quantity
        AND judged.amount = twin.amount AND judged.bonus = twin.bonus
    WHERE judged.doubted OR twin.copy > 1
)
SELECT
    row_number() OVER (ORDER BY picked.file, picked.line, picked.copy) - 1 AS row,
    picked.file, picked.line, picked.project, picked.resource_id, judged.sku_service AS service, judged.sku_id,
    judged.dimensions, judged.parameter, picked.day, picked.start_minute,
    judged.whole_amount AS amount, judged.whole_bonus AS bonus, judged.priced_quantity AS quantity,
    judged.pricing_unit AS unit, judged.tariff, judged.why, judged.cost, picked.copy, picked.first_line
FROM picked JOIN judged ON judged.tally = picked.tally
