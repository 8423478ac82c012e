"""What can be wrong with the format of a bill: formats no reader knows, tables that hold no charges."""

from costlab.messages.form import Message

FORMATS: dict[str, Message] = {
    "other_format": Message(
        "error",
        "is “{what}”, which no reader knows; the nearest, “{nearest}”, would need {missing}",
        "это «{what}», такого чтеца нет; ближайшему, «{nearest}», не хватает: {missing}",
        "make a mapping profile with `costlab bill profile FILE -o profile.yaml` and give it as `--profile`",
        "сделайте профиль столбцов: `costlab bill profile FILE -o profile.yaml` — и укажите его в `--profile`",
    ),
    "other_dataset": Message(
        "error",
        "is the FOCUS dataset “{dataset}”, which holds no charges",
        "это набор данных FOCUS «{dataset}»: начислений в нём нет",
        "export the dataset “Cost and Usage”",
        "выгрузите набор «Cost and Usage»",
    ),
}
