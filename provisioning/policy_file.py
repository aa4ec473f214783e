"""policy.toml: what people edit to decide what agents may see of a customer.

Stricter than `DataPolicy` itself: a mistyped key is a mistake that should be heard of, and so is a rule that says more
than `DataPolicy.decide` would ever let through.
"""

import tomllib
from collections.abc import Iterator
from pathlib import Path

from pydantic import ValidationError

from provisioning.data_policy import Access, DataPolicy, FieldRule
from provisioning.trust import DataClass

FILE_NAME = "policy.toml"
MASK_NAMES = frozenset(
    {
        "account",
        "address",
        "amount",
        "birth-date",
        "card-number",
        "covered",
        "email",
        "id-card",
        "name",
        "passport",
        "phone",
        "plate",
    }
)
"""The masks that the server has."""


class BadPolicyFile(Exception):
    """policy.toml cannot be used; the text says where and why."""


def read(path: Path) -> DataPolicy:
    """Read a policy.

    Raises:
        BadPolicyFile: it is missing, not TOML, or says something that makes no sense.
    """
    try:
        return parse(path.read_text(encoding="utf-8"), str(path))
    except OSError as error:
        raise BadPolicyFile(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise BadPolicyFile(f"{path} is not TOML: {error}") from error


def parse(text: str, where: str) -> DataPolicy:
    """Read a policy from its text; `where` is what an error calls it.

    Raises:
        BadPolicyFile: as `read`.
    """
    try:
        tables = tomllib.loads(text)
        policy = DataPolicy.model_validate(tables, extra="forbid")
    except tomllib.TOMLDecodeError as error:
        raise BadPolicyFile(f"{where} is not TOML: {error}") from error
    except ValidationError as error:
        faults = [
            f"{_place(tables, fault['loc'])}: {fault['msg'].removeprefix('Value error, ')}"
            for fault in error.errors(include_url=False, include_input=False)
        ]
        raise BadPolicyFile(f"{where}: {'; '.join(faults)}") from error
    if said := list(_faults(policy)):
        raise BadPolicyFile(f"{where}: {'; '.join(said)}")
    if "version" not in tables:
        raise BadPolicyFile(f"{where}: version: write which version this is, beginning with 1")
    return policy


def check_follows(new: DataPolicy, published: DataPolicy) -> None:
    """Let no policy be published under a version that means another one.

    Raises:
        BadPolicyFile: it says something else than the published one, and its version is not higher; or it is lower.
    """
    same = new.model_copy(update={"version": published.version}) == published
    if new.version < published.version or (new.version == published.version and not same):
        raise BadPolicyFile(
            f"the policy says something new, and version {published.version} is published already; "
            f"write version = {published.version + 1} into {FILE_NAME}"
            if not same
            else f"version {published.version} of the policy is published already; a lower one cannot follow it"
        )


def _place(tables: object, location: tuple[int | str, ...]) -> str:
    """Say where in the file something is: fields and reasons by their names, because nobody counts tables."""
    words = []
    for part in location:
        try:
            tables = tables[part]  # type: ignore[index]
        except (KeyError, IndexError, TypeError):
            tables = None
        name = tables.get("name", tables.get("id")) if isinstance(tables, dict) else None
        words.append(str(name) if isinstance(part, int) and isinstance(name, str) else str(part))
    return ".".join(words)


def _faults(policy: DataPolicy) -> Iterator[str]:
    for rule in policy.fields:
        where = f"fields.{rule.name}"
        if rule.mask not in MASK_NAMES:
            yield f"{where}.mask: there is no mask {rule.mask}; there are {', '.join(sorted(MASK_NAMES))}"
        for work_type, access in rule.work.items():
            if why := _too_much(rule, access):
                yield f"{where}.work.{work_type}: {why}"
    revealable = (rule.name for rule in policy.fields if Access.REVEALABLE in rule.work.values())
    if not policy.reasons and not policy.typed_reason and (name := next(revealable, None)):
        yield f"reasons: {name} can be revealed, but there is no reason to choose and none may be typed"


def _too_much(rule: FieldRule, access: Access) -> str:
    if rule.data_class is DataClass.C3 and access is not Access.ABSENT:
        return "C3 is never shown in any form; take this out"
    if rule.data_class is DataClass.C2 and access is Access.CLEAR:
        return "C2 is revealable at most"
    if rule.data_class is DataClass.C1 and access is Access.REVEALABLE:
        return "C1 needs no reveal; write masked or clear"
    return ""
