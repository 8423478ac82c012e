-- twins
-- Rows that are there more than once: equal in every column of the bill, known or not, but for where they stand.
--
-- Reads `billed` and `calendar`. Creates the view `keyed` (every row with the hash of what makes it), `repeated` (hashes
-- of several rows) and `twin`: the rows that have a twin, numbered; those after the first are copies.
CREATE OR REPLACE TEMP VIEW keyed AS
SELECT *, hash(account, project, resource_id, service, parameter, sku, day, start, "end", quantity, unit, amount, bonus,
    category, charge_class) AS same
FROM billed;
CREATE OR REPLACE TEMP TABLE repeated AS
SELECT same FROM keyed GROUP BY same HAVING count(*) > 1;
CREATE OR REPLACE TEMP TABLE twin AS
-- Only rows whose hash repeats can be copies of each other; those are compared in full.
SELECT
    file, line, project, resource_id, service, parameter, unit, keyed.day, stretch, start_minute, quantity, amount, bonus,
    row_number() OVER everything AS copy,
    first_value(line) OVER everything AS first_line
FROM keyed
JOIN calendar ON calendar.day = keyed.day
WHERE same IN (SELECT same FROM repeated)
WINDOW everything AS (
    PARTITION BY $columns
    ORDER BY file, line
    ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
)
