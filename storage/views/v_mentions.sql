-- Question: which item says what about which event?
-- Grain: one row per item and event, as the latest reading of the item gave it.
-- Units: actors and recipients are codes, sorted and joined by '+'; days are included on both ends; confidence is
-- 0..1; evidence_start and evidence_end count characters of the title, a newline and the text; seen_at is UTC.
SELECT
    mentions.id AS mention_id,
    mentions.item_id AS item_id,
    items.guid AS guid,
    mentions.event_id AS event_id,
    mentions.type AS type,
    mentions.kind AS kind,
    mentions.actors AS actors,
    mentions.recipients AS recipients,
    mentions.place_country AS place_country,
    mentions.place_name AS place_name,
    mentions.date_start AS date_start,
    mentions.date_end AS date_end,
    mentions.status AS status,
    mentions.attribution AS attribution,
    mentions.background AS background,
    mentions.confidence AS confidence,
    mentions.evidence AS evidence,
    mentions.evidence_start AS evidence_start,
    mentions.evidence_end AS evidence_end,
    mentions.seen_at AS seen_at
FROM mentions
INNER JOIN items ON items.id = mentions.item_id
