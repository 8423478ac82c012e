-- tally
-- The rows of a bill by what they ask and what was taken for it: equal questions are rated and judged once.
--
-- Reads `billed` (the bill, see evidence.py) and `calendar` (day, stretch, start_minute: days between which no tariff changes are one
-- stretch). Amounts become whole numbers of 10^-18; a row's own day, resource and line do not matter here.
CREATE OR REPLACE TEMP TABLE tally AS
WITH counted AS (
    SELECT service, parameter, unit, stretch, quantity, amount, bonus, count(*) AS rows, min(start_minute) AS start_minute
    FROM billed JOIN calendar ON calendar.day = billed.day
    GROUP BY service, parameter, unit, stretch, quantity, amount, bonus
),
-- The whole units and what is beyond them, apart: 38 digits do not hold a product of both.
divided AS (
    SELECT
        *, floor(amount) AS amount_units, floor(bonus) AS bonus_units, floor(quantity) AS quantity_units,
        CAST(1000000000000000000 AS DECIMAL(19, 0)) AS one
    FROM counted
)
SELECT
    row_number() OVER () - 1 AS tally,
    service, parameter, unit, stretch, quantity, amount, bonus, rows, start_minute,
    CAST(quantity_units AS HUGEINT) * CAST(one AS HUGEINT)
        + CAST(CAST(quantity - quantity_units AS DECIMAL(19, 18)) * one AS HUGEINT) AS whole_quantity,
    CAST(amount_units AS HUGEINT) * CAST(one AS HUGEINT)
        + CAST(CAST(amount - amount_units AS DECIMAL(19, 18)) * one AS HUGEINT) AS whole_amount,
    CAST(bonus_units AS HUGEINT) * CAST(one AS HUGEINT)
        + CAST(CAST(bonus - bonus_units AS DECIMAL(19, 18)) * one AS HUGEINT) AS whole_bonus
FROM divided
