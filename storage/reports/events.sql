-- title: Events
-- question: Which events were told of lately, and how widely?
-- parameters: since
SELECT
    last_seen_at, kind, status, actors, recipients, place_name, date_start, date_end,
    mentions, publishers, developments, event_id
FROM v_events
WHERE last_seen_at >= :since
ORDER BY last_seen_at DESC, event_id DESC
