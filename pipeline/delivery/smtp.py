"""Delivery by SMTP (RFC 5321), encrypted (RFC 3207, RFC 8314), tried again where the failure may pass."""

from __future__ import annotations

import os
import smtplib
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email import policy
from email.parser import BytesParser
from ipaddress import ip_address

from pipeline.errors import ConfigError, DepecheError
from pipeline.nightly_settings import MailSettings


class DeliveryError(DepecheError):
    """The mail did not go out; the digest is in its folder, and the next call sends it."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of a mail: the tries that it took, and how many receivers the server refused, by its codes."""

    tries: int
    refused: tuple[int, ...] = ()


def send(
    message: bytes,
    settings: MailSettings,
    environment: Mapping[str, str] = os.environ,
    wait: Callable[[float], None] = time.sleep,
) -> Sent:
    """Send the bytes of a mail (`digest.eml`) to all receivers.

    What may pass (no connection, an answer 4xx) is tried again `retries` times, each time after twice the wait; what
    will not (a wrong password, a certificate that does not hold) is not. Where some receivers are refused and others
    not, the mail has gone out: sent again, the others would have it twice.

    Raises:
        ConfigError: the settings cannot be meant: no receiver, or no encryption to another machine.
        DeliveryError: it went to nobody.
    """
    check(settings)
    delay = settings.retry_delay_s
    for number in range(settings.retries + 1):
        try:
            return Sent(number + 1, _send(message, settings, environment))
        except (OSError, smtplib.SMTPException) as error:
            if number == settings.retries or not _may_pass(error):
                raise DeliveryError(f"cannot send mail by {_place(settings)}: {_reason(error)}") from error
        wait(delay)
        delay *= 2
    raise AssertionError("the last try returns or raises")


def check(settings: MailSettings) -> None:
    """Raise a ConfigError where the settings cannot be meant."""
    if settings.host is None:
        raise ConfigError("no mail host is set; set [mail] host, or leave the digest in its folder")
    if not settings.to:
        raise ConfigError('the mail has no receiver; set [mail] to = ["name@example.org"]')
    if settings.security == "none" and not _is_here(settings.host):
        raise ConfigError(f'mail to {settings.host} would go unencrypted; set [mail] security to "starttls" or "tls"')


def _send(message: bytes, settings: MailSettings, environment: Mapping[str, str]) -> tuple[int, ...]:
    parsed = BytesParser(policy=policy.SMTP).parsebytes(message)
    for name, value in (("From", settings.sender), ("To", ", ".join(settings.to))):
        del parsed[name]
        parsed[name] = value
    with _connected(settings) as server:
        user, password = environment.get(settings.user_env), environment.get(settings.password_env)
        if user:
            server.login(user, password or "")
        refused = server.send_message(parsed, settings.sender, list(settings.to))
    return tuple(sorted(code for code, _ in refused.values()))


def _connected(settings: MailSettings) -> smtplib.SMTP:
    context = ssl.create_default_context(cafile=settings.ca_file)
    host = settings.host or ""
    if settings.security == "tls":
        return smtplib.SMTP_SSL(host, settings.port, timeout=settings.timeout_s, context=context)
    server = smtplib.SMTP(host, settings.port, timeout=settings.timeout_s)
    try:
        if settings.security == "starttls":
            server.starttls(context=context)
    except BaseException:
        server.close()
        raise
    return server


def _may_pass(error: Exception) -> bool:
    """Whether another try may go better: 4xx answers and broken connections, but no certificate that is wrong."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):  # all of them; 4xx is what greylisting says
        return any(400 <= code < 500 for code, _ in error.recipients.values())
    if isinstance(error, smtplib.SMTPResponseException):
        return 400 <= error.smtp_code < 500 or error.smtp_code == -1
    return not isinstance(error, smtplib.SMTPNotSupportedError | ssl.SSLCertVerificationError)


def _reason(error: Exception) -> str:
    """One line without the text of the mail and without a password."""
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return f'{error} Set [mail] security to "tls", or to "none" for a server on this machine'
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = ", ".join(sorted({str(code) for code, _ in error.recipients.values()}))
        return f"{len(error.recipients)} receivers were refused ({codes})"
    if isinstance(error, smtplib.SMTPResponseException):
        said = (
            error.smtp_error.decode("utf-8", "replace")
            if isinstance(error.smtp_error, bytes)
            else str(error.smtp_error)
        )
        return f"{error.smtp_code} {' '.join(said.split())[:200]}"
    return " ".join(str(error).split())[:200] or type(error).__name__


def _place(settings: MailSettings) -> str:
    return f"{settings.host}:{settings.port}"


def _is_here(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
