"""Delivery of a digest by mail, against a real SMTP server on this machine."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from pipeline import delivery
from pipeline.errors import ConfigError
from pipeline.nightly_settings import MailSettings

aiosmtpd = pytest.importorskip("aiosmtpd.controller")
trustme = pytest.importorskip("trustme")


class Box:
    """What a server took in; `answers` are given to the first commands DATA instead of taking the mail."""

    def __init__(self) -> None:
        self.mails: list[tuple[str, list[str], bytes]] = []
        self.answers: list[str] = []
        self.refused: dict[str, str] = {}

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.answers:
            return self.answers.pop(0)
        self.mails.append((envelope.mail_from, list(envelope.rcpt_tos), envelope.content))
        return "250 taken"


def started(box: Box, **options: Any) -> Any:
    controller = aiosmtpd.Controller(box, hostname="127.0.0.1", **{"port": free_port(), **options})
    controller.start()
    return controller


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def box() -> Box:
    return Box()


@pytest.fixture
def plain(box: Box) -> Iterator[MailSettings]:
    server = started(box)
    yield MailSettings(
        host="127.0.0.1", port=server.port, security="none", to=("a@example.org", "b@example.org"), timeout_s=5
    )
    server.stop()


@pytest.fixture
def encrypted(box: Box, tmp_path: Path) -> Iterator[MailSettings]:
    import ssl

    authority = trustme.CA()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")

    def known(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> Any:
        from aiosmtpd.smtp import AuthResult

        return AuthResult(success=(data.login, data.password) == (b"reader", b"secret"), handled=False)

    server = started(box, tls_context=context, require_starttls=True, auth_required=True, authenticator=known)
    yield MailSettings(
        host="127.0.0.1", port=server.port, to=("a@example.org",), ca_file=str(tmp_path / "ca.pem"), retries=0
    )
    server.stop()


def mail() -> bytes:
    message = EmailMessage(policy=policy.SMTP)
    message["Subject"] = "Le point de la nuit: été, 3 articles"
    message["Message-ID"] = "<2026-11-22@depeche>"
    message["From"], message["To"] = "nobody@localhost", "nobody@localhost"
    message.set_content("Douze écoles ouvrent.\n.\nUne ligne avec un point seul.\n")
    return bytes(message)


LOGIN = {"DEPECHE_SMTP_USER": "reader", "DEPECHE_SMTP_PASSWORD": "secret"}


def test_the_mail_comes_to_all_receivers_with_its_text_and_its_id(plain: MailSettings, box: Box) -> None:
    assert delivery.send(mail(), plain, {}) == delivery.Sent(1)
    sender, receivers, content = box.mails[0]
    got = BytesParser(policy=policy.default).parsebytes(content)
    assert receivers == ["a@example.org", "b@example.org"] and sender == "depeche@localhost"
    assert got["To"] == "a@example.org, b@example.org" and got["Message-ID"] == "<2026-11-22@depeche>"
    assert got["Subject"] == "Le point de la nuit: été, 3 articles"
    assert got.get_content().splitlines() == ["Douze écoles ouvrent.", ".", "Une ligne avec un point seul."]


def test_the_same_bytes_go_out_again_after_a_crash(plain: MailSettings, box: Box) -> None:
    delivery.send(mail(), plain, {})
    delivery.send(mail(), plain, {})
    assert box.mails[0] == box.mails[1]


def test_a_server_that_is_busy_is_asked_again_with_longer_waits(plain: MailSettings, box: Box) -> None:
    box.answers = ["451 later", "421 busy"]
    waits: list[float] = []
    assert delivery.send(mail(), plain, {}, waits.append) == delivery.Sent(3)
    assert waits == [20.0, 40.0] and len(box.mails) == 1


def test_greylisting_of_all_receivers_is_tried_again(plain: MailSettings, box: Box) -> None:
    box.refused = {"a@example.org": "450 come back", "b@example.org": "450 come back"}
    waits: list[float] = []

    def wait(seconds: float) -> None:
        waits.append(seconds)
        box.refused.clear()

    assert delivery.send(mail(), plain, {}, wait).tries == 2


def test_a_mail_that_is_refused_for_good_is_not_tried_again(plain: MailSettings, box: Box) -> None:
    box.answers = ["554 no"]
    with pytest.raises(delivery.DeliveryError, match=r"127\.0\.0\.1:\d+: 554 no"):
        delivery.send(mail(), plain, {}, lambda _: pytest.fail("waited"))


def test_one_receiver_that_is_refused_does_not_keep_the_mail_from_the_others(plain: MailSettings, box: Box) -> None:
    box.refused = {"b@example.org": "550 unknown"}
    assert delivery.send(mail(), plain, {}) == delivery.Sent(1, (550,))
    assert [receivers for _, receivers, _ in box.mails] == [["a@example.org"]]


def test_nobody_there_is_an_error_of_one_line_after_all_tries() -> None:
    settings = MailSettings(host="127.0.0.1", port=free_port(), security="none", to=("a@example.org",), retries=2)
    waits: list[float] = []
    with pytest.raises(delivery.DeliveryError) as caught:
        delivery.send(mail(), settings, {}, waits.append)
    assert len(waits) == 2 and "\n" not in str(caught.value)


def test_user_and_password_go_out_encrypted_only(encrypted: MailSettings, box: Box) -> None:
    assert delivery.send(mail(), encrypted, LOGIN) == delivery.Sent(1)
    assert len(box.mails) == 1


def test_a_wrong_password_is_said_without_the_password(encrypted: MailSettings, box: Box) -> None:
    with pytest.raises(delivery.DeliveryError) as caught:
        delivery.send(mail(), encrypted, {**LOGIN, "DEPECHE_SMTP_PASSWORD": "hunter2"})
    assert "535" in str(caught.value) and "hunter2" not in str(caught.value) and not box.mails


def test_a_certificate_that_nobody_vouches_for_stops_it(encrypted: MailSettings, box: Box) -> None:
    stranger = encrypted.model_copy(update={"ca_file": None, "retries": 2})
    with pytest.raises(delivery.DeliveryError, match="CERTIFICATE_VERIFY_FAILED"):
        delivery.send(mail(), stranger, LOGIN, lambda _: pytest.fail("waited"))
    assert not box.mails


def test_a_server_without_encryption_gets_nothing(plain: MailSettings, box: Box) -> None:
    with pytest.raises(delivery.DeliveryError, match="STARTTLS"):
        delivery.send(mail(), plain.model_copy(update={"security": "starttls"}), LOGIN)
    assert not box.mails


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"host": None}, "no mail host"),
        ({"to": ()}, "no receiver"),
        ({"host": "mail.example.org", "security": "none"}, "unencrypted"),
    ],
)
def test_settings_that_cannot_be_meant_are_refused_before_anything_is_sent(changes: dict[str, Any], says: str) -> None:
    settings = MailSettings(host="127.0.0.1", to=("a@example.org",)).model_copy(update=changes)
    with pytest.raises(ConfigError, match=says):
        delivery.send(mail(), settings, {})


def test_a_server_that_says_nothing_is_given_up() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        settings = MailSettings(
            host="127.0.0.1",
            port=silent.getsockname()[1],
            security="none",
            to=("a@example.org",),
            timeout_s=0.2,
            retries=0,
        )
        with pytest.raises(delivery.DeliveryError):
            delivery.send(mail(), settings, {})


@pytest.mark.parametrize(
    "address", ["a@example.org\r\nBcc: x@example.org", "a@b.org, c@d.org", "nobody", "A <a@b.org>"]
)
def test_no_address_can_bring_a_header_or_another_receiver(address: str) -> None:
    with pytest.raises(ValidationError, match="pattern"):
        MailSettings(to=(address,))
