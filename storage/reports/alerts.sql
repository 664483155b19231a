-- title: Alerts
-- question: What was told to whom, and did it arrive?
-- parameters: since
SELECT
    v_alerts.created_at, v_alerts.rule, v_alerts.channel, v_alerts.state, v_alerts.attempts, v_alerts.sent_at,
    v_developments.change, v_developments.new_value, v_alerts.event_id, v_alerts.delivery_id
FROM v_alerts
INNER JOIN v_developments ON v_developments.development_id = v_alerts.development_id
WHERE v_alerts.created_at >= :since
ORDER BY v_alerts.delivery_id DESC, v_alerts.development_id DESC
