-- title: Upcoming
-- question: What is planned from the given day on? Dated events in order of their day.
-- parameters: since
SELECT date_start, date_end, kind, status, actors, recipients, place_name, publishers, last_seen_at, event_id
FROM v_events
WHERE date_end >= date(:since) AND status IN ('planned', 'proposed', 'postponed')
ORDER BY date_start, date_end, event_id
