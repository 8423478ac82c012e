-- focus_parts
-- Which part of a charge each row of a FOCUS file of our own is.
--
-- Reads `charge_as_read`. Tax rows state no amount with VAT: they are the VAT of the rows that do. What bonuses paid is a
-- Credit row of the same `x_SourceFile` and `x_SourceLine` as its charge; it has no `x_SourceDate`.
WITH stated AS (
    SELECT
        *,
        TRY_CAST(nullif("x_AmountInclVat", '') AS DECIMAL(38, 18)) AS stated_amount,
        coalesce(TRY_CAST(nullif("x_VatAmount", '') AS DECIMAL(38, 18)), 0) AS stated_vat $absent
    FROM charge_as_read
)
SELECT
    *,
    CASE
        WHEN stated_amount IS NULL AND category = 'Tax' THEN 'tax'
        WHEN stated_amount IS NULL THEN 'other'
        WHEN category = 'Credit' AND "x_SourceLine" <> '' AND "x_SourceDate" = '' THEN 'bonus'
        ELSE 'charge'
    END AS part
FROM stated
