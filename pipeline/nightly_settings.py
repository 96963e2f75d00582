"""The settings of the nightly digest: what comes in, what is watched, how it is shown, how it is delivered.

None of them changes what the main job makes of an article, so they are in no signature of a run.
"""

from __future__ import annotations

from ipaddress import ip_network
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, field_validator


class _Settings(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=False)


Address = Annotated[str, Field(pattern=r"^[^\s<>,;@]+@[^\s<>,;@]+$")]  # and nothing that could be a header


class FeedSettings(_Settings):
    """One RSS or Atom feed; `full_text` fetches the page of an article where the feed has only a teaser."""

    url: str = Field(pattern=r"^https?://[^\s/]+")
    name: str | None = None
    full_text: bool = False


class IntakeSettings(_Settings):
    """What comes in: `folders` are files, folders and globs as for `depeche run`, read on this machine; `feeds` are
    the only use of the network.

    `timeout_s` bounds a connection, `deadline_s` a whole answer, `max_mb` its size; `delay_s` is waited between two
    requests to one host. Addresses inside private networks are refused, but for those in `allow_networks`.
    """

    folders: tuple[str, ...] = ()
    feeds: tuple[FeedSettings, ...] = ()
    text_field: str = "text"
    id_field: str | None = None
    timeout_s: float = Field(10.0, gt=0)
    deadline_s: float = Field(60.0, gt=0)
    max_mb: float = Field(10.0, gt=0)
    delay_s: float = Field(1.0, ge=0)
    allow_networks: tuple[str, ...] = ()

    @field_validator("allow_networks")
    @classmethod
    def _are_networks(cls, networks: tuple[str, ...]) -> tuple[str, ...]:
        for network in networks:
            ip_network(network)
        return networks


class WatchSettings(_Settings):
    """Words that lift a story and are highlighted in it."""

    companies: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()


class DigestSettings(_Settings):
    """How the digest is put together, and where it is kept.

    `folder` has the state, the runs and the digests. `most_articles` is how many a night translates; what came in
    beyond them waits for the next one, and the digest says so. `when_empty`: "nothing" delivers nothing on a night
    without news, "line" a mail of one line. `attempts` is how many nights try an article that fails before it is given
    up. `keep_days` is how long runs and digests are kept; 0 keeps all.
    """

    folder: str = "nightly"
    title: str = "The French press"
    timezone: str = "Europe/Paris"
    sentences: int = Field(3, ge=1, le=10)
    most_stories: int = Field(40, ge=1)
    most_articles: int = Field(2_000, ge=1)
    when_empty: Literal["nothing", "line"] = "nothing"
    attempts: int = Field(3, ge=1)
    keep_days: int = Field(30, ge=0)

    @field_validator("timezone")
    @classmethod
    def _is_known(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (KeyError, ValueError, OSError) as error:
            raise ValueError(f"no time zone {name!r}; give a name like Europe/Paris") from error
        return name


class MailSettings(_Settings):
    """Delivery by SMTP; without a host there is none. User and password stand in the environment, never here.

    `security`: "starttls", "tls" from the first byte, or "none", which is refused for any host but this machine.
    """

    host: str | None = None
    port: int = Field(587, ge=1, le=65535)
    security: Literal["starttls", "tls", "none"] = "starttls"
    sender: Address = "depeche@localhost"
    to: tuple[Address, ...] = ()
    user_env: str = "DEPECHE_SMTP_USER"
    password_env: str = "DEPECHE_SMTP_PASSWORD"
    timeout_s: float = Field(30.0, gt=0)
    retries: int = Field(3, ge=0, le=10)
    retry_delay_s: float = Field(20.0, ge=0)
    ca_file: str | None = None
