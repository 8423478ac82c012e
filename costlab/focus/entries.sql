-- FOCUS 1.2 rows of charges: net rows, a negative Credit for what bonuses paid, one Tax row for each document and rate.
--
-- Reads `entry` (focus_rows.ENTRY), and the macro pointed(whole, decimals), a DECIMAL(38, 20). One row a charge; amounts and quantities in 10^-18, prices without VAT in 10^-11, all
-- HUGEINT; moments are TIMESTAMP in UTC. `vat_n / vat_d` is the part of an amount that is VAT, 0 where taxes have rows of
-- their own.
-- Yields the columns of the specification, ours (`x_…`), and `n` (of the charge) and `part` (0 charge, 1 credit, 2 tax).
--
-- VAT is half-up(amount × r / (1 + r)) in kopecks, a charge by itself; net is the rest: Σ BilledCost is the document. An
-- amount that is whole kopecks without VAT, and is not with it, was printed without: it is split exactly.
-- A unit price has eleven decimals, a list or contracted cost is exactly price × quantity at twenty: nothing of the
-- rounding of the bill is in it. Everything is an integer until the last SELECT sets the point.
WITH taxed AS (
    SELECT
        *,
        CASE WHEN amount % 10000000000000000 <> 0 AND amount * (vat_d - vat_n) % (vat_d * 10000000000000000) = 0
            THEN amount * vat_n // vat_d
            ELSE CASE WHEN amount < 0 THEN -10000000000000000 ELSE 10000000000000000 END
                * ((2 * abs(amount) * vat_n + vat_d * 10000000000000000) // (2 * vat_d * 10000000000000000)) END AS paid_vat,
        CASE WHEN bonus % 10000000000000000 <> 0 AND bonus * (vat_d - vat_n) % (vat_d * 10000000000000000) = 0
            THEN bonus * vat_n // vat_d
            ELSE CASE WHEN bonus < 0 THEN -10000000000000000 ELSE 10000000000000000 END
                * ((2 * abs(bonus) * vat_n + vat_d * 10000000000000000) // (2 * vat_d * 10000000000000000)) END AS bonus_vat,
        CASE WHEN list_amount % 10000000000000000 <> 0 AND list_amount * (vat_d - vat_n) % (vat_d * 10000000000000000) = 0
            THEN list_amount * vat_n // vat_d
            ELSE CASE WHEN list_amount < 0 THEN -10000000000000000 ELSE 10000000000000000 END
                * ((2 * abs(list_amount) * vat_n + vat_d * 10000000000000000) // (2 * vat_d * 10000000000000000)) END AS own_list_vat,
        category IN ('Usage', 'Purchase') AS priced
    FROM entry
),
net AS (
    SELECT
        *,
        amount - paid_vat AS paid_net,
        bonus - bonus_vat AS bonus_net,
        amount + bonus - (paid_vat + bonus_vat) AS whole_net,
        list_amount - own_list_vat AS own_list_net
    FROM taxed
),
-- A quantity has the sign of its money. What has no quantity is one thing at its price.
counted AS (
    SELECT
        *,
        NOT given AND priced AND (quantity IS NULL OR (quantity = 0 AND whole_net <> 0)) AS single,
        CASE
            WHEN given THEN quantity
            WHEN NOT priced THEN NULL
            WHEN quantity IS NULL OR (quantity = 0 AND whole_net <> 0)
                THEN CASE WHEN whole_net < 0 THEN -1 ELSE 1 END * CAST(1000000000000000000 AS HUGEINT)
            WHEN whole_net <> 0 AND (whole_net < 0) <> (quantity < 0) THEN -quantity
            ELSE quantity
        END AS q
    FROM net
),
-- Money / quantity in 10^-11, half up. Very large quantities (10^6 and more) give up digits that no price has.
blended AS (
    SELECT
        *,
        CASE WHEN abs(q) >= 1000000000000000000000000 THEN abs(q) // 1000000000 ELSE abs(q) END AS divisor,
        CASE WHEN abs(q) >= 1000000000000000000000000 THEN abs(whole_net) // 1000000000 ELSE abs(whole_net) END AS money,
        CASE WHEN abs(q) >= 1000000000000000000000000 THEN abs(coalesce(own_list_net, whole_net)) // 1000000000
            ELSE abs(coalesce(own_list_net, whole_net)) END AS list_money
    FROM counted
),
unit AS (
    SELECT
        *,
        CASE WHEN divisor = 0 THEN 0 ELSE
            money // divisor * 100000000000 + (2 * (money % divisor) * 100000000000 + divisor) // (2 * divisor) END AS paid_price,
        CASE WHEN divisor = 0 THEN 0 ELSE
            list_money // divisor * 100000000000 + (2 * (list_money % divisor) * 100000000000 + divisor) // (2 * divisor) END
            AS own_list_price
    FROM blended
),
listed AS (
    SELECT *, CASE WHEN single THEN own_list_price ELSE coalesce(list_price, own_list_price) END AS list_m FROM unit
),
list_charge AS (
    SELECT
        *,
        CASE WHEN q < 0 THEN -1 ELSE 1 END
            * (list_m * (abs(q) // 1000000000) + (2 * list_m * (abs(q) % 1000000000) + 1000000000) // 2000000000) AS list_cost
    FROM listed
),
-- What was taken is the list's price when it is that to the kopeck; else money / quantity.
agreed AS (
    SELECT
        *,
        CASE
            WHEN single THEN paid_price
            WHEN agreed_price IS NOT NULL THEN agreed_price
            WHEN abs(list_cost - whole_net * 100) <= 1000000000000000000 THEN list_m
            ELSE paid_price
        END AS agreed_m
    FROM list_charge
),
charge AS (
    SELECT
        *,
        CASE WHEN q < 0 THEN -1 ELSE 1 END
            * (agreed_m * (abs(q) // 1000000000) + (2 * agreed_m * (abs(q) % 1000000000) + 1000000000) // 2000000000) AS agreed_cost,
        CASE
            WHEN vat_n = 0 THEN 0
            WHEN NOT priced OR list_m = agreed_m THEN paid_vat
            WHEN own_list_vat IS NOT NULL THEN own_list_vat - bonus_vat
            ELSE CASE WHEN list_cost < 0 THEN -10000000000000000 ELSE 10000000000000000 END * ((2 * abs(list_cost) * vat_n
                + (vat_d - vat_n) * CAST(1000000000000000000 AS HUGEINT))
                // (2 * (vat_d - vat_n) * CAST(1000000000000000000 AS HUGEINT))) - bonus_vat
        END AS list_vat
    FROM agreed
),
-- The names every part has.
named AS (
    SELECT
        *,
        provider AS "ProviderName", provider AS "PublisherName", provider AS "InvoiceIssuerName",
        account AS "BillingAccountId", coalesce(account_name, account) AS "BillingAccountName", invoice AS "InvoiceId",
        currency AS "BillingCurrency", period_start AS "BillingPeriodStart", period_end AS "BillingPeriodEnd",
        vat_rate AS "x_VatRate"
    FROM charge
),
main AS (
    SELECT
        n, 0 AS part, "ProviderName", "PublisherName", "InvoiceIssuerName", "BillingAccountId", "BillingAccountName",
        "InvoiceId", "BillingCurrency", "BillingPeriodStart", "BillingPeriodEnd", "x_VatRate",
        sub_account AS "SubAccountId", coalesce(sub_account_name, sub_account) AS "SubAccountName",
        "start" AS "ChargePeriodStart", "end" AS "ChargePeriodEnd",
        category AS "ChargeCategory", charge_class AS "ChargeClass", description AS "ChargeDescription",
        coalesce(frequency, CASE category WHEN 'Usage' THEN 'Usage-Based' ELSE 'One-Time' END) AS "ChargeFrequency",
        service AS "ServiceName", service_category AS "ServiceCategory", service_subcategory AS "ServiceSubcategory",
        resource_id AS "ResourceId", CASE WHEN resource_id IS NOT NULL AND resource_name <> resource_id THEN resource_name END AS "ResourceName",
        CASE WHEN resource_id IS NOT NULL THEN coalesce(resource_type, service) END AS "ResourceType",
        CAST(NULL AS VARCHAR) AS "AvailabilityZone", region AS "RegionId", CASE WHEN region IS NOT NULL THEN coalesce(region_name, region) END AS "RegionName",
        CASE WHEN priced OR given THEN sku END AS "SkuId", CASE WHEN priced OR given THEN sku_price END AS "SkuPriceId",
        CASE WHEN (priced OR given) AND sku IS NOT NULL THEN meter END AS "SkuMeter",
        CASE WHEN priced AND NOT given AND sku_price IS NOT NULL THEN price_details END AS "SkuPriceDetails", tags AS "Tags",
        CASE WHEN given THEN pricing_category WHEN priced THEN 'Standard' END AS "PricingCategory",
        pointed(q, 18) AS "PricingQuantity",
        CASE WHEN q IS NULL THEN NULL WHEN single THEN 'Units' ELSE unit END AS "PricingUnit",
        CASE WHEN category = 'Usage' AND NOT given THEN pointed(q, 18) END AS "ConsumedQuantity",
        CASE WHEN category <> 'Usage' OR given OR q IS NULL THEN NULL WHEN single THEN 'Units' ELSE unit END AS "ConsumedUnit",
        CASE WHEN given THEN given_list_price WHEN priced THEN pointed(list_m, 11) END AS "ListUnitPrice",
        CASE WHEN given THEN given_agreed_price WHEN priced THEN pointed(agreed_m, 11) END AS "ContractedUnitPrice",
        CASE WHEN given THEN given_list_cost WHEN priced THEN pointed(list_cost, 20)
            ELSE pointed(whole_net, 18) END AS "ListCost",
        CASE WHEN given THEN given_agreed_cost WHEN priced THEN pointed(agreed_cost, 20)
            ELSE pointed(whole_net, 18) END AS "ContractedCost",
        CASE WHEN vat_n = 0 AND effective IS NOT NULL THEN pointed(effective, 18) ELSE pointed(whole_net, 18) END AS "EffectiveCost",
        pointed(whole_net, 18) AS "BilledCost",
        pointed(amount + bonus, 18) AS "x_AmountInclVat", pointed(paid_vat + bonus_vat, 18) AS "x_VatAmount",
        source_unit AS "x_SourceUnit", CASE WHEN NOT (priced OR given) OR sku IS NULL THEN meter END AS "x_SourceItem",
        CASE WHEN single AND quantity IS NULL THEN 'true' END AS "x_SourceWithoutQuantity",
        CASE WHEN q IS DISTINCT FROM quantity THEN pointed(quantity, 18) END AS "x_SourceQuantity",
        price_effective AS "x_PriceEffective", price_source AS "x_PriceSource"
    FROM named
),
credit AS (
    SELECT
        n, 1 AS part, "ProviderName", "PublisherName", "InvoiceIssuerName", "BillingAccountId", "BillingAccountName",
        "InvoiceId", "BillingCurrency", "BillingPeriodStart", "BillingPeriodEnd", "x_VatRate",
        sub_account AS "SubAccountId", coalesce(sub_account_name, sub_account) AS "SubAccountName",
        "start" AS "ChargePeriodStart", "end" AS "ChargePeriodEnd",
        'Credit' AS "ChargeCategory", charge_class AS "ChargeClass", 'Paid with bonuses' AS "ChargeDescription",
        'One-Time' AS "ChargeFrequency",
        service AS "ServiceName", service_category AS "ServiceCategory", service_subcategory AS "ServiceSubcategory",
        resource_id AS "ResourceId", CASE WHEN resource_id IS NOT NULL AND resource_name <> resource_id THEN resource_name END AS "ResourceName",
        CASE WHEN resource_id IS NOT NULL THEN coalesce(resource_type, service) END AS "ResourceType",
        region AS "RegionId", CASE WHEN region IS NOT NULL THEN coalesce(region_name, region) END AS "RegionName", tags AS "Tags",
        pointed(-bonus_net, 18) AS "ListCost", pointed(-bonus_net, 18) AS "ContractedCost", pointed(-bonus_net, 18) AS "EffectiveCost",
        pointed(-bonus_net, 18) AS "BilledCost",
        pointed(-bonus, 18) AS "x_AmountInclVat", pointed(-bonus_vat, 18) AS "x_VatAmount"
    FROM named WHERE bonus <> 0
),
tax AS (
    SELECT
        min(n) AS n, 2 AS part, "ProviderName", "PublisherName", "InvoiceIssuerName", "BillingAccountId",
        any_value("BillingAccountName") AS "BillingAccountName",
        "InvoiceId", "BillingCurrency", "BillingPeriodStart", "BillingPeriodEnd", "x_VatRate",
        "BillingPeriodStart" AS "ChargePeriodStart", "BillingPeriodEnd" AS "ChargePeriodEnd",
        'Tax' AS "ChargeCategory", 'VAT ' || "x_VatRate" AS "ChargeDescription", 'One-Time' AS "ChargeFrequency",
        'VAT' AS "ServiceName", 'Other' AS "ServiceCategory", 'Other (Other)' AS "ServiceSubcategory",
        pointed(sum(list_vat), 18) AS "ListCost", pointed(sum(paid_vat), 18) AS "ContractedCost",
        pointed(sum(paid_vat), 18) AS "EffectiveCost", pointed(sum(paid_vat), 18) AS "BilledCost"
    FROM named WHERE vat_n <> 0
    GROUP BY "ProviderName", "PublisherName", "InvoiceIssuerName", "BillingAccountId", "InvoiceId", "BillingCurrency",
        "BillingPeriodStart", "BillingPeriodEnd", "x_VatRate"
    HAVING sum(paid_vat) <> 0 OR sum(list_vat) <> 0
)
SELECT * FROM main UNION ALL BY NAME SELECT * FROM credit UNION ALL BY NAME SELECT * FROM tax
