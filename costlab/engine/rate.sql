-- The rating program: the only place where a quantity meets a price.
--
-- Reads
--   usage  usage_id, price_key, start_minute, end_minute, quantity
--          One row per thing used: `quantity` pricing units, in billionths (HUGEINT), spread evenly over whole
--          minutes [start_minute, end_minute). Negative quantities are corrections.
--   price  price_key, rate_id, start_minute, end_minute, charge_model, size, tier_from, tier_to,
--          numerator, denominator, common, rounding_mode, rounding_scope, minimum, vat_numerator, vat_denominator
--          One row per SKU × stretch of time with one price, VAT and rounding rule × tier (catalog/regimes.py).
--          numerator / denominator = kopecks per billionth of a unit, gross; for a package, per package.
--   slice  rounding_scope, start_minute, end_minute
--          How finely a rounding scope cuts time: one row for all time, or one row a day for the scope `day`.
-- Yields one row per charge (usage × rate): quantity in billionths, raw cost in units of 10^-12 roubles, cost and VAT
-- in kopecks; and one row per VAT rate without a usage_id where the scope `total` leaves a remainder.
--
-- Everything is an integer. A raw amount is `amount / denominator` and is divided once, into kopecks.
WITH
-- Billionths in what the list prices as one thing: a whole unit, or a package as such.
listed AS (
    SELECT *, CAST(CASE WHEN charge_model = 'package' THEN 1 ELSE 1000000000 END AS HUGEINT) AS one FROM price
),
-- Prices, cut as finely as their rounding asks. `unit` rounds the price of one such thing before it is multiplied.
sliced AS (
    SELECT
        price.price_key, price.rate_id, price.charge_model, price.size, price.tier_from, price.tier_to,
        greatest(price.start_minute, slice.start_minute) AS start_minute,
        least(price.end_minute, slice.end_minute) AS end_minute,
        price.common, price.minimum, price.vat_numerator, price.vat_denominator, price.rounding_scope,
        price.rounding_mode AS total_mode,
        CASE WHEN price.rounding_scope IN ('unit', 'total') THEN 'half_up' ELSE price.rounding_mode END AS rounding_mode,
        CASE WHEN price.rounding_scope = 'unit' THEN
            CASE price.rounding_mode
                WHEN 'down' THEN price.numerator * price.one // price.denominator
                WHEN 'up' THEN (price.numerator * price.one + price.denominator - 1) // price.denominator
                ELSE (2 * price.numerator * price.one + price.denominator) // (2 * price.denominator)
            END
        ELSE price.numerator END AS numerator,
        CASE WHEN price.rounding_scope = 'unit' THEN price.one ELSE price.denominator END AS denominator
    FROM listed AS price
    JOIN slice
        ON slice.rounding_scope = price.rounding_scope
        AND slice.start_minute < price.end_minute
        AND slice.end_minute > price.start_minute
),
-- A rounding rule as three numbers, so that every row has one formula: (factor * amount + addend) // divisor.
-- Half-up is (2a + d) // 2d, up is (a + d - 1) // d, down is a // d.
regime AS MATERIALIZED (
    SELECT
        *,
        charge_model = 'graduated' AS tiered,
        charge_model = 'volume' AS by_volume,
        charge_model = 'package' AS packaged,
        charge_model = 'flat' AS flat,
        CAST(CASE WHEN rounding_scope = 'total' THEN 0 ELSE minimum END AS HUGEINT) AS least_cost,
        CASE rounding_mode WHEN 'half_up' THEN 2 ELSE 1 END AS factor,
        CASE rounding_mode WHEN 'half_up' THEN denominator WHEN 'up' THEN denominator - 1 ELSE 0 END AS addend,
        CASE rounding_mode WHEN 'half_up' THEN 2 * denominator ELSE denominator END AS divisor
    FROM sliced
),

-- Each usage meets every regime it overlaps. `before` and `after` are the quantity used up to the stretch's ends: they
-- are cumulative, so that the stretches' quantities always sum to the whole, and a tier knows where it stands.
met AS NOT MATERIALIZED (
    SELECT
        usage.usage_id, usage.start_minute AS usage_start, usage.end_minute AS usage_end, regime.*,
        CASE WHEN usage.quantity < 0 THEN -1 ELSE 1 END AS sign,
        CASE
            WHEN NOT regime.flat THEN abs(usage.quantity)
            WHEN usage.quantity = 0 THEN CAST(0 AS HUGEINT)
            ELSE CAST(1000000000 AS HUGEINT)
        END AS whole
    FROM usage
    JOIN regime
        ON regime.price_key = usage.price_key
        AND regime.start_minute < usage.end_minute
        AND regime.end_minute > usage.start_minute
),
cut AS NOT MATERIALIZED (
    SELECT
        *,
        CASE WHEN start_minute <= usage_start THEN CAST(0 AS HUGEINT)
            ELSE whole * (start_minute - usage_start) // (usage_end - usage_start) END AS before,
        CASE WHEN end_minute >= usage_end THEN whole
            ELSE whole * (end_minute - usage_start) // (usage_end - usage_start) END AS after
    FROM met
),

