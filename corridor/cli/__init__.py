"""The commands; the only place that prints."""

import os
import sys
from collections.abc import Sequence

import click

from corridor.cli.commands import commands
from corridor.errors import CorridorError

__all__ = ["BAD_INPUT", "EXPECTATION_FAILED", "main"]

EXPECTATION_FAILED, BAD_INPUT, INTERRUPTED = 1, 2, 130


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; leave with 0, 1 where an expectation failed, 2 on bad input, 130 when interrupted."""
    try:
        status = commands.main(args=arguments, prog_name="corridor", standalone_mode=False)
        sys.stdout.flush()
    except click.ClickException as error:
        error.show()
        status = BAD_INPUT
    except CorridorError as error:
        click.echo(error, err=True)
        status = BAD_INPUT
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted; earlier results are as they were", err=True)
        status = INTERRUPTED
    except BrokenPipeError:
        # Whoever read the output has enough; keep the interpreter from complaining when it flushes at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = 0
    sys.exit(status if isinstance(status, int) else 0)
