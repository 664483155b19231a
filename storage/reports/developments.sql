-- title: Developments
-- question: What became known lately that was not known before?
-- parameters: since
SELECT
    v_developments.seen_at, v_developments.change, v_events.kind, v_events.actors, v_events.recipients,
    v_developments.old_value, v_developments.new_value, v_developments.evidence, v_developments.event_id
FROM v_developments
INNER JOIN v_events ON v_events.event_id = v_developments.event_id
WHERE v_developments.seen_at >= :since
ORDER BY v_developments.seen_at DESC, v_developments.development_id DESC
