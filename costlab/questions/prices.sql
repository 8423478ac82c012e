-- title: {en: Unit prices seen, ru: Цены за единицу по счёту}
-- short: {en: Unit prices, ru: Цены}
-- about:
--   en: >-
--     What a unit came to (with bonuses), and from when to when. A ratio for reading: rounding of rows is allowed for,
--     money is never made of it.
--   ru: >-
--     Во сколько обошлась единица (с бонусами) и с какого по какой день. Это отношение для чтения: округление строк
--     учтено, деньги по нему не считаются.
-- reads: asked
-- rule: >-
--   what was paid for how much of each item, day by day (measured: whether the rows have a quantity); days of one
--   price are then put together. The whole price is amount + bonus. Rows without a quantity stand apart: they have
--   money and no unit price
-- then: unit_prices
-- columns:
--   service: text
--   parameter: text
--   sku: text
--   unit: text
--   region: text
--   currency: text
--   first_day: date
--   last_day: date
--   days: {kind: count, en: Days, ru: Дней}
--   charges: count
--   quantity: {kind: quantity, en: Quantity, ru: Количество}
--   amount: money
--   bonus: money
--   price: {kind: price, en: Price of a unit, ru: Цена единицы}
SELECT service, parameter, sku, unit, region, currency,
    CASE WHEN quantity IS NULL OR quantity = 0 THEN 0 ELSE 1 END AS measured,
    day, count(*) AS charges, sum(quantity) AS quantity, sum(amount) AS amount, sum(bonus) AS bonus
FROM asked
GROUP BY service, parameter, sku, unit, region, currency,
    CASE WHEN quantity IS NULL OR quantity = 0 THEN 0 ELSE 1 END, day
ORDER BY currency, service, parameter, sku, unit, region, measured, day
