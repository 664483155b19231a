"""Who publishes a feed where nobody named it."""

import pytest

from storage.publishers import publisher_of


@pytest.mark.parametrize(
    ("url", "title", "publisher"),
    [
        ("https://www.courier.example/world.rss", "Courier - World", "courier.example"),
        ("https://feeds.courier.example/world.rss", "", "courier.example"),
        ("https://rss.example/world", "", "rss.example"),
        ("https://news.courier.example./x", "", "news.courier.example"),
        ("https://feeds.feedburner.com/courier", "The Courier", "The Courier"),
        ("https://feeds.feedburner.com/courier", "", "feedburner.com"),
        ("https://notfeedburner.com/courier", "The Courier", "notfeedburner.com"),
        ("https://desk:secret@courier.example:8080/x", "", "courier.example"),
    ],
)
def test_the_host_is_the_publisher_but_where_it_carries_feeds_of_others(url: str, title: str, publisher: str) -> None:
    assert publisher_of(url, title) == publisher
