"""`smtps://…` and `smtp://…` send mail. The only door to aiosmtplib.

`smtps://[USER:PASSWORD@]HOST[:465]?to=ADDRESS&from=ADDRESS` speaks TLS from the start, `smtp://…[:587]` begins it with
STARTTLS, and with `&tls=none` (a relay in the house) not at all.
"""

import asyncio
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from monitor.alerts.channels.parts import SEND_DEADLINE_SECONDS, Masker, masker
from monitor.alerts.channels.plain import one_line
from monitor.alerts.render import html
from monitor.alerts.secret import Secret
from monitor.errors import DeliveryError
from storage.types import Delivery

PORTS = {"smtps": 465, "smtp": 587}
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
SETTINGS = frozenset({"to", "from", "tls"})


@dataclass(frozen=True, slots=True)
class MailServer:
    """How a mail server is reached. `start_tls` None: never; a password is then sent to loopback alone."""

    host: str
    port: int
    use_tls: bool
    start_tls: bool
    user: Secret | None = None
    password: Secret | None = None


@dataclass(frozen=True, slots=True)
class MailChannel:
    """Sends each message as text and HTML to one address; what follows up an event answers the mail before."""

    name: str
    server: MailServer
    sender: str
    recipient: str
    mask: Masker = field(repr=False)

    def send(self, delivery: Delivery) -> None:
        """Send the message; raises DeliveryError with the server's answer, secrets masked."""
        asyncio.run(self._send(message(delivery, sender=self.sender, recipient=self.recipient)))

    async def _send(self, mail: EmailMessage) -> None:
        import aiosmtplib  # 0.1 s, for those who send mail

        try:
            async with asyncio.timeout(SEND_DEADLINE_SECONDS):
                await aiosmtplib.send(
                    mail,
                    sender=self.sender,
                    recipients=[self.recipient],
                    hostname=self.server.host,
                    port=self.server.port,
                    username=self.server.user.reveal() if self.server.user else None,
                    password=self.server.password.reveal() if self.server.password else None,
                    use_tls=self.server.use_tls,
                    start_tls=self.server.start_tls,
                )
        except (aiosmtplib.SMTPException, OSError) as error:  # TimeoutError is an OSError
            raise self._failure(error) from error

    def _failure(self, error: Exception) -> DeliveryError:
        code, said = _answer(error)
        if code is None:
            return DeliveryError(self.name, self.mask(said))
        return DeliveryError(self.name, f"SMTP {code}: {self.mask(said)}", permanent=500 <= code < 600)


def _answer(error: Exception) -> tuple[int | None, str]:
    """Return the code and text of the server's answer, or None and what went wrong without one."""
    refused = getattr(error, "recipients", None)  # one refusal for each recipient, and there is one
    if isinstance(refused, list) and refused:
        error = refused[0]
    code, said = getattr(error, "code", None), getattr(error, "message", "")
    if isinstance(code, int) and code > 0:
        return code, said
    if isinstance(error, TimeoutError):
        return None, "the mail server did not answer in time"
    return None, f"the mail server cannot be reached, or cut the connection: {said or type(error).__name__}"


# ---------------------------------------------------------------- the message


def message(delivery: Delivery, *, sender: str, recipient: str) -> EmailMessage:
    """Return a message as mail. The same delivery always gives the same Message-ID, and so does a resend."""
    domain = _domain(sender)
    mail = EmailMessage(policy=SMTP)
    mail["From"] = Address("Démarche", addr_spec=sender)
    mail["To"] = recipient
    mail["Subject"] = one_line(delivery.title)
    mail["Date"] = format_datetime(delivery.created_at)
    mail["Message-ID"] = _message_id(delivery.key, domain)
    if delivery.thread:
        mail["In-Reply-To"] = _message_id(delivery.thread[-1], domain)
        mail["References"] = " ".join(dict.fromkeys(_message_id(key, domain) for key in delivery.thread))
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: so that no absence note answers it
    mail["X-Demarche-Rule"] = one_line(delivery.rule)
    mail.set_content(delivery.body, cte="quoted-printable")
    mail.add_alternative(html(delivery), subtype="html", cte="quoted-printable")
    return mail


def _message_id(key: str, domain: str) -> str:
    return f"<{key}@{domain}>"


def _domain(address: str) -> str:
    return address.rpartition("@")[2] or "localhost"


# ---------------------------------------------------------------- URLs


def mail_problem(url: str) -> str:
    """Return what is wrong with a mail URL, empty if nothing; never quotes it."""
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018  raises for a port that is none
    except ValueError:
        return "its host or port is malformed"
    settings = _settings(parts)
    if not parts.hostname:
        return "a host is missing"
    if unknown := sorted(set(settings) - SETTINGS):
        return f"knows ?to=, from= and tls=, not {unknown[0]}="
    if settings.get("tls", "starttls") not in ("starttls", "none") or (parts.scheme == "smtps" and "tls" in settings):
        return "tls= wants starttls or none, and goes with smtp:// alone"
    if settings.get("tls") == "none" and parts.password and parts.hostname not in LOOPBACK:
        return "a password is never sent without TLS: leave out tls=none"
    return _address_problem("to", settings.get("to", "")) or _address_problem("from", _sender(parts))


def _settings(parts: SplitResult) -> dict[str, str]:
    return {name: ",".join(values) for name, values in parse_qs(parts.query, keep_blank_values=True).items()}


def _sender(parts: SplitResult) -> str:
    user = unquote(parts.username or "")
    return _settings(parts).get("from") or (user if "@" in user else "")


def _address_problem(name: str, address: str) -> str:
    if not address:
        return f"wants {name}=ADDRESS"
    try:
        parsed = Address(addr_spec=address)
    except (ValueError, IndexError):
        return f"{name}= wants one mail address"
    return "" if parsed.domain and address.isascii() else f"{name}= wants one mail address"


def open_mail(name: str, url: str) -> MailChannel:
    """Return the channel of a URL that `mail_problem` finds no fault with."""
    parts, settings = urlsplit(url), _settings(urlsplit(url))
    scheme = parts.scheme
    server = MailServer(
        host=parts.hostname or "",
        port=parts.port or PORTS[scheme],
        use_tls=scheme == "smtps",
        start_tls=scheme == "smtp" and settings.get("tls") != "none",
        user=Secret(unquote(parts.username)) if parts.username else None,
        password=Secret(unquote(parts.password)) if parts.password else None,
    )
    return MailChannel(name, server, _sender(parts), settings["to"], masker(url))


def one_recipient_each(url: str) -> list[str]:
    """Return a mail URL once for each of its recipients: each is a destination of its own."""
    head, _, query = url.partition("?")
    pairs = query.split("&")
    recipients = [one for pair in pairs if pair.startswith("to=") for one in pair[3:].replace("%2C", ",").split(",")]
    others = [pair for pair in pairs if pair and not pair.startswith("to=")]
    if len(recipients) < 2:
        return [url]
    return [f"{head}?{'&'.join([f'to={recipient.strip()}', *others])}" for recipient in recipients]
