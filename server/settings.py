"""What a server is told at its start: by options, by environment (HEARTHLINE_...), or by a TOML file."""

from datetime import timedelta
from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource


class Settings(BaseSettings):
    """Options beat the environment, which beats the file."""

    model_config = SettingsConfigDict(env_prefix="HEARTHLINE_", extra="forbid", frozen=True)

    organisation: Path
    """The organisation's directory, made by hearthline-admin init."""
    organisation_passphrase: SecretStr | None = None
    """Opens its private keys, where they are encrypted. From the environment or the file, never an option."""
    database: str = Field(default="", repr=False)
    """sqlite:///FILE or postgresql://...; a file in the organisation's directory unless told. May hold a password."""
    host: str = "127.0.0.1"
    port: int = Field(default=8443, ge=0, le=65535)

    session_hours: int = Field(default=12, ge=1, le=24)
    """A session ends after this long, whatever happens."""
    idle_minutes: int = Field(default=30, ge=1, le=24 * 60)
    """A session without a request and without an open socket ends after this long."""
    wrap_up_minutes: int = Field(default=30, ge=1, le=24 * 60)
    """How long after a call its customer may still be seen, unless the wrap-up comes first."""
    call_hours: int = Field(default=4, ge=1, le=24)
    """A call whose end was never reported is taken to have ended after this long."""

    payment_url: str = ""
    """Where cards that customers key in are sent: https://...; without it nobody can key one in."""
    payment_ca: Path | None = None
    """Who signs the payment service's certificate; the machine's own authorities unless told."""
    payment_certificate: Path | None = None
    """A client certificate for it, with `payment_key`; or `payment_token`."""
    payment_key: Path | None = None
    payment_token: SecretStr | None = None
    """A bearer token for it. From the environment or the file, never an option."""
    digits_idle_seconds: float = Field(default=60, gt=0, le=600)
    """How long a customer may take for the next key."""
    digits_seconds: float = Field(default=300, gt=0, le=3600)
    """How long a customer may take for the whole card."""
    digits_quiet_seconds: float = Field(default=5, ge=0, le=60)
    """After the end, tones stay away from the desk until the customer pressed no key for so long."""

    @property
    def database_url(self) -> str:
        """The database, with the default filled in."""
        return self.database or f"sqlite:///{self.organisation / 'hearthline.db'}"

    @property
    def session_life(self) -> timedelta:
        """`session_hours` as a duration."""
        return timedelta(hours=self.session_hours)

    @property
    def idle_life(self) -> timedelta:
        """`idle_minutes` as a duration."""
        return timedelta(minutes=self.idle_minutes)

    @property
    def wrap_up_life(self) -> timedelta:
        """`wrap_up_minutes` as a duration."""
        return timedelta(minutes=self.wrap_up_minutes)

    @property
    def call_life(self) -> timedelta:
        """`call_hours` as a duration."""
        return timedelta(hours=self.call_hours)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Put the TOML file last; see `read_settings`."""
        file = settings_cls.model_config.get("toml_file")
        toml = (TomlConfigSettingsSource(settings_cls, file),) if file else ()
        return init_settings, env_settings, *toml


def read_settings(config: Path | None, **options: object) -> Settings:
    """Read the settings, with the options that were given (None means not given).

    Raises:
        pydantic.ValidationError: a setting is missing or makes no sense.
    """
    given = {name: value for name, value in options.items() if value is not None}

    class _WithFile(Settings):
        model_config = SettingsConfigDict(toml_file=config)

    return (_WithFile if config else Settings)(**given)  # type: ignore[arg-type]
