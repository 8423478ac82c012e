-- The charges of bills as `entry` for focus.sql.
--
-- Reads `source` (the charges with `n`, and every FOCUS name there may be in a file as `x_…`, null where it is not),
-- `clock` (provider, currency, title, offset_minutes, region, region_name), `tax` (provider, currency, first_day, end_day,
-- vat_n, vat_d, vat_rate), `kind` (provider, service, category, subcategory), `listed` (provider, service, parameter, unit,
-- start_minute, end_minute, sku, sku_price, list_price, price_effective, price_source) and `unit_name` (unit, name).
--
-- A row that comes from a FOCUS file keeps its own prices and costs (`given`). A document that has Tax rows has had its
-- VAT split already.
WITH timed AS (
    SELECT
        source.*, clock.title, clock.region AS clock_region, clock.region_name AS clock_region_name,
        coalesce("start" AT TIME ZONE 'UTC', CAST(day AS TIMESTAMP) - to_minutes(offset_minutes)) AS begins,
        coalesce("end" AT TIME ZONE 'UTC', CAST(day AS TIMESTAMP) + INTERVAL 1 DAY - to_minutes(offset_minutes)) AS ends,
        CAST(period + INTERVAL 1 MONTH AS TIMESTAMP) AS next_month,
        CASE
            WHEN abs(date_diff('minute', TRY_CAST("x_BillingPeriodEnd" AS TIMESTAMP), CAST(period + INTERVAL 1 MONTH AS TIMESTAMP))) <= 1440
                THEN date_diff('minute', TRY_CAST("x_BillingPeriodEnd" AS TIMESTAMP), CAST(period + INTERVAL 1 MONTH AS TIMESTAMP))
            WHEN "start" IS NOT NULL THEN 0
            ELSE offset_minutes
        END AS ahead,
        bool_or(source.category = 'Tax') OVER (PARTITION BY source.provider, account, invoice, source.currency, period) AS split,
        nullif("x_ContractedCost", '') IS NOT NULL AND list_cost IS NOT NULL AS given,
        coalesce(nullif(account, ''), nullif(project, ''), 'unknown') AS billed_to
    FROM source
    JOIN clock ON clock.provider = source.provider AND clock.currency = source.currency
),
known AS (
    SELECT
        timed.*, list.sku AS list_sku, list.sku_price AS list_sku_price, list.list_price AS found_price,
        list.price_effective AS found_effective, list.price_source AS found_source,
        CASE WHEN split OR given OR tax.vat_n IS NULL THEN 0 ELSE tax.vat_n END AS vat_part,
        CASE WHEN split OR given OR tax.vat_n IS NULL THEN 1 ELSE tax.vat_d END AS vat_whole,
        CASE WHEN NOT (split OR given) THEN tax.vat_rate END AS rate
    FROM timed
    LEFT JOIN tax ON tax.provider = timed.provider AND tax.currency = timed.currency
        AND tax.first_day <= timed.day AND timed.day < tax.end_day
    LEFT JOIN listed AS list ON list.provider = timed.provider AND list.service = timed.service
        AND list.parameter = timed.parameter AND list.unit = timed.unit
        AND list.start_minute * 60 <= epoch(begins) AND epoch(begins) < list.end_minute * 60
)
SELECT
    n, coalesce(nullif("x_ProviderName", ''), title) AS provider, known.category, nullif(charge_class, '') AS charge_class,
    nullif("x_ChargeFrequency", '') AS frequency,
    begins AS "start", ends AS "end",
    CAST(period AS TIMESTAMP) - to_minutes(ahead) AS period_start, next_month - to_minutes(ahead) AS period_end,
    lettered(billed_to, 'account-') AS account, nullif("x_BillingAccountName", '') AS account_name,
    lettered(project, 'project-') AS sub_account, nullif("x_SubAccountName", '') AS sub_account_name,
    lettered(resource_id, 'resource-') AS resource_id, nullif(resource_name, '') AS resource_name,
    nullif("x_ResourceType", '') AS resource_type,
    coalesce(nullif(known.service, ''), title) AS service,
    coalesce(nullif("x_ServiceCategory", ''), kind.category, 'Other') AS service_category,
    coalesce(nullif("x_ServiceSubcategory", ''), kind.subcategory, 'Other (' || coalesce(nullif("x_ServiceCategory", ''), 'Other') || ')')
        AS service_subcategory,
    CASE WHEN given THEN lettered(sku, 'sku-') ELSE
        coalesce(lettered(sku, 'sku-'), list_sku, nullif(parameter, ''), nullif(known.service, ''), title) END AS sku,
    CASE WHEN given THEN lettered("x_SkuPriceId", 'price-') ELSE
        coalesce(lettered("x_SkuPriceId", 'price-'), list_sku_price,
            coalesce(lettered(sku, 'sku-'), nullif(parameter, ''), nullif(known.service, ''), title) || '@bill') END AS sku_price,
    nullif(parameter, '') AS meter, coalesce(nullif(description, ''), nullif(parameter, '')) AS description,
    whole(quantity) AS quantity, CASE WHEN given THEN nullif(known.unit, '') ELSE unit_name.name END AS unit,
    nullif(known.unit, '') AS source_unit,
    found_price AS list_price, CAST(NULL AS HUGEINT) AS agreed_price, whole(amount) AS amount, whole(bonus) AS bonus,
    whole(list_cost) AS list_amount, whole(effective_cost) AS effective,
    vat_part AS vat_n, vat_whole AS vat_d, rate AS vat_rate, known.currency,
    coalesce(nullif(known.region, ''), CASE WHEN NOT given THEN clock_region END) AS region,
    coalesce(nullif("x_RegionName", ''), CASE WHEN coalesce(nullif(known.region, ''), clock_region) = clock_region
        THEN clock_region_name END) AS region_name,
    lettered(invoice, 'invoice-') AS invoice, CASE WHEN tags <> '{}' THEN nullif(tags, '') END AS tags,
    CAST(found_effective AS VARCHAR) AS price_effective, coalesce(found_source, 'the bill itself') AS price_source,
    CAST(NULL AS VARCHAR) AS price_details, given, nullif("x_PricingCategory", '') AS pricing_category,
    CAST(nullif("x_ListUnitPrice", '') AS DECIMAL(38, 20)) AS given_list_price,
    CAST(nullif("x_ContractedUnitPrice", '') AS DECIMAL(38, 20)) AS given_agreed_price,
    CAST(list_cost AS DECIMAL(38, 20)) AS given_list_cost,
    CAST(nullif("x_ContractedCost", '') AS DECIMAL(38, 20)) AS given_agreed_cost
FROM known
LEFT JOIN kind ON kind.provider = known.provider AND kind.service = known.service
LEFT JOIN unit_name ON unit_name.unit = known.unit
