"""How hubs reach us and what we ask of them. Values only."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class WebSubSettings:
    """Where hubs find us, and how we keep up with them.

    `public_url` is the address under which the network reaches `host` and `port`, which is where we listen. `lease` is
    how long we ask hubs to push for, `rest` how long polls leave a feed alone meanwhile. `max_body_bytes` is the
    longest document that is taken from a hub, within `deadline_seconds`.
    """

    public_url: str
    host: str
    port: int
    lease: timedelta
    rest: timedelta
    max_body_bytes: int
    deadline_seconds: float = 30.0

    @property
    def callback(self) -> str:
        """What the addresses of callbacks begin with; the token of a subscription follows."""
        return f"{self.public_url.rstrip('/')}/websub/"
