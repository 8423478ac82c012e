-- title: {en: Cost, ru: Расходы}
-- short: {en: Table, ru: Таблица}
-- about:
--   en: "Largest first; what is beyond the chosen number is one row, so that the sum stays whole."
--   ru: "Сначала крупнейшее; что не вошло в выбранное число, сложено в одну строку — сумма остаётся целой."
-- reads: "asked, with d1..d4 (the dimensions asked for, '' where fewer were) and bucket (first day of the grain)"
-- rule: >-
--   the largest by the size of their sum over all buckets, so that a large credit is not hidden in the rest; those
--   beyond $top are added up to one row a bucket, with place = $top + 1 and no names. place 1 is the largest in its
--   currency; items is how many stand behind the row
-- takes: [by, grain, top]
-- share: amount
-- columns:
--   d1: text
--   d2: text
--   d3: text
--   d4: text
--   bucket: date
--   currency: text
--   place: hidden
--   items: hidden
--   charges: count
--   amount: money
--   bonus: money
WITH
    piece AS (
        SELECT d1, d2, d3, d4, bucket, currency, count(*) AS charges, sum(amount) AS amount, sum(bonus) AS bonus
        FROM asked
        GROUP BY d1, d2, d3, d4, bucket, currency
    ),
    item AS (
        SELECT d1, d2, d3, d4, currency, sum(amount) AS whole FROM piece GROUP BY d1, d2, d3, d4, currency
    ),
    ranked AS (
        SELECT d1, d2, d3, d4, currency,
            row_number() OVER (PARTITION BY currency ORDER BY abs(whole) DESC, d1, d2, d3, d4) AS place
        FROM item
    ),
    placed AS (
        SELECT piece.bucket, piece.currency, piece.charges, piece.amount, piece.bonus,
            CASE WHEN place > $top THEN $top + 1 ELSE place END AS place,
            CASE WHEN place > $top THEN '' ELSE piece.d1 END AS d1,
            CASE WHEN place > $top THEN '' ELSE piece.d2 END AS d2,
            CASE WHEN place > $top THEN '' ELSE piece.d3 END AS d3,
            CASE WHEN place > $top THEN '' ELSE piece.d4 END AS d4
        FROM piece
        JOIN ranked
            ON ranked.d1 = piece.d1 AND ranked.d2 = piece.d2 AND ranked.d3 = piece.d3 AND ranked.d4 = piece.d4
            AND ranked.currency = piece.currency
    )
SELECT d1, d2, d3, d4, bucket, currency, place, count(*) AS items, CAST(sum(charges) AS BIGINT) AS charges,
    sum(amount) AS amount, sum(bonus) AS bonus
FROM placed
GROUP BY d1, d2, d3, d4, bucket, currency, place
ORDER BY currency, place, bucket
