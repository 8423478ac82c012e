-- The labels of every distinct set of them, one a row. Not a question of its own: tags.sql reads it.
--
-- Reads: asked. Yields: tags (the text), tag, value ('' where the label has none).
-- JSON functions differ between engines, so they stand here by themselves.
SELECT tags, tag, coalesce(json_extract_string(tags, '/' || replace(replace(tag, '~', '~0'), '/', '~1')), '') AS value
FROM (SELECT tags, unnest(json_keys(tags)) AS tag FROM (SELECT DISTINCT tags FROM asked WHERE tags NOT IN ('', '{}')))
