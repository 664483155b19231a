-- title: Who with whom
-- question: Which parties act toward which, by how many events, and how many of them conflict?
-- parameters: since
SELECT
    actors,
    recipients,
    count(*) AS events,
    sum(CASE
        WHEN type IN ('ACCUSE', 'REJECT', 'THREATEN', 'PROTEST', 'SANCTION', 'MOBILIZE', 'COERCE', 'ASSAULT') THEN 1
        ELSE 0
    END) AS conflict,
    sum(mentions) AS mentions,
    max(last_seen_at) AS last_seen_at
FROM v_events
WHERE last_seen_at >= :since
GROUP BY actors, recipients
ORDER BY events DESC, mentions DESC, actors, recipients
