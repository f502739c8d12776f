"""Sources of small plugins for the tests."""

EXPERIMENT = '''
import dllab


class {title}Params(dllab.Params):
    size: int = dllab.param(8, ge=1, le=64, unit="px", help="height")


@dllab.experiment("{name}", topic="{topic}")
def experiment(run, params: {title}Params):
    """{summary}"""


@dllab.hookimpl
def dllab_experiments():
    return [experiment]
'''


def experiment_source(name: str, topic: str = "testing", summary: str = "Nothing much.") -> str:
    """The source of a plugin with one experiment that does nothing."""
    return EXPERIMENT.format(name=name, title=name.title().replace("-", ""), topic=topic, summary=summary)
