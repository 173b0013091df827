"""`etcd-cluster COMMAND [--stack NAME]`."""

from __future__ import annotations

import signal
import sys
from io import TextIOWrapper
from typing import Annotated, NoReturn

import typer

from ops.commands.project import FOLDER, engine_for, stack_file
from ops.engine.pulumi import EngineError
from ops.errors import OperationError
from ops.screen.terminal import complain
from ops.stack import stackfile

NAME = "etcd-cluster"

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)

Stack = Annotated[str, typer.Option(help="The stack: stacks/Pulumi.NAME.yaml.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]


@app.command()
def up(stack: Stack = "dev") -> None:
    """Bring the cluster to what the stack file says."""
    from ops.commands.up import up as bring_up  # noqa: PLC0415 -- each command loads only what it needs

    bring_up(engine_for(stack))


@app.command()
def preview(stack: Stack = "dev") -> None:
    """Say what `up` would change."""
    from ops.commands.preview import preview as say_plan  # noqa: PLC0415

    say_plan(engine_for(stack))


@app.command()
def status(stack: Stack = "dev", as_json: AsJson = False) -> None:  # noqa: FBT002
    """Show each member as it is now; exit code 1 unless all are healthy."""
    from ops.commands.status import status as show_members  # noqa: PLC0415

    if not show_members(engine_for(stack), as_json=as_json):
        raise typer.Exit(1)


@app.command()
def down(stack: Stack = "dev", yes: Yes = False) -> None:  # noqa: FBT002
    """Stop the cluster; a throw-away stack is removed with everything in it."""
    from ops.commands.down import down as take_down  # noqa: PLC0415

    engine = engine_for(stack)
    if not yes and not stackfile.read(FOLDER, stack).throwaway:
        typer.confirm(f"stop every member of {stack}? Their data is kept", abort=True)
    take_down(engine)


@app.command()
def host_keys(
    nodes: Annotated[list[str] | None, typer.Argument(help="Default: every node.")] = None,
    stack: Stack = "dev",
) -> None:
    """Fetch and print the host keys of the stack's machines, for review; writes nothing."""
    from ops.commands.check import judge_file  # noqa: PLC0415
    from ops.commands.host_keys import host_keys as show_keys  # noqa: PLC0415

    file = stackfile.read(engine_for(stack).project, stack)
    if not show_keys(file.cluster, nodes or [], judge_file(file.path).refused):
        raise typer.Exit(1)


@app.command()
def check(
    stack: Annotated[str | None, typer.Option(help="Default: every one in stacks/.")] = None,
) -> None:
    """Check stack files, with no engine: schema, spec, warnings; exit code 1 if one is refused."""
    from ops.commands.check import check as check_files  # noqa: PLC0415

    if not check_files(FOLDER, [stack_file(stack)] if stack else stackfile.paths(FOLDER)):
        raise typer.Exit(1)


def main() -> None:
    # So that what has to be cleaned up is cleaned up.
    signal.signal(signal.SIGTERM, _end)
    # A name in a stack file, or of one, may hold what the terminal cannot show.
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        app(prog_name=NAME)
    except (OperationError, EngineError) as failure:
        complain(str(failure))
        sys.exit(1)


def _end(number: int, _frame: object) -> NoReturn:
    sys.exit(128 + number)
