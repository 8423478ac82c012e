-- title: {en: What looks idle, ru: Что похоже на простой}
-- short: {en: Idle, ru: Простой}
-- about:
--   en: "Paid for, and by the look of the bill of no use. A look, not a proof: each sign says why."
--   ru: "Оплачено и, судя по счёту, без пользы. Это признаки, а не доказательства: у каждого указано почему."
-- reads: >-
--   asked; item (service, parameter, unit -> kind: machine, holder, ip, disk, licence, snapshot; for a fast disk the
--   quantities of a day's row, least to most, at which a slower one is as fast)
-- rule: |
--   a charge stands under one sign at most; '' means nothing was noticed. Of each sign the $top dearest, the others as
--   one row with place = $top + 1.
--   *_stopped: an address, disk or licence of a machine on a day on which the machine itself is not billed.
--   *_alone: an address, disk or licence whose id no machine has, while the project's others stand under their
--   machine's id.
--   *_empty: an address or disk of a project without machines and balancers on that day.
--   ip_surplus: more addresses than machines and balancers on a day; the cheapest of them, as many as are too many.
--   disk_fast: a fast disk of a size at which an ordinary SSD is documented to read as fast.
--   snapshot_old: what a snapshot costs after its first $days days seen
-- takes: [top, days]
-- needs: [item]
-- columns:
--   rule: {kind: state, en: Sign, ru: Признак, empty: {en: nothing noticed, ru: ничего не замечено}}
--   project: text
--   resource_id: text
--   service: text
--   parameter: text
--   currency: text
--   place: hidden
--   items: hidden
--   charges: count
--   days: {kind: count, en: Days, ru: Дней}
--   first_day: date
--   last_day: date
--   amount: money
-- words:
--   ip_stopped:
--     en: address of a stopped machine
--     ru: адрес остановленной машины
--     why:
--       en: >-
--         The machine with this id is billed on other days and not on these: its public address was paid for all the
--         same.
--       ru: >-
--         Машина с этим идентификатором в другие дни начисляется, а в эти — нет: публичный адрес всё равно оплачен.
--   ip_alone:
--     en: address without a machine
--     ru: адрес без машины
--     why:
--       en: >-
--         In this project the addresses of machines stand under their machine's id, and no machine with this id was
--         ever billed: stopped all the time, deleted, or the address is nobody's.
--       ru: >-
--         В этом проекте адреса машин идут под идентификатором машины, а машина с этим идентификатором не начислялась
--         ни разу: всё время остановлена, удалена, или адрес ничей.
--   ip_empty:
--     en: "address, no machines in the project"
--     ru: "адрес, а машин в проекте нет"
--     why:
--       en: On these days the project paid for no machine and no balancer that could hold the address.
--       ru: "В эти дни у проекта не было ни машин, ни балансировщиков, которым нужен адрес."
--   ip_surplus:
--     en: more addresses than machines
--     ru: "адресов больше, чем машин"
--     why:
--       en: >-
--         On these days the project had more addresses than machines and balancers. As many of the cheapest as are too
--         many are listed; which ones are free, the bill does not say, and one machine may hold several.
--       ru: >-
--         В эти дни адресов у проекта больше, чем машин и балансировщиков. Показано столько самых дешёвых, сколько
--         лишних; какие именно свободны, из счёта не видно, и у одной машины их может быть несколько.
--   disk_stopped:
--     en: disk of a stopped machine
--     ru: диск остановленной машины
--     why:
--       en: >-
--         The machine with this id is billed on other days and not on these: it was stopped or deleted, its disk was
--         not.
--       ru: >-
--         Машина с этим идентификатором в другие дни начисляется, а в эти — нет: она остановлена или удалена, а диск
--         остался.
--   disk_alone:
--     en: disk without a machine
--     ru: диск без машины
--     why:
--       en: >-
--         In this project disks of machines stand under their machine's id, and no machine with this id was ever
--         billed: stopped all the time, deleted, or the disk is not attached.
--       ru: >-
--         В этом проекте диски машин идут под идентификатором машины, а машина с этим идентификатором не начислялась
--         ни разу: всё время остановлена, удалена, или диск не подключён.
--   disk_empty:
--     en: "disk, no machines in the project"
--     ru: "диск, а машин в проекте нет"
--     why:
--       en: On these days the project paid for disks and for no machine at all.
--       ru: "В эти дни проект платил за диски, а за машины — нет."
--   disk_fast:
--     en: SSD would read as fast
--     ru: хватило бы SSD
--     why:
--       en: >-
--         A High-IOPS disk of this size reads no more operations a second than an ordinary SSD of the same size, by
--         the provider's documentation (334–533 GB). It writes more: look at the writes before changing it. Several
--         disks in one row are taken for one.
--       ru: >-
--         Диск High-IOPS такого размера по документации провайдера даёт не больше операций чтения в секунду, чем
--         обычный SSD того же размера (334–533 ГБ). На запись он быстрее: прежде чем менять, проверьте запись.
--         Несколько дисков в одной строке считаются одним.
--   licence_stopped:
--     en: licence of a stopped machine
--     ru: лицензия остановленной машины
--     why:
--       en: >-
--         The machine with this id is billed on other days and not on these: the licence goes on being charged while
--         it is stopped.
--       ru: >-
--         Машина с этим идентификатором в другие дни начисляется, а в эти — нет: за лицензию берут и тогда, когда
--         машина остановлена.
--   licence_alone:
--     en: licence without a machine
--     ru: лицензия без машины
--     why:
--       en: >-
--         In this project addresses and disks stand under their machine's id, and no machine with this id was ever
--         billed, but its licence was.
--       ru: >-
--         В этом проекте адреса и диски идут под идентификатором машины, а машина с этим идентификатором не
--         начислялась ни разу, в отличие от лицензии.
--   snapshot_old:
--     en: old snapshot
--     ru: старый снимок
--     why:
--       en: "What the snapshot costs after its first {days} days that are in the store; it may be older."
--       ru: "Сколько стоит снимок после первых {days} дней, которые есть в хранилище; он может быть и старше."
WITH
    seen AS (
        SELECT asked.project, asked.resource_id, asked.service, asked.parameter, asked.currency, asked.day,
            CASE WHEN asked.last_day = asked.day THEN asked.quantity END AS quantity, asked.amount, item.kind,
            item.least, item.most
        FROM asked
        JOIN item
            ON item.service = asked.service AND item.parameter = asked.parameter AND item.unit = asked.unit
        WHERE item.kind <> '' AND asked.resource_id <> ''
    ),
    billed_day AS ( -- what was billed of a resource on a day
        SELECT project, resource_id, day,
            max(CASE WHEN kind = 'machine' THEN 1 ELSE 0 END) AS machine,
            max(CASE WHEN kind IN ('machine', 'holder') THEN 1 ELSE 0 END) AS holder,
            max(CASE WHEN kind = 'ip' THEN 1 ELSE 0 END) AS ip,
            max(CASE WHEN kind = 'disk' THEN 1 ELSE 0 END) AS disk,
            max(CASE WHEN kind = 'snapshot' THEN 1 ELSE 0 END) AS snapshot,
            sum(CASE WHEN kind = 'ip' THEN amount ELSE 0 END) AS ip_amount
        FROM seen
        GROUP BY project, resource_id, day
    ),
    resource AS (
        SELECT project, resource_id, max(machine) AS machine, max(holder) AS holder,
            min(CASE WHEN snapshot = 1 THEN day END) AS first_day,
            max(machine * ip) AS machine_ip, max(machine * disk) AS machine_disk
        FROM billed_day
        GROUP BY project, resource_id
    ),
    together AS ( -- does the project's bill put addresses and disks under their machine's id?
        SELECT project, max(machine_ip) AS ip, max(machine_disk) AS disk FROM resource GROUP BY project
    ),
    project_day AS (
        SELECT project, day, sum(holder) AS holders, sum(ip) AS addresses FROM billed_day GROUP BY project, day
    ),
    address AS (
        SELECT project, resource_id, day,
            row_number() OVER (PARTITION BY project, day ORDER BY ip_amount, resource_id) AS place
        FROM billed_day
        WHERE ip = 1
    ),
    known AS (
        SELECT seen.*, resource.first_day, together.ip AS ip_together, together.disk AS disk_together,
            project_day.holders, project_day.addresses, address.place,
            coalesce(resource.holder, 0) AS ever, coalesce(billed_day.holder, 0) AS running,
            coalesce(resource.machine, 0) AS ever_machine, coalesce(billed_day.machine, 0) AS running_machine
        FROM seen
        LEFT JOIN resource ON resource.project = seen.project AND resource.resource_id = seen.resource_id
        LEFT JOIN together ON together.project = seen.project
        LEFT JOIN project_day ON project_day.project = seen.project AND project_day.day = seen.day
        LEFT JOIN billed_day
            ON billed_day.project = seen.project AND billed_day.resource_id = seen.resource_id
            AND billed_day.day = seen.day
        LEFT JOIN address
            ON address.project = seen.project AND address.resource_id = seen.resource_id AND address.day = seen.day
    ),
    judged AS (
        SELECT project, resource_id, service, parameter, currency, day, amount,
            CASE
                WHEN kind = 'ip' AND ever = 1 AND running = 0 THEN 'ip_stopped'
                WHEN kind = 'ip' AND ever = 0 AND ip_together = 1 THEN 'ip_alone'
                WHEN kind = 'ip' AND holders = 0 THEN 'ip_empty'
                WHEN kind = 'ip' AND ip_together = 0 AND place <= addresses - holders THEN 'ip_surplus'
                WHEN kind = 'disk' AND ever_machine = 1 AND running_machine = 0 THEN 'disk_stopped'
                WHEN kind = 'disk' AND ever_machine = 0 AND disk_together = 1 THEN 'disk_alone'
                WHEN kind = 'disk' AND holders = 0 THEN 'disk_empty'
                WHEN kind = 'disk' AND quantity >= least AND quantity <= most THEN 'disk_fast'
                WHEN kind = 'licence' AND ever_machine = 1 AND running_machine = 0 THEN 'licence_stopped'
                WHEN kind = 'licence' AND ever_machine = 0 AND (disk_together = 1 OR ip_together = 1)
                    THEN 'licence_alone'
                WHEN kind = 'snapshot' AND day >= first_day + $days THEN 'snapshot_old'
                ELSE ''
            END AS rule
        FROM known
    ),
    noticed AS (
        SELECT rule, project, resource_id, service, parameter, currency, count(*) AS charges,
            count(DISTINCT day) AS days, min(day) AS first_day, max(day) AS last_day, sum(amount) AS amount
        FROM judged
        WHERE rule <> ''
        GROUP BY rule, project, resource_id, service, parameter, currency
    ),
    ranked AS (
        SELECT *,
            row_number() OVER (
                PARTITION BY currency, rule ORDER BY amount DESC, project, resource_id, service, parameter
            ) AS place
        FROM noticed
    ),
    folded AS (
        SELECT rule, currency, charges, days, first_day, last_day, amount,
            CASE WHEN place > $top THEN $top + 1 ELSE place END AS place,
            CASE WHEN place > $top THEN '' ELSE project END AS project,
            CASE WHEN place > $top THEN '' ELSE resource_id END AS resource_id,
            CASE WHEN place > $top THEN '' ELSE service END AS service,
            CASE WHEN place > $top THEN '' ELSE parameter END AS parameter
        FROM ranked
    ),
    whole AS (
        SELECT currency, count(*) AS charges, count(DISTINCT day) AS days, min(day) AS first_day, max(day) AS last_day,
            sum(amount) AS amount
        FROM asked
        GROUP BY currency
    ),
    told AS (
        SELECT currency, sum(charges) AS charges, sum(amount) AS amount FROM noticed GROUP BY currency
    ),
    answered AS (
        SELECT rule, project, resource_id, service, parameter, currency, place, count(*) AS items,
            CAST(sum(charges) AS BIGINT) AS charges, max(days) AS days, min(first_day) AS first_day,
            max(last_day) AS last_day, sum(amount) AS amount
        FROM folded
        GROUP BY rule, project, resource_id, service, parameter, currency, place
        UNION ALL
        SELECT '' AS rule, '' AS project, '' AS resource_id, '' AS service, '' AS parameter, whole.currency, 1 AS place,
            1 AS items, CAST(whole.charges - coalesce(told.charges, 0) AS BIGINT) AS charges, whole.days,
            whole.first_day, whole.last_day, whole.amount - coalesce(told.amount, 0) AS amount
        FROM whole
        LEFT JOIN told ON told.currency = whole.currency
    )
SELECT * FROM answered
ORDER BY currency, CASE WHEN rule = '' THEN 1 ELSE 0 END, rule, place
