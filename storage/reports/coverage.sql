-- title: Coverage
-- question: How many items told of which kinds of events, week by week (weeks begin on Monday, UTC)?
-- parameters: since
SELECT
    date(date_trunc('week', seen_at)) AS week,
    type,
    kind,
    count(*) AS mentions,
    count(DISTINCT event_id) AS events,
    count(DISTINCT item_id) AS items
FROM v_mentions
WHERE seen_at >= :since
GROUP BY date(date_trunc('week', seen_at)), type, kind
ORDER BY week DESC, mentions DESC, type, kind
