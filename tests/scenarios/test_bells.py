"""What one job of the daemon leaves for the next one rings its bell: an alert does not wait for the next look."""

import threading
from pathlib import Path

from monitor.config import load_config
from monitor.daemon import Daemon, Ticks
from storage.store import Store
from tests.webserver import Answer, serving

CONFIG = """
database: sqlite:///{folder}/demarche.db
poller: {{robots: false, allow_networks: [127.0.0.0/8]}}
articles: {{read: false}}
feeds: ["{web}/feed.xml"]
alerts:
  min_confidence: 0
  channels: {{hook: "{web}/hook#secret"}}
  rules: [{{name: visits, kinds: visit, channels: hook}}]
"""
FEED = b"""<rss version="2.0"><channel><title>Harbour News</title><item><guid isPermaLink="false">1</guid>
<title>Foreign minister of Norway to visit Chile</title>
<description>The foreign minister of Norway will visit Chile next week, a spokesman said.</description>
</item></channel></rss>"""

# All jobs but the first look once an hour.
SELDOM = Ticks(poll=0.2, read=3600, tag=3600, deliver=3600)


def test_an_alert_leaves_without_waiting_for_any_jobs_next_look(tmp_path: Path) -> None:
    posted = threading.Event()
    with serving() as web:
        web.answer("/feed.xml", Answer(FEED))
        web.answer("/hook", Answer(before=posted.set))
        (tmp_path / "config.yaml").write_text(CONFIG.format(folder=tmp_path, web=web.url("")), encoding="utf-8")
        config = load_config(tmp_path / "config.yaml", environ={})
        with Store.open(config.database) as store:
            daemon = Daemon(config, store, ticks=SELDOM)
            daemon.start()
            try:
                assert posted.wait(60)
            finally:
                daemon.stop()

    assert web.count("/hook") == 1
