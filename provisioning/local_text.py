"""A text in both languages of the product."""

from pydantic import BaseModel, ConfigDict


class LocalText(BaseModel):
    """A text in both languages of the product."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    en: str
    zh: str
