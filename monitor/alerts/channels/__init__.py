"""Where messages go. A channel is one URL, and one destination.

`console:` the terminal, `file:PATH` JSON lines, `atom:FOLDER` a feed per rule, `smtps://…` and `smtp://…` mail,
`https://…#SECRET` a signed webhook, and any URL of a service that Apprise knows.
"""

from monitor.alerts.channels.opening import channel_problem, destinations, open_channels
from monitor.alerts.channels.parts import Answer, Channel, Post
from monitor.alerts.channels.terminal import Terminal

__all__ = ["Answer", "Channel", "Post", "Terminal", "channel_problem", "destinations", "open_channels"]
