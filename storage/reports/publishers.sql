-- title: Publishers
-- question: Who tells of events, and how often first?
-- parameters: since
SELECT
    v_feeds.publisher,
    count(DISTINCT v_items.item_id) AS items,
    count(DISTINCT v_mentions.event_id) AS events,
    count(DISTINCT CASE WHEN v_developments.change = 'first_report' THEN v_developments.event_id END) AS told_first,
    count(DISTINCT v_developments.development_id) AS developments
FROM v_feeds
INNER JOIN v_items ON v_items.feed_id = v_feeds.feed_id
LEFT JOIN v_mentions ON v_mentions.item_id = v_items.item_id
LEFT JOIN v_developments ON v_developments.mention_id = v_mentions.mention_id
WHERE v_items.seen_at >= :since
GROUP BY v_feeds.publisher
ORDER BY told_first DESC, events DESC, v_feeds.publisher