-- Quantity × price, exact: kopecks = amount / denominator.
part AS NOT MATERIALIZED (
    SELECT
        *,
        after - before AS used,
        CASE WHEN packaged THEN (after + size - 1) // size - (before + size - 1) // size
            ELSE after - before END * numerator AS amount
    FROM cut
    WHERE NOT tiered AND (NOT by_volume OR (whole <= tier_to AND (whole > tier_from OR tier_from = 0)))
),
tier AS NOT MATERIALIZED (
    SELECT
        usage_id, usage_start, usage_end, rate_id, start_minute, end_minute, sign, before, after, denominator,
        common, minimum, vat_numerator, vat_denominator, rounding_scope, total_mode, least_cost, factor, addend, divisor,
        sum((least(after, tier_to) - greatest(before, tier_from)) * numerator) AS amount
    FROM cut
    WHERE tiered AND tier_to > before AND (tier_from < after OR tier_from <= before)
    GROUP BY ALL
),
raw AS NOT MATERIALIZED (
    SELECT usage_id, usage_start, usage_end, rate_id, start_minute, end_minute, sign, used, amount, denominator,
        common, minimum, vat_numerator, vat_denominator, rounding_scope, total_mode, least_cost, factor, addend, divisor
    FROM part
    UNION ALL
    SELECT usage_id, usage_start, usage_end, rate_id, start_minute, end_minute, sign, after - before, amount, denominator,
        common, minimum, vat_numerator, vat_denominator, rounding_scope, total_mode, least_cost, factor, addend, divisor
    FROM tier
),

-- The one division. Half-up is away from zero; an amount that is not zero is at least `minimum` kopecks (under the scope
-- `total` the document is, not each line).
rounded AS NOT MATERIALIZED (
    SELECT
        *,
        CASE WHEN amount = 0 THEN CAST(0 AS HUGEINT)
            ELSE greatest(least_cost, (factor * amount + addend) // divisor) END AS kopecks
    FROM raw
),
charge AS NOT MATERIALIZED (
    SELECT usage_id, rate_id, greatest(start_minute, usage_start) AS start_minute, least(end_minute, usage_end) AS end_minute,
        sign, used, amount, denominator, common, kopecks, minimum, vat_numerator, vat_denominator, rounding_scope, total_mode
    FROM rounded WHERE rounding_scope <> 'day'
    UNION ALL
    SELECT usage_id, rate_id, greatest(min(start_minute), min(usage_start)), least(max(end_minute), max(usage_end)),
        sign, sum(used), sum(amount), denominator, common, sum(kopecks), minimum, vat_numerator, vat_denominator, rounding_scope, total_mode
    FROM rounded WHERE rounding_scope = 'day'
    GROUP BY ALL
),

-- What rounding the document's total leaves beside the rounded lines: exact sum first, over a common denominator.
document AS NOT MATERIALIZED (
    SELECT vat_numerator, vat_denominator, total_mode, common, minimum,
        sum(sign * amount * (common // denominator)) AS amount,
        sum(sign * kopecks) AS lines
    FROM charge WHERE rounding_scope = 'total'
    GROUP BY ALL
),
remainder AS NOT MATERIALIZED (
    SELECT
        *,
        CASE WHEN amount < 0 THEN -1 ELSE 1 END * CASE WHEN amount = 0 THEN CAST(0 AS HUGEINT) ELSE greatest(
            CAST(minimum AS HUGEINT),
            CASE total_mode
                WHEN 'half_up' THEN (2 * abs(amount) + common) // (2 * common)
                WHEN 'up' THEN (abs(amount) + common - 1) // common
                ELSE abs(amount) // common
            END
        ) END - lines AS kopecks
    FROM document
)

-- VAT is half-up(cost × r / (1 + r)). Kopecks of one charge fit 64 bits up to 10^15 roubles; beyond, the cast raises.
SELECT
    usage_id, rate_id, start_minute, end_minute,
    sign * used AS quantity,
    sign * (amount // denominator * 10000000000 + (2 * (amount % denominator) * 10000000000 + denominator) // (2 * denominator)) AS raw_cost,
    sign * kopecks AS cost,
    sign * ((2 * CAST(kopecks AS BIGINT) * vat_numerator + vat_denominator) // (2 * vat_denominator)) AS vat,
    vat_numerator, vat_denominator
FROM charge
UNION ALL
SELECT
    NULL, NULL, NULL, NULL, CAST(0 AS HUGEINT), CAST(0 AS HUGEINT), kopecks,
    CASE WHEN kopecks < 0 THEN -1 ELSE 1 END
        * ((2 * CAST(abs(kopecks) AS BIGINT) * vat_numerator + vat_denominator) // (2 * vat_denominator)),
    vat_numerator, vat_denominator
FROM remainder WHERE kopecks <> 0
