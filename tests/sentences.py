"""The exact sentences, English and Russian, of what `test_every_message.py` provokes, by code."""

SENTENCES: dict[str, tuple[str, str]] = {
    "bad_option": (
        "--downtime: “soon” is not a time; write it like vm=8h, 44.5, 1h30m",
        "--downtime: «soon» — не время; напишите, например: vm=8h, 44.5, 1h30m",
    ),
    "no_facts": (
        "--provider t1: nothing is known of this provider’s SLA; use a provider that has `facts/sla.yaml`",
        "--provider t1: у этого провайдера неизвестно: SLA; выберите провайдера, у которого есть `facts/sla.yaml`",
    ),
    "condition_needs_sides": (
        "--fail-if: delta needs two sides; give a plan with changes, or use `costlab compare BEFORE AFTER`",
        "--fail-if: для delta нужны две стороны; дайте план с изменениями или сравните: `costlab compare ДО ПОСЛЕ`",
    ),
    "one_side": (
        (
            "web.yaml: has one side only: there is nothing to compare it with; name a second file; a Terraform plan "
            "alone has both sides"
        ),
        (
            "web.yaml: здесь только одна сторона: сравнить не с чем; укажите второй файл; у плана Terraform обе "
            "стороны в одном файле"
        ),
    ),
    "currency_unsaid": (
        "--rates: rates are given, and no currency to bring money to; add `--currency RUB`",
        "--rates: курсы указаны, а валюта — нет; добавьте `--currency RUB`",
    ),
    "not_converted": (
        "--currency: what later files changed is told in the currencies of the bills; ask without `--currency`",
        "--currency: изменения позднейших файлов показываются в валютах счетов; спросите без `--currency`",
    ),
    "many_dimensions": (
        "--by: more than 4 dimensions at once; name at most 4",
        "--by: больше 4 разрезов сразу; назовите не больше 4",
    ),
    "unknown_dimension": (
        (
            "--by: the charges have no “servise” to split by; did you mean “service”? choose from: service, project, "
            "resource, parameter, sku, region, category, class, currency, account, name, unit, invoice, file, "
            "provider, tag:KEY"
        ),
        (
            "--by: у начислений нет «servise», разбить по нему нельзя; возможно, «service»? выберите из: service, "
            "project, resource, parameter, sku, region, category, class, currency, account, name, unit, invoice, "
            "file, provider, tag:KEY"
        ),
    ),
    "unknown_question": (
        (
            "--question: there is no question “costs”; did you mean “cost”? ask one of: cost, changed, coverage, "
            "idle, prices, tags, restated"
        ),
        (
            "--question: нет вопроса «costs»; возможно, «cost»? есть вопросы: cost, changed, coverage, idle, prices, "
            "tags, restated"
        ),
    ),
    "bad_filter": (
        "--where: “env” is no filter; write DIMENSION=VALUE, as in service=Лицензии or tag:env=prod",
        "--where: «env» — не условие; напишите РАЗРЕЗ=ЗНАЧЕНИЕ, например service=Лицензии или tag:env=prod",
    ),
    "bad_months": (
        "--period: “2026-13” is no billing month and no range of them; write 2026-11 or 2026-09..2026-11",
        "--period: «2026-13» — не расчётный месяц и не промежуток месяцев; напишите 2026-11 или 2026-09..2026-11",
    ),
    "nothing_imported": (
        (
            "store: there are no charges to ask about; import a bill (costlab bill import FILE), or ask about other "
            "months and projects"
        ),
        (
            "store: нет начислений, о которых можно спросить; загрузите счёт (costlab bill import ФАЙЛ) или спросите "
            "о других месяцах и проектах"
        ),
    ),
    "engine_address": (
        (
            "--engine: localhost is no address of a Spark Connect server; write sc://host:port, as in "
            "sc://127.0.0.1:15002, or leave it out to compute on this machine"
        ),
        (
            "--engine: localhost — не адрес сервера Spark Connect; укажите sc://узел:порт, например "
            "sc://127.0.0.1:15002, или не указывайте ничего, чтобы считать на этой машине"
        ),
    ),
    "nothing_to_import": (
        "empty: the folder holds no file; name a folder with exports",
        "empty: в папке нет ни одного файла; укажите папку с выгрузками",
    ),
    "no_documents": (
        "focus.csv: holds no lines of documents; export the FOCUS 1.4 dataset Invoice Detail",
        "focus.csv: в файле нет строк документов; выгрузите набор FOCUS 1.4 Invoice Detail",
    ),
    "not_focus": (
        (
            "table.csv: is no FOCUS table of charges: hardly any column of the specification is there; give a Cost "
            "and Usage file; a bill becomes one with `costlab bill export --format focus`"
        ),
        (
            "table.csv: это не таблица начислений FOCUS: столбцов спецификации почти нет; укажите файл Cost and "
            "Usage; счёт становится им так: `costlab bill export --format focus`"
        ),
    ),
    "bill_or_period": (
        (
            "costlab reconcile: either files or --period is expected; name a bill, or a month of the store: --period "
            "2026-11"
        ),
        "costlab reconcile: нужны либо файлы, либо --period; укажите счёт или месяц из хранилища: --period 2026-11",
    ),
    "no_charges": (
        (
            "costlab reconcile: the store has no charges of 2026-11, shop; see `costlab bill list`, or import the "
            "bill with `costlab bill import`"
        ),
        (
            "costlab reconcile: в хранилище нет начислений: 2026-11, shop; посмотрите `costlab bill list` или "
            "загрузите счёт: `costlab bill import`"
        ),
    ),
    "not_a_plan": (
        (
            "plan.yaml:1: is not a migration plan; a plan begins with `costlab: 1`, then `name`, `current`, `target` "
            "and `waves`"
        ),
        (
            "plan.yaml:1: это не план миграции; план начинается с `costlab: 1`, затем `name`, `current`, `target` и "
            "`waves`"
        ),
    ),
    "two_inventories": (
        "both: several readers know this content: aws, gcp; choose one with `--from`",
        "both: содержимое подходит нескольким чтецам: aws, gcp; выберите одного: `--from`",
    ),
    "several_providers": (
        (
            "2026-11: the charges are of several providers or regions: acme, aws us-east-1; choose one with "
            "--provider, or projects with --project"
        ),
        (
            "2026-11: начисления разных провайдеров или регионов: acme, aws us-east-1; выберите одного: --provider, "
            "или проекты: --project"
        ),
    ),
    "several_inventories": (
        "two: holds several inventories: estimate_file, table; name one file",
        "two: здесь несколько описей: estimate_file, table; укажите один файл",
    ),
    "too_many_files": (
        "empty: the folder holds more than 2,000 files; name the files themselves, or a smaller folder",
        "empty: в папке больше 2 000 файлов; укажите сами файлы или папку поменьше",
    ),
    "unusable_resource": (
        (
            "plan.json: vkcs_sharedfilesystem_share.x: cannot be priced: size_gb: 0 is out of range; it must be > 0; "
            "mend it in the configuration, or set the key with `--set`"
        ),
        (
            "plan.json: vkcs_sharedfilesystem_share.x: не рассчитать: size_gb: 0 вне допустимых границ; "
            "должно быть > 0; исправьте в конфигурации или задайте ключ: `--set`"
        ),
    ),
    "amortized_view": (
        (
            "azure-amortized.csv: is the amortised view: purchases of reservations are spread over the usage; do not "
            "compare it with invoices; for those export the actual cost"
        ),
        (
            "azure-amortized.csv: это амортизированный вид: покупки резервов разложены по потреблению; не сверяйте "
            "его с документами: для них выгрузите фактическую стоимость"
        ),
    ),
    "too_long_ago": (
        (
            "coverage: the charges span from 1700-01-01 to 2026-11-03: too long to look at day by day; ask about "
            "fewer months"
        ),
        (
            "coverage: начисления занимают с 1700-01-01 по 2026-11-03: по дням не рассмотреть; спросите о меньшем "
            "числе месяцев"
        ),
    ),
    "two_months": (
        (
            "changed: there are not two billing months to compare (missing: —); import bills of both months; there "
            "are: 2026-11"
        ),
        (
            "changed: нет двух расчётных месяцев для сравнения (не хватает: —); загрузите счета обоих месяцев; есть: "
            "2026-11"
        ),
    ),
    "several_currencies": (
        "bill.csv: has money in several currencies: RUB, USD; they cannot be added; reconcile each currency by itself",
        "bill.csv: деньги в разных валютах: RUB, USD; складывать их нельзя; сверьте каждую валюту отдельно",
    ),
    "amount_beyond": (
        (
            "bill.csv: an amount or a quantity is too large to be computed exactly; look for a row with more than 19 "
            "digits before the point"
        ),
        (
            "bill.csv: сумма или количество слишком велики для точного расчёта; найдите строку, где больше 19 цифр "
            "до запятой"
        ),
    ),
    "target_incomplete": (
        (
            "web.yaml: the estimate is incomplete: lines without a price: 1; run `costlab estimate` on it and give "
            "the missing prices"
        ),
        "web.yaml: смета неполная: строк без цены — 1; запустите `costlab estimate` для неё и укажите недостающие цены",
    ),
    "not_a_month": (
        (
            "web.yaml: the estimate's period has 10,080 minutes and is taken as one month; use `period: 30d` or a "
            "calendar month"
        ),
        "web.yaml: период сметы — 10 080 минут, принят за один месяц; используйте `period: 30d` или календарный месяц",
    ),
    "no_target": (
        (
            "plan.yaml: the target costs nothing: neither an estimate nor lines; give `target: estimate.yaml`, or "
            "`target: {lines: […]}`"
        ),
        (
            "plan.yaml: у новой площадки нет расходов: ни сметы, ни строк; укажите `target: estimate.yaml` или "
            "`target: {lines: […]}`"
        ),
    ),
    "alternative_incomplete": (
        (
            "other.yaml: other cloud: this alternative is incomplete and looks cheaper than it is: lines without a "
            "price: 1; do not decide by it until those lines are priced"
        ),
        (
            "other.yaml: other cloud: этот вариант неполный и кажется дешевле, чем есть: строк без цены — 1; не "
            "принимайте по нему решение, пока у этих строк нет цены"
        ),
    ),
    "alternative_no_rate": (
        (
            "other.yaml: other cloud: this alternative is in KZT and there is no rate to RUB: it is not compared; "
            "add the rate to `rates` of the plan"
        ),
        (
            "other.yaml: other cloud: этот вариант в KZT, курса к RUB нет: он не сравнивается; добавьте курс в "
            "`rates` плана"
        ),
    ),
    "no_estimate_to_freeze": (
        (
            "plan.yaml: a baseline needs an estimate of the target, and the plan has only lines; give `target: "
            "{estimate: estimate.yaml}`"
        ),
        (
            "plan.yaml: для базового бюджета нужна смета новой площадки, а в плане только строки; укажите `target: "
            "{estimate: estimate.yaml}`"
        ),
    ),
    "baseline_changed": (
        (
            "frozen.json: the baseline does not match its hash: it was changed after it was frozen; take the file "
            "that was approved, or freeze the plan anew"
        ),
        (
            "frozen.json: базовый бюджет не совпадает со своим хешем: его меняли после фиксации; возьмите "
            "утверждённый файл или зафиксируйте план заново"
        ),
    ),
    "engine_missing": (
        "--engine: what talks to Spark is not installed; pip install 'costlab[spark]', or compute on this machine",
        (
            "--engine: не установлено то, что обращается к Spark; выполните pip install 'costlab[spark]' или "
            "считайте на этой машине"
        ),
    ),
    "engine_silent": (
        (
            "--engine: the Spark Connect server does not answer: Method not found!; "
            "check the address and the server's log, or compute on this machine"
        ),
        (
            "--engine: сервер Spark Connect не отвечает: Method not found!; проверьте "
            "адрес и журнал сервера или считайте на этой машине"
        ),
    ),
    "converted_here": (
        "--currency: money is converted on this machine only; leave `--engine` out",
        "--currency: пересчёт валют делается только на этой машине; не указывайте `--engine`",
    ),
}
