"""`migration …`: the yearly workflow as a group of commands, which are loaded when one of them is asked for."""

import click


class _Loaded(click.Group):
    """Lists its commands in the order of the work; their module is imported at the first look at them."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  (click's signature)
        """The names of the commands."""
        return list(self._steps())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command of a name, if there is one."""
        return self._steps().get(cmd_name)

    def _steps(self) -> dict[str, click.Command]:
        from rosterdiff.cli.migrating_steps import STEPS

        return STEPS


@click.group(cls=_Loaded, short_help="Go through a school's year: uploads over weeks, plan, review, apply.")
def migration() -> None:
    """Collect the uploads of a school over weeks, plan, acknowledge, decide and apply, by several people.

    All of it is kept in the database of the store. A bulk upload (--bulk) goes the same way, and deletes nobody.
    """
