"""`demarche run` and `demarche once`."""

import click

from extractors.errors import ExtractionError
from monitor.app import open_monitor
from monitor.cli.common import FAILED, config_options, console, fail, read_config
from monitor.clock import wall_clock
from monitor.config import Config
from monitor.daemon import Daemon, run_until_stopped
from monitor.logs import set_up_logs
from monitor.pipeline import deliver, poll, read, tag
from monitor.polling import prepare
from storage.store import Store

JOBS = {"poll": poll, "read": read, "tag": tag, "deliver": deliver}
# Ends that an operator should look into; all others are the ordinary way of things.
ALARMING = ("failed", "chain-failed", "dead")


@click.command()
@config_options
def run(config: str, database: str | None) -> None:
    """Run the daemon: poll, read, tag, store and alert until stopped.

    SIGTERM and SIGINT stop it in order; SIGHUP reads the configuration again. A new database is made where there is
    none; one of another version is left alone (see `demarche db upgrade`).
    """

    def load() -> Config:
        read = read_config(config, database)
        _log_as(read)
        return read

    read_first = load()
    try:
        with Store.open(read_first.database) as store:
            run_until_stopped(Daemon(read_first, store), load)
    except ExtractionError as error:
        fail(str(error))


@click.command()
@click.option("--only", type=click.Choice(list(JOBS)), help="This one of the four jobs.")
@config_options
def once(only: str | None, config: str, database: str | None) -> None:
    """Do one pass of all that is due, then exit.

    Status 0, or 1 when something needs an operator: a feed that failed, a text the chain failed on, a message that
    was given up.
    """
    configured = read_config(config, database)
    _log_as(configured)
    jobs = {only: JOBS[only]} if only else JOBS
    alarming = False
    with Store.open(configured.database) as store:
        prepare(configured, store, wall_clock)
        with open_monitor(configured, store) as monitor:
            for name, job in jobs.items():
                ends = job(monitor)
                console().print(f"{name}: {', '.join(f'{n} {end}' for end, n in ends.items() if n) or 'nothing due'}")
                alarming = alarming or any(ends[end] for end in ALARMING)
    if alarming:
        raise click.exceptions.Exit(FAILED)


def _log_as(configured: Config) -> None:
    set_up_logs(configured.logging.level, as_json=configured.logging.format == "json")
