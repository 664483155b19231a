-- Question: what happened, is happening or is to come, and how widely is it told?
-- Grain: one row per event, as all its mentions together tell it by now.
-- Units: actors and recipients are codes, sorted and joined by '+'; days are included on both ends; instants are UTC;
-- mentions counts items, publishers counts distinct outlets, developments counts changes, the first report included.
SELECT
    events.id AS event_id,
    events.type AS type,
    events.kind AS kind,
    events.actors AS actors,
    events.recipients AS recipients,
    events.place_country AS place_country,
    events.place_name AS place_name,
    events.date_start AS date_start,
    events.date_end AS date_end,
    events.status AS status,
    events.first_seen_at AS first_seen_at,
    events.last_seen_at AS last_seen_at,
    (SELECT count(*) FROM mentions WHERE mentions.event_id = events.id) AS mentions,
    (SELECT count(*) FROM event_publishers WHERE event_publishers.event_id = events.id) AS publishers,
    (SELECT count(*) FROM developments WHERE developments.event_id = events.id) AS developments
FROM events
