-- Which of several SKUs a row of a bill means whose name several have.
--
-- Reads `charge`, `calendar` (calendar of the candidates' tariffs), `tally` (the rows by what they ask, see tally.sql),
-- `candidate` (section, item, unit → SKU, its home, conversion), `certain` (section, item, unit → home: names that only
-- one SKU has) and `fit` (tally, sku_id, cost, gap: what the candidate would have cost, and how far the row is from it).
-- A home is a section of the price list: what stands in one section is bought together.
--
-- evidence_row: every row of the bill that helps, by its resource: of the ambiguous ones each candidate that gives the
-- row's amount, of the others the home of their SKU.
-- A resource asks the same question on most days: it meets its candidates once, with how many rows ask it.
CREATE OR REPLACE TEMP TABLE explained AS
WITH question AS (
    SELECT charge.project, charge.resource_id, tally.tally, count(*) AS rows
    FROM charge
    JOIN calendar ON calendar.day = charge.day
    JOIN tally
        ON tally.service = charge.service AND tally.parameter = charge.parameter AND tally.unit = charge.unit
        AND tally.stretch = calendar.stretch AND tally.quantity IS NOT DISTINCT FROM charge.quantity
        AND tally.amount = charge.amount AND tally.bonus = charge.bonus
    WHERE charge.resource_id <> ''
    GROUP BY charge.project, charge.resource_id, tally.tally
)
SELECT
    question.project, question.resource_id, tally.service, tally.parameter, tally.unit, fit.sku_id, fit.home,
    sum(CASE WHEN fit.gap <= fit.tolerance THEN question.rows * abs(tally.whole_amount + tally.whole_bonus) ELSE 0 END)
        AS money,
    sum(question.rows * fit.gap) AS gap, sum(question.rows) AS rows
FROM question
JOIN tally ON tally.tally = question.tally
JOIN fit ON fit.tally = question.tally
GROUP BY question.project, question.resource_id, tally.service, tally.parameter, tally.unit, fit.sku_id, fit.home;
-- What a resource's homes explain of its money; of one item the best candidate of a home counts.
CREATE OR REPLACE TEMP TABLE homely AS
WITH item AS (
    SELECT project, resource_id, service, parameter, unit, home, max(money) AS money
    FROM explained GROUP BY project, resource_id, service, parameter, unit, home
),
known AS (
    SELECT DISTINCT charge.project, charge.resource_id, certain.home
    FROM charge
    JOIN certain
        ON certain.service = charge.service AND certain.parameter = charge.parameter AND certain.unit = charge.unit
    WHERE charge.resource_id <> ''
)
SELECT
    item.project, item.resource_id, item.home, sum(item.money) AS by_amount,
    max(CASE WHEN known.home IS NULL THEN 0 ELSE 1 END) AS by_item
FROM item
LEFT JOIN known
    ON known.project = item.project AND known.resource_id = item.resource_id AND known.home = item.home
GROUP BY item.project, item.resource_id, item.home;
-- The home of a resource: what explains most of its money, and of equals the one that an item of its own names.
CREATE OR REPLACE TEMP TABLE home_of AS
WITH ranked AS (
    SELECT
        *,
        row_number() OVER (PARTITION BY project, resource_id ORDER BY by_amount DESC, by_item DESC, home) AS place,
        count(*) OVER (PARTITION BY project, resource_id, by_amount, by_item) AS equals
    FROM homely
    WHERE by_amount > 0 OR by_item > 0
)
SELECT project, resource_id, home, by_amount, by_item, equals FROM ranked WHERE place = 1;
-- Within its home each item takes the candidate that explains most, and of equals the nearest.
CREATE OR REPLACE TEMP TABLE by_resource AS
WITH best AS (
    SELECT
        explained.project, explained.resource_id, explained.service, explained.parameter, explained.unit,
        explained.sku_id, explained.money, home_of.by_amount, home_of.equals,
        row_number() OVER (
            PARTITION BY explained.project, explained.resource_id, explained.service, explained.parameter, explained.unit
            ORDER BY explained.money DESC, explained.gap, explained.sku_id
        ) AS place
    FROM explained
    JOIN home_of
        ON home_of.project = explained.project AND home_of.resource_id = explained.resource_id
        AND home_of.home = explained.home
)
SELECT project, resource_id, service, parameter, unit, sku_id,
    CASE WHEN by_amount = 0 THEN 'item' WHEN money > 0 THEN 'amounts' ELSE 'resource' END AS evidence, equals
FROM best WHERE place = 1;
-- Without a resource: the one candidate that gives the amount, or several that cost the same.
CREATE OR REPLACE TEMP TABLE by_amount AS
WITH near AS (
    SELECT tally, min(sku_id) AS sku_id, count(*) AS candidates, min(cost) AS least, max(cost) AS most
    FROM fit WHERE gap <= tolerance GROUP BY tally
)
SELECT
    tally.service, tally.parameter, tally.unit, tally.stretch, tally.quantity, tally.amount, tally.bonus, near.sku_id,
    CASE WHEN near.candidates = 1 THEN 'amounts' ELSE 'one_of' END AS evidence
FROM near
JOIN tally ON tally.tally = near.tally
WHERE near.candidates = 1 OR near.least = near.most
