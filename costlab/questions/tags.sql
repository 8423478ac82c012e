-- title: {en: Labels and money without them, ru: Метки и расходы без меток}
-- short: {en: Labels, ru: Метки}
-- about:
--   en: "How much of the money each label covers, and how much has none."
--   ru: Какая часть расходов помечена и какая — нет.
-- reads: "asked; tag_pair (tags, tag, value), the labels of every distinct set"
-- rule: >-
--   a label with an empty value is no label; tagged + untagged = amount = the whole, in every row. The row with tag ''
--   says which money has any label at all
-- needs: [tag_pair]
-- adds_up: each_row
-- share: tagged
-- columns:
--   tag: {kind: text, en: Label, ru: Метка, empty: {en: any label at all, ru: хоть какая-нибудь метка}}
--   currency: text
--   different: {kind: count, en: Values, ru: Значений}
--   charges: count
--   untagged_charges: {kind: count, en: Rows without, ru: Строк без неё}
--   tagged: {kind: money, en: With the label, ru: С меткой}
--   untagged: {kind: money, en: Without, ru: Без метки}
--   amount: money
WITH
    labelled AS (
        SELECT tags, currency, count(*) AS charges, sum(amount) AS amount FROM asked GROUP BY tags, currency
    ),
    whole AS (
        SELECT currency, sum(charges) AS charges, sum(amount) AS amount FROM labelled GROUP BY currency
    ),
    pair AS (
        SELECT tags, tag, value FROM tag_pair WHERE value <> ''
    ),
    covered AS (
        SELECT pair.tag, currency, count(DISTINCT pair.value) AS different, sum(charges) AS charges,
            sum(amount) AS amount
        FROM labelled
        JOIN pair ON pair.tags = labelled.tags
        GROUP BY pair.tag, currency
        UNION ALL
        SELECT '' AS tag, currency, 0 AS different, sum(charges) AS charges, sum(amount) AS amount
        FROM labelled
        WHERE tags IN (SELECT tags FROM pair)
        GROUP BY currency
    ),
    asked_tag AS (
        SELECT DISTINCT tag FROM pair
        UNION
        SELECT '' AS tag
    )
SELECT asked_tag.tag, whole.currency, coalesce(covered.different, 0) AS different,
    CAST(coalesce(covered.charges, 0) AS BIGINT) AS charges,
    CAST(whole.charges - coalesce(covered.charges, 0) AS BIGINT) AS untagged_charges,
    coalesce(covered.amount, 0) AS tagged, whole.amount - coalesce(covered.amount, 0) AS untagged,
    whole.amount AS amount
FROM asked_tag
CROSS JOIN whole
LEFT JOIN covered ON covered.tag = asked_tag.tag AND covered.currency = whole.currency
ORDER BY whole.currency, CASE WHEN asked_tag.tag = '' THEN 0 ELSE 1 END, coalesce(covered.amount, 0) DESC, asked_tag.tag
