-- What was paid for how much of each item, day by day: what the unit prices seen are shown from.
--
-- Reads: asked.
-- Yields: service, parameter, sku, unit, region, currency, measured (whether the rows have a quantity), day, charges,
-- quantity, amount, bonus.
-- Rule: the whole price is amount + bonus. Rows without a quantity stand apart: they have money and no unit price.
SELECT service, parameter, sku, unit, region, currency,
    CASE WHEN quantity IS NULL OR quantity = 0 THEN 0 ELSE 1 END AS measured,
    day, count(*) AS charges, sum(quantity) AS quantity, sum(amount) AS amount, sum(bonus) AS bonus
FROM asked
GROUP BY service, parameter, sku, unit, region, currency,
    CASE WHEN quantity IS NULL OR quantity = 0 THEN 0 ELSE 1 END, day
ORDER BY currency, service, parameter, sku, unit, region, measured, day
