-- title: {en: Days with and without rows, ru: Дни с начислениями и без}
-- short: {en: Days, ru: Дни}
-- about:
--   en: "Days without rows, or with another number of them than usual."
--   ru: Дни без строк или с необычным их числом.
-- reads: "asked, with last_day (what the row covers); calendar (day), every day from the first charge to the last"
-- rule: >-
--   usual is the number of rows that most days of the project have (the larger of two as frequent); up to a tenth
--   beside it is usual as well. A project is looked at from its own first day to its own last. A day on which no row
--   begins, but which lies within what a row covers (a week, a month), is not missing. currency is '' on a day
--   without rows
-- needs: [calendar]
-- quiet: [usual, within]
-- columns:
--   project: text
--   day: date
--   currency: text
--   state: {kind: state, en: State, ru: Состояние}
--   charges: count
--   usual: {kind: count, en: Usual, ru: Обычно}
--   amount: money
-- words:
--   missing: {en: no rows, ru: нет строк}
--   fewer: {en: fewer rows, ru: строк меньше}
--   more: {en: more rows, ru: строк больше}
--   usual:
--     en: as usual
--     ru: как обычно
--     why:
--       en: "days: {n}. Usual is the number of rows most days of a project have, a tenth more or less"
--       ru: "дней: {n}. Обычно — столько строк, сколько у большинства дней проекта, плюс-минус десятая часть"
--   within: {en: covered by a longer row, ru: в составе строки за больший срок}
WITH
    daily AS (
        SELECT project, day, currency, count(*) AS charges, sum(amount) AS amount
        FROM asked
        GROUP BY project, day, currency
    ),
    counted AS (
        SELECT project, day, CAST(sum(charges) AS BIGINT) AS n FROM daily GROUP BY project, day
    ),
    frequent AS (
        SELECT project, n, row_number() OVER (PARTITION BY project ORDER BY count(*) DESC, n DESC) AS place
        FROM counted
        GROUP BY project, n
    ),
    spanned AS (
        SELECT project, min(day) AS first_day, max(day) AS last_day FROM counted GROUP BY project
    ),
    longer AS (
        SELECT DISTINCT project, day, last_day FROM asked WHERE last_day > day
    ),
    within AS (
        SELECT DISTINCT longer.project, calendar.day
        FROM longer
        JOIN calendar ON calendar.day > longer.day AND calendar.day <= longer.last_day
    ),
    expected AS (
        SELECT spanned.project, calendar.day, frequent.n AS usual
        FROM spanned
        JOIN calendar ON calendar.day >= spanned.first_day AND calendar.day <= spanned.last_day
        JOIN frequent ON frequent.project = spanned.project AND frequent.place = 1
    )
SELECT expected.project, expected.day, coalesce(daily.currency, '') AS currency,
    CASE
        WHEN counted.n IS NULL AND within.day IS NOT NULL THEN 'within'
        WHEN counted.n IS NULL THEN 'missing'
        WHEN (expected.usual - counted.n) * 10 > expected.usual THEN 'fewer'
        WHEN (counted.n - expected.usual) * 10 > expected.usual THEN 'more'
        ELSE 'usual'
    END AS state,
    coalesce(daily.charges, 0) AS charges, expected.usual, coalesce(daily.amount, 0) AS amount
FROM expected
LEFT JOIN counted ON counted.project = expected.project AND counted.day = expected.day
LEFT JOIN within ON within.project = expected.project AND within.day = expected.day
LEFT JOIN daily ON daily.project = expected.project AND daily.day = expected.day
ORDER BY expected.project, expected.day, daily.currency
