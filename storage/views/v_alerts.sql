-- Question: which rule told which channel what, and did it arrive?
-- Grain: one row per delivery and development that it tells; a delivery that tells three has three rows.
-- Units: state is pending, sent or dead; attempts counts tries to send; instants are UTC, sent_at NULL until sent.
SELECT
    deliveries.id AS delivery_id,
    deliveries.rule AS rule,
    deliveries.channel AS channel,
    developments.event_id AS event_id,
    delivery_developments.development_id AS development_id,
    deliveries.state AS state,
    deliveries.attempts AS attempts,
    deliveries.key AS key,
    deliveries.created_at AS created_at,
    deliveries.sent_at AS sent_at
FROM deliveries
INNER JOIN delivery_developments ON delivery_developments.delivery_id = deliveries.id
INNER JOIN developments ON developments.id = delivery_developments.development_id
