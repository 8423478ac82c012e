-- own_focus
-- The rows of a FOCUS file that costlab wrote, as the bill had them: with their VAT, their item, unit and quantity.
--
-- Reads `charge_part` (focus_parts.sql). Yields `charge`.
WITH paid_with_bonuses AS (
    SELECT "x_SourceFile" AS bonus_file, "x_SourceLine" AS bonus_line, -sum(stated_amount) AS paid
    FROM charge_part WHERE part = 'bonus' GROUP BY "x_SourceFile", "x_SourceLine"
),
met AS (
    SELECT
        charge_part.*, CASE WHEN part = 'charge' THEN coalesce(paid, 0) ELSE bonus END AS own_bonus,
        part = 'charge' AND stated_amount IS NOT NULL AS ours
    FROM charge_part
    LEFT JOIN paid_with_bonuses
        ON part = 'charge' AND bonus_file = "x_SourceFile" AND bonus_line = "x_SourceLine"
    WHERE part IN ('charge', 'other')
),
restored AS (
    SELECT
        * EXCLUDE (service, parameter, unit, quantity, amount, bonus),
        CASE WHEN ours AND service = "x_ProviderName" THEN '' ELSE service END AS service,
        CASE WHEN ours AND parameter = '' THEN "x_SourceItem" ELSE parameter END AS parameter,
        CASE WHEN ours THEN "x_SourceUnit" ELSE unit END AS unit,
        CASE
            WHEN ours AND "x_SourceWithoutQuantity" <> '' THEN NULL
            WHEN ours AND "x_SourceQuantity" <> '' THEN CAST("x_SourceQuantity" AS DECIMAL(38, 18))
            ELSE quantity
        END AS quantity,
        CAST(CASE WHEN ours THEN stated_amount - own_bonus ELSE amount END AS DECIMAL(38, 18)) AS amount,
        CAST(own_bonus AS DECIMAL(38, 18)) AS bonus
    FROM met
)
SELECT $kept FROM restored
