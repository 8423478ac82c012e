-- title: {en: "New, gone and changed resources", ru: "Новые, ушедшие и изменившиеся ресурсы"}
-- short: {en: New and gone, ru: Новое и ушедшее}
-- about:
--   en: "Two billing months, resource by resource: what is new, what is gone, what costs otherwise."
--   ru: "Два расчётных месяца по ресурсам: что появилось, что ушло, что стоит иначе."
-- reads: "asked, with the charges of both months"
-- rule: >-
--   a resource is its project and id; what has no id is told apart by service and parameter. service is '' where a
--   resource has several. Of each status the $top largest by the size of their change, the others as one row with
--   place = $top + 1; what did not change is one row. Sums of before and after are those of the months
-- takes: [months, top]
-- adds_up: months
-- columns:
--   status: {kind: state, en: State, ru: Состояние}
--   project: text
--   resource_id: text
--   service: {kind: text, empty: {en: (several), ru: (несколько)}}
--   parameter: text
--   currency: text
--   place: hidden
--   items: hidden
--   charges: count
--   before: {kind: money, en: Before, ru: Было}
--   after: {kind: money, en: After, ru: Стало}
--   delta: {kind: change, en: Difference, ru: Разница}
--   first_day: date
--   last_day: date
-- words:
--   new: {en: new, ru: новый}
--   gone: {en: gone, ru: ушёл}
--   changed: {en: changed, ru: изменился}
--   same: {en: the same, ru: без изменений}
WITH
    side AS (
        SELECT project, resource_id, currency,
            CASE WHEN resource_id = '' THEN service ELSE '' END AS own_service,
            CASE WHEN resource_id = '' THEN parameter ELSE '' END AS own_parameter,
            min(service) AS least_service, max(service) AS most_service,
            sum(CASE WHEN period = $before THEN 1 ELSE 0 END) AS charges_before,
            sum(CASE WHEN period = $after THEN 1 ELSE 0 END) AS charges_after,
            sum(CASE WHEN period = $before THEN amount ELSE 0 END) AS before,
            sum(CASE WHEN period = $after THEN amount ELSE 0 END) AS after,
            min(day) AS first_day, max(day) AS last_day
        FROM asked
        WHERE period IN ($before, $after)
        GROUP BY project, resource_id, currency,
            CASE WHEN resource_id = '' THEN service ELSE '' END,
            CASE WHEN resource_id = '' THEN parameter ELSE '' END
    ),
    judged AS (
        SELECT *, after - before AS delta, charges_before + charges_after AS charges,
            CASE WHEN least_service = most_service THEN least_service ELSE '' END AS service,
            CASE
                WHEN charges_before = 0 THEN 'new'
                WHEN charges_after = 0 THEN 'gone'
                WHEN before <> after THEN 'changed'
                ELSE 'same'
            END AS status
        FROM side
    ),
    ranked AS (
        SELECT *,
            CASE
                WHEN status = 'same' THEN $top + 1
                ELSE row_number() OVER (
                    PARTITION BY currency, status
                    ORDER BY abs(after - before) DESC, project, resource_id, own_service, own_parameter
                )
            END AS place
        FROM judged
    ),
    folded AS (
        SELECT status, currency, charges, before, after, delta, first_day, last_day,
            CASE WHEN place > $top THEN $top + 1 ELSE place END AS place,
            CASE WHEN place > $top THEN '' ELSE project END AS project,
            CASE WHEN place > $top THEN '' ELSE resource_id END AS resource_id,
            CASE WHEN place > $top THEN '' ELSE service END AS service,
            CASE WHEN place > $top THEN '' ELSE own_parameter END AS parameter
        FROM ranked
    )
SELECT status, project, resource_id, service, parameter, currency, place, count(*) AS items,
    CAST(sum(charges) AS BIGINT) AS charges, sum(before) AS before, sum(after) AS after, sum(delta) AS delta,
    min(first_day) AS first_day, max(last_day) AS last_day
FROM folded
GROUP BY status, project, resource_id, service, parameter, currency, place
ORDER BY currency, CASE status WHEN 'new' THEN 1 WHEN 'gone' THEN 2 WHEN 'changed' THEN 3 ELSE 4 END, place
