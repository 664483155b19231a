"""What can go wrong in the daemon.

MonitorError
├── ConfigError       config.yaml is wrong; carries every fault at once
├── FetchError        a feed or page could not be fetched
├── FeedParseError    a document is not a feed that can be read
├── DeliveryError     a channel did not take a message
├── RecordingError    a folder is not a recording of feeds
└── GoldError         annotated data or their floors cannot be read
"""

from datetime import datetime


class MonitorError(Exception):
    """Root of the errors of this house."""


class ConfigError(MonitorError):
    """The configuration is wrong. `faults` are complete lines, `config.yaml:LINE:COLUMN path: what is wrong`."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


class FetchError(MonitorError):
    """A feed or page could not be fetched.

    `reason` is a short stable word (`timeout`, `http-404`, `too-large`, …), `retry_at` when the server asked to be
    left alone until then, `permanent` True when asking again soon makes no sense.
    """

    def __init__(
        self,
        url: str,
        reason: str,
        detail: str = "",
        *,
        retry_at: datetime | None = None,
        permanent: bool = False,
    ) -> None:
        super().__init__(f"{url}: {reason}{f' ({detail})' if detail else ''}")
        self.url = url
        self.reason = reason
        self.retry_at = retry_at
        self.permanent = permanent


class FeedParseError(MonitorError):
    """A document is not a feed that can be read. `reason` is a short stable word (`not-a-feed`, `empty`, …)."""

    def __init__(self, url: str, reason: str, detail: str = "") -> None:
        super().__init__(f"{url}: {reason}{f' ({detail})' if detail else ''}")
        self.url = url
        self.reason = reason
        self.detail = detail


class DeliveryError(MonitorError):
    """A channel did not take a message; `retry_at` None and `permanent` True: it never will."""

    def __init__(self, channel: str, detail: str, *, permanent: bool = False, retry_at: datetime | None = None) -> None:
        super().__init__(f"channel {channel}: {detail}")
        self.channel = channel
        self.permanent = permanent
        self.retry_at = retry_at


class RecordingError(MonitorError):
    """A folder is not a recording of feeds; the message names the file and what was expected."""


class GoldError(MonitorError):
    """Annotated data, or the floors on them, cannot be read; the message names file and line."""
