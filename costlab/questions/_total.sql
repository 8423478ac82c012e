-- What was taken, a row per billing month and currency: the whole that the parts of every other question add up to.
--
-- Reads: asked (the charges that were asked about).
-- Yields: period, currency, charges (rows), amount (money taken), bonus, first_day, last_day.
-- Rule: currencies are never added to each other.
SELECT period, currency, count(*) AS charges, sum(amount) AS amount, sum(bonus) AS bonus,
    min(day) AS first_day, max(day) AS last_day
FROM asked
GROUP BY period, currency
ORDER BY period, currency
