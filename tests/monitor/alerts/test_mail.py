"""Mail, to a real mail server on loopback: what it says, how it is threaded, and what becomes of refusals."""

from email.message import EmailMessage

import pytest

from monitor.alerts.channels import channel_problem, destinations
from monitor.alerts.channels.mail import message
from monitor.errors import DeliveryError
from storage.types import Delivery
from tests.receivers import a_channel, mail_server
from tests.telling import a_delivery

CANARY = "s3cr3t-canary"


def refused(url: str) -> DeliveryError:
    """Return the error of a mail channel that does not get its message taken."""
    with pytest.raises(DeliveryError) as caught:
        a_channel(url).send(a_delivery())
    return caught.value


def as_mail(delivery: Delivery) -> EmailMessage:
    return message(delivery, sender="demarche@desk.example", recipient="reader@desk.example")


def part(mail: EmailMessage, subtype: str) -> str:
    found = mail.get_body((subtype,))
    assert found is not None
    return str(found.get_content())


# ---------------------------------------------------------------- sent


def test_a_mail_arrives_as_text_and_as_html() -> None:
    delivery = a_delivery()
    with mail_server() as server:
        a_channel(server.url()).send(delivery)

    (mail,) = server.taken
    assert (mail["From"], mail["To"]) == ("Démarche <demarche@desk.example>", "reader@desk.example")
    assert mail["Subject"] == delivery.title
    assert part(mail, "plain").splitlines() == delivery.body.splitlines()
    assert "<blockquote>" in part(mail, "html")


def test_a_user_with_a_password_is_let_in() -> None:
    with mail_server(login=("desk", "p@ss:w/rd")) as server:
        a_channel(server.url(login="desk:p%40ss%3Aw%2Frd@")).send(a_delivery())

    assert len(server.taken) == 1


def test_a_resend_has_the_same_identifier() -> None:
    assert (
        as_mail(a_delivery())["Message-ID"] == as_mail(a_delivery())["Message-ID"] == "<0123456789abcdef@desk.example>"
    )


def test_a_follow_up_answers_the_mail_before_it_and_names_the_first() -> None:
    follow_up = as_mail(a_delivery(key="c", thread=("a", "b")))

    assert follow_up["In-Reply-To"] == "<b@desk.example>"
    assert follow_up["References"] == "<a@desk.example> <b@desk.example>"


def test_the_first_mail_about_an_event_answers_nothing() -> None:
    assert as_mail(a_delivery())["In-Reply-To"] is None


def test_words_of_the_news_make_no_header() -> None:
    mail = as_mail(a_delivery(title="Visit\r\nBcc: everybody@desk.example\x00", rule="a\nb"))

    assert mail["Subject"] == "Visit Bcc: everybody@desk.example"
    assert mail["Bcc"] is None


def test_words_of_the_news_are_no_markup() -> None:
    html = part(as_mail(a_delivery(evidence="<script>alert(1)</script>", url="javascript:alert(1)")), "html")

    assert "<script>" not in html
    assert "javascript:" not in html


# ---------------------------------------------------------------- not sent


@pytest.mark.parametrize(("reply", "permanent"), [("451 4.7.1 later", False), ("550 5.1.1 no such user", True)])
@pytest.mark.parametrize("at_rcpt", [False, True])
def test_only_what_a_server_refuses_for_good_is_permanent(reply: str, permanent: bool, at_rcpt: bool) -> None:
    with mail_server(reply, at_rcpt=at_rcpt) as server:
        error = refused(server.url())

    assert error.permanent is permanent
    assert str(error) == f"channel desk: SMTP {reply[:3]}: {reply[4:]}"


def test_a_server_that_is_not_there_is_tried_again() -> None:
    with mail_server() as gone:
        url = gone.url()
    error = refused(url)

    assert not error.permanent
    assert "cannot be reached" in str(error)


def test_a_refused_password_is_told_without_it() -> None:
    with mail_server(login=("desk", "right")) as server:
        error = refused(server.url(login=f"{CANARY}:{CANARY}@"))

    assert error.permanent
    assert "SMTP 535" in str(error)
    assert CANARY not in str(error)


# ---------------------------------------------------------------- URLs


@pytest.mark.parametrize(
    "url",
    [
        "smtps://demarche%40desk.example:secret@mail.desk.example?to=a@desk.example",
        "smtp://mail.desk.example:2525?to=a@desk.example&from=b@desk.example",
        "smtp://relay.desk.example?to=a@desk.example&from=b@desk.example&tls=none",
    ],
)
def test_a_usable_url_has_no_problem(url: str) -> None:
    assert channel_problem(url) == ""


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("smtps://?to=a@b.example", "a host is missing"),
        ("smtps://desk@mail.example:port?to=a@b.example", "its host or port is malformed"),
        ("smtps://mail.example?from=a@b.example", "wants to=ADDRESS"),
        ("smtps://desk:x@mail.example?to=a@b.example", "wants from=ADDRESS"),
        ("smtps://mail.example?to=nobody&from=a@b.example", "to= wants one mail address"),
        ("smtps://mail.example?to=a@b.example&cc=c@b.example", "knows ?to=, from= and tls=, not cc="),
        ("smtps://m.example?to=a@b.example&tls=none", "tls= wants starttls or none, and goes with smtp:// alone"),
    ],
)
def test_an_unusable_url_is_explained(url: str, problem: str) -> None:
    assert channel_problem(url) == problem


def test_each_recipient_is_a_destination_of_its_own() -> None:
    assert destinations("smtps://m.example?to=a@b.example,c@b.example&from=d@b.example&to=e@b.example") == [
        "smtps://m.example?to=a@b.example&from=d@b.example",
        "smtps://m.example?to=c@b.example&from=d@b.example",
        "smtps://m.example?to=e@b.example&from=d@b.example",
    ]
