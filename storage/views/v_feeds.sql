-- Question: which feeds are polled, and how well does that go?
-- Grain: one row per feed, those no longer polled included.
-- Units: instants are UTC; failures counts polls since the last success; items counts all items ever seen.
SELECT
    feeds.id AS feed_id,
    feeds.url AS url,
    feeds.publisher AS publisher,
    feeds.state AS state,
    feeds.last_success_at AS last_success_at,
    feeds.last_error AS last_error,
    feeds.failures AS failures,
    feeds.next_poll_at AS next_poll_at,
    (SELECT count(*) FROM items WHERE items.feed_id = feeds.id) AS items,
    CASE
        WHEN feeds.state <> 'active' THEN ''
        WHEN feeds.failures >= 3 THEN 'failing'
        WHEN feeds.last_success_at > feeds.silent_at THEN 'silent'
        ELSE ''
    END AS trouble,
    feeds.last_new_at AS last_new_at
FROM feeds
