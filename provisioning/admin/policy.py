"""hearthline-admin policy: what agents may see of a customer, and why."""

from pathlib import Path
from typing import Annotated

import typer

from provisioning import policy_file
from provisioning.admin.common import LEVELS, AsJson, level, say, say_json, table
from provisioning.data_policy import Access, CallState, Clearance, Context, DataPolicy, Decision, word
from provisioning.organisation import Organisation, OrganisationError
from provisioning.policy_review import changes, lease_words
from provisioning.trust import TrustLevel, WorkType

app = typer.Typer(help="What agents may see of a customer, and why.", no_args_is_help=True)

_Directory = Annotated[
    Path | None,
    typer.Option("--dir", help="The organisation's directory.", envvar="HEARTHLINE_ORGANISATION", show_default=False),
]


@app.command()
def check(
    file: Annotated[Path | None, typer.Argument(help="The file; without it, the organisation's.")] = None,
    directory: _Directory = None,
) -> None:
    """Say whether a policy makes sense and can be published. Exits with 1 when not."""
    policy = _policy(file, directory)
    fields, reasons = len(policy.fields), len(policy.reasons)
    if directory is not None:
        policy_file.check_follows(policy, _organisation(directory).manifest.data)
    say(f"Version {policy.version} is right: {fields} fields, {reasons} reasons.")


@app.command()
def explain(
    *,
    field: Annotated[str, typer.Option(help="One field, with every limit; without it, a table of all.")] = "",
    work: Annotated[WorkType, typer.Option(help="The kind of work.")] = WorkType.SERVICE,
    trust: Annotated[int, typer.Option(min=0, max=3, help="How far the PC is trusted, T0 to T3.")] = 2,
    clearance: Annotated[
        Clearance, typer.Option(parser=level, metavar=LEVELS, show_default="standard", help="The person's clearance.")
    ] = Clearance.STANDARD,
    call: Annotated[CallState, typer.Option(help="How far the call is.")] = CallState.CONNECTED,
    file: Annotated[Path | None, typer.Option(help="A file; without it, the organisation's.")] = None,
    published: Annotated[bool, typer.Option("--published", help="What holds now, not what the file says.")] = False,
    directory: _Directory = None,
    as_json: AsJson = False,
) -> None:
    """Say what may be seen of a customer, and which limit decided."""
    if published and file is not None:
        raise typer.BadParameter("give --file or --published, not both")
    policy = _organisation(directory).manifest.data if published else _policy(file, directory)
    context = Context(TrustLevel(trust), clearance, work, call)
    if field and field not in {rule.name for rule in policy.fields}:
        names = ", ".join(rule.name for rule in policy.fields)
        raise typer.BadParameter(f"the policy has no field {field}; it has {names}", param_hint="--field")
    decisions = [policy.decide(rule.name, context) for rule in policy.fields if field in {"", rule.name}]
    if as_json:
        say_json({"policy": policy.version, "context": _context_body(context), "fields": list(map(_body, decisions))})
    elif field:
        say(_explained(decisions[0]))
    else:
        rows = [
            (found.field, str(found.data_class), word(found.access), "; ".join(found.because)) for found in decisions
        ]
        say(table(("field", "class", "access", "because of"), rows))


@app.command()
def diff(
    old: Annotated[Path | None, typer.Argument(help="The policy before; without it, what is published.")] = None,
    new: Annotated[Path | None, typer.Argument(help="The policy after; without it, the organisation's file.")] = None,
    directory: _Directory = None,
    as_json: AsJson = False,
) -> None:
    """Say what changes in what can be seen. Lines with + let more be seen than before; they come first."""
    before = policy_file.read(old) if old is not None else _organisation(directory).manifest.data
    after = _policy(new, directory)
    found = changes(before, after)
    if as_json:
        say_json({"changes": [{"field": one.field, "wider": one.wider, "words": one.words} for one in found]})
        return
    for change in found:
        say(f"{'+' if change.wider else '-'} {change.field}: {change.words}")
    if not found:
        say("Nothing changes in what can be seen.")


def _organisation(directory: Path | None) -> Organisation:
    """Return the organisation; reading its policy needs none of its private keys, and so no passphrase."""
    if directory is None:
        raise typer.BadParameter("give a file, or --dir and the organisation's directory")
    if not (directory / "manifest.jws").exists():
        raise OrganisationError(f"there is no organisation in {directory}")
    return Organisation(directory)


def _policy(file: Path | None, directory: Path | None) -> DataPolicy:
    return policy_file.read(file) if file is not None else _organisation(directory).policy


def _explained(found: Decision) -> str:
    lines = [f"{found.field} ({found.data_class}, mask {found.mask}) is {word(found.access)}.", "The limits:"]
    width = max(len(why) for why, _ in found.limits)
    for why, most in found.limits:
        at_most = "no limit" if most is Access.CLEAR else "absent" if most is Access.ABSENT else f"at most {word(most)}"
        lines.append(f"  {why.ljust(width)}  {at_most}{'  (this decides)' if why in found.because else ''}")
    if found.lease is not None:
        lines.append(f"A reveal: {lease_words(found.lease)}.")
    return "\n".join(lines)


def _context_body(context: Context) -> dict[str, object]:
    return {
        "trust": int(context.trust),
        "clearance": word(context.clearance),
        "work": str(context.work_type),
        "call": str(context.call_state),
    }


def _body(found: Decision) -> dict[str, object]:
    return {
        "field": found.field,
        "data_class": str(found.data_class),
        "mask": found.mask,
        "access": word(found.access),
        "limits": [{"why": why, "at_most": word(most), "decides": why in found.because} for why, most in found.limits],
        "lease": found.lease.model_dump() if found.lease is not None else None,
    }
