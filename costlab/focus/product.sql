-- Macros that compare price × quantity with a cost as three texts, exactly: digits as HUGEINT, and where the point is.
-- Others' files are checked with them; nothing is priced here.
--
-- exact(t)            (digits, scale): t = digits / 10^scale; null for what is no number or has more than 38 digits
-- product_is(p, q, c) whether the cost c is p × q as far as c is printed; null when 38 digits cannot tell
--
-- c may be rounded: it must be within half a unit of its last printed digit, of which at least two and at most
-- fifteen significant ones count (a double carries no more).
CREATE OR REPLACE TEMP MACRO bare(t) AS
    CASE WHEN contains(split_part(lower(t), 'e', 1), '.')
        THEN rtrim(rtrim(split_part(lower(t), 'e', 1), '0'), '.') ELSE split_part(lower(t), 'e', 1) END;
CREATE OR REPLACE TEMP MACRO exact(t) AS
    {
        'digits': TRY_CAST(replace(bare(t), '.', '') AS HUGEINT),
        'scale': length(bare(t)) - coalesce(nullif(instr(bare(t), '.'), 0), length(bare(t)))
            - coalesce(TRY_CAST(nullif(split_part(lower(t), 'e', 2), '') AS INTEGER), 0)
    };
CREATE OR REPLACE TEMP MACRO places(n) AS length(CAST(abs(n) AS VARCHAR));
CREATE OR REPLACE TEMP MACRO ten(n) AS CAST('1' || repeat('0', n) AS HUGEINT);
-- Digits that may count: at least two decimals, fifteen significant ones.
CREATE OR REPLACE TEMP MACRO printed(c) AS
    greatest(2, least(greatest(c.scale, 2), 15 - greatest(1, places(c.digits) - c.scale)));
CREATE OR REPLACE TEMP MACRO same_number(p, s, c, t) AS
    CASE
        WHEN p = 0 AND c.digits = 0 THEN TRUE
        WHEN places(p) + t - s > 37 OR places(c.digits) + t - c.scale > 37 OR t > 37 THEN
            -- Numbers of different length before the point differ by more than any rounding.
            CASE WHEN abs((places(p) - s) - (places(c.digits) - c.scale)) > 1 THEN FALSE END
        WHEN t <= printed(c) THEN p * ten(t - s) = c.digits * ten(t - c.scale)
        ELSE abs(p * ten(t - s) - c.digits * ten(t - c.scale)) <= 5 * ten(t - printed(c) - 1)
    END;
CREATE OR REPLACE TEMP MACRO product_is(p, q, c) AS
    CASE
        WHEN places(p.digits) + places(q.digits) <= 38 AND abs(p.scale) < 38 AND abs(q.scale) < 38
            AND abs(c.scale) < 38 THEN same_number(
            p.digits * q.digits, p.scale + q.scale, c, greatest(p.scale + q.scale, c.scale, 0)
        )
    END
