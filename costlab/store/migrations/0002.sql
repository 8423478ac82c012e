-- What an import changed in days that earlier files had.
CREATE TABLE replaced (
    bill_id INTEGER NOT NULL REFERENCES bill (bill_id),
    older_id INTEGER NOT NULL,
    older_source VARCHAR NOT NULL,
    first_day VARCHAR NOT NULL,
    last_day VARCHAR NOT NULL,
    days INTEGER NOT NULL,
    days_left INTEGER NOT NULL
);
CREATE TABLE restated (
    bill_id INTEGER NOT NULL REFERENCES bill (bill_id),
    project VARCHAR NOT NULL,
    day VARCHAR NOT NULL,
    service VARCHAR NOT NULL,
    currency VARCHAR NOT NULL,
    rows_before INTEGER NOT NULL,
    rows_after INTEGER NOT NULL,
    amount_before VARCHAR NOT NULL,
    amount_after VARCHAR NOT NULL
);
CREATE INDEX replaced_bill ON replaced (bill_id);
CREATE INDEX restated_bill ON restated (bill_id);
