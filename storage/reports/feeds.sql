-- title: Feeds
-- question: How healthy is each feed, and what has it brought lately? The troubled ones come first.
-- parameters: since
SELECT
    v_feeds.publisher, v_feeds.url, v_feeds.state, v_feeds.failures, v_feeds.last_success_at, v_feeds.last_error,
    v_feeds.next_poll_at, v_feeds.items,
    (
        SELECT count(*) FROM v_items
        WHERE v_items.feed_id = v_feeds.feed_id AND v_items.seen_at >= :since
    ) AS items_lately
FROM v_feeds
ORDER BY v_feeds.failures DESC, v_feeds.publisher, v_feeds.url
