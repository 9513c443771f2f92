"""The commands; the only place that prints."""

import sys
from collections.abc import Sequence

import click

from corridor.cli.commands import EXPECTATION_FAILED, commands
from corridor.errors import CorridorError

__all__ = ["BAD_INPUT", "EXPECTATION_FAILED", "INTERRUPTED", "main"]

BAD_INPUT, INTERRUPTED = 2, 130


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; leave with 0, 1 where an expectation failed, 2 on bad input, 130 when interrupted."""
    try:
        status = commands.main(args=arguments, prog_name="corridor", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        status = BAD_INPUT
    except CorridorError as error:
        click.echo(error, err=True)
        status = BAD_INPUT
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted; earlier results are as they were", err=True)
        status = INTERRUPTED
    sys.exit(status if isinstance(status, int) else 0)
