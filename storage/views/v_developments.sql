-- Question: what became known about which event, when, and who told it?
-- Grain: one row per change; a mention that changes two things gives two rows.
-- Units: change is first_report, status, date, place, party, count, outcome, denial or overdue; seen_at is UTC;
-- mention_id, item_id and guid are NULL where no item tells it (overdue).
SELECT
    developments.id AS development_id,
    developments.event_id AS event_id,
    developments.change AS change,
    developments.old_value AS old_value,
    developments.new_value AS new_value,
    developments.reason AS reason,
    developments.seen_at AS seen_at,
    developments.mention_id AS mention_id,
    mentions.item_id AS item_id,
    items.guid AS guid,
    developments.evidence AS evidence
FROM developments
LEFT JOIN mentions ON mentions.id = developments.mention_id
LEFT JOIN items ON items.id = mentions.item_id
