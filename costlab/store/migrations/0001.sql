-- The files that were imported, the Parquet files of their rows, and the days they speak for.
CREATE TABLE bill (
    bill_id INTEGER NOT NULL PRIMARY KEY,
    source VARCHAR NOT NULL,
    sha256 VARCHAR NOT NULL,
    profile VARCHAR NOT NULL,
    format VARCHAR NOT NULL,
    provider VARCHAR NOT NULL,
    region VARCHAR NOT NULL,
    currency VARCHAR NOT NULL,
    rows INTEGER NOT NULL,
    accepted INTEGER NOT NULL,
    rejected INTEGER NOT NULL,
    total VARCHAR NOT NULL,
    control VARCHAR,
    sign INTEGER NOT NULL,
    first_day VARCHAR,
    last_day VARCHAR,
    imported_at VARCHAR NOT NULL,
    reading VARCHAR NOT NULL,
    problems VARCHAR NOT NULL
);
CREATE TABLE bill_file (
    name VARCHAR NOT NULL PRIMARY KEY,
    bill_id INTEGER NOT NULL REFERENCES bill (bill_id),
    period VARCHAR NOT NULL,
    rows INTEGER NOT NULL,
    bytes BIGINT NOT NULL,
    totals VARCHAR NOT NULL
);
CREATE TABLE claim (
    bill_id INTEGER NOT NULL REFERENCES bill (bill_id),
    scope VARCHAR NOT NULL,
    period VARCHAR NOT NULL,
    first_day VARCHAR NOT NULL,
    last_day VARCHAR NOT NULL
);
CREATE INDEX bill_sha256 ON bill (sha256);
CREATE INDEX bill_file_bill ON bill_file (bill_id);
CREATE INDEX claim_bill ON claim (bill_id);
