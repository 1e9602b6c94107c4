"""The pytest plugin: one test for each description and backend, against the golden file.

It is loaded whenever pytest starts in an environment that has netspec, so it imports nothing that
takes time before there is a description to test.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from _pytest._code.code import ExceptionInfo, TerminalRepr
    from _pytest.terminal import TerminalReporter

    from netspec.golden.subject import Subject
    from netspec.results.results import Results

SUFFIXES = (".netspec.json", ".netspec.yaml", ".netspec.yml")
"""Of the names of descriptions that are tested without being asked for."""

GOLDEN_SUFFIX = ".golden.json"
"""That of `netspec.golden.file`, which takes time to import."""

_MODELS = pytest.StashKey[frozenset[Path]]()
_SUBJECT = pytest.StashKey["Subject"]()
_PROPERTY = "netspec-golden"


class FailedCheck(Exception):  # noqa: N818 - pytest shows the name
    """A description does not do what its golden file says, or cannot be tested."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the options."""
    group = parser.getgroup("netspec", "networks described with netspec")
    group.addoption(
        "--netspec-backends",
        metavar="A,B",
        help="backends instead of those that golden files name: NAME or NAME:option=value,…",
    )
    group.addoption(
        "--netspec-update-golden",
        action="store_true",
        help="write golden files anew instead of testing against them",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Find the models that `pyproject.toml` names, and test them even outside of `testpaths`."""
    config.stash[_MODELS] = models = _models(config.rootpath)
    _require_backends(_asked(config))
    if config.args_source is config.ArgsSource.TESTPATHS:
        folders = [config.rootpath / each for each in config.args]
        beside = (m for m in models if not any(m.is_relative_to(each) for each in folders))
        config.args += sorted(map(str, beside))


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> Description | None:
    """Take descriptions for tests."""
    if file_path.name.endswith(GOLDEN_SUFFIX):
        return None
    if file_path.name.endswith(SUFFIXES) or file_path in parent.config.stash[_MODELS]:
        return Description.from_parent(parent, path=file_path)
    return None


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that asks for `netspec_backend` once on each of the backends."""
    if "netspec_backend" in metafunc.fixturenames:
        names = _asked(metafunc.config) or _fast_backends()
        metafunc.parametrize("netspec_backend", names, indirect=True)


@pytest.fixture
def netspec_backend(request: pytest.FixtureRequest) -> str:
    """Backend to run on: those of `--netspec-backends`, or all that are made to be fast."""
    name: str = request.param
    return name


@pytest.fixture
def assert_identical_spikes() -> Callable[[Results, Results], None]:
    """Return a function that fails where the spikes of two runs differ, and says where first."""
    from netspec.results.spike_differences import spike_differences

    def check(results_a: Results, results_b: Results) -> None:
        __tracebackhide__ = True
        if found := spike_differences(results_a, results_b):
            pytest.fail("\n".join(found), pytrace=False)

    return check


class Description(pytest.File):
    """A description; holds a test for each backend."""

    def collect(self) -> Iterator[pytest.Item]:
        """Yield the tests; one that fails where there is no golden file."""
        if self.config.getoption("netspec_update_golden"):
            yield self._test(UpdateGolden, "golden")
            return
        from netspec.errors import SpecError
        from netspec.golden.verify import golden_of_document

        try:
            named = golden_of_document(str(self.path)).backends
        except (OSError, SpecError):
            yield self._test(GoldenFile, "golden")
            return
        for backend in _asked(self.config) or named:
            yield self._test(OnBackend, backend)

    def _test(self, kind: type[DescriptionTest], name: str) -> DescriptionTest:
        item: DescriptionTest = kind.from_parent(self, name=name)
        if self.config.pluginmanager.hasplugin("xdist"):
            # All tests of a description in one process, which realises the network once.
            item.add_marker(pytest.mark.xdist_group(self.nodeid))
        return item


class DescriptionTest(pytest.Item):
    """A test of a description."""

    @property
    def document(self) -> str:
        """The file, as a user would name it."""
        relative = self.path.is_relative_to(Path.cwd())
        return str(self.path.relative_to(Path.cwd()) if relative else self.path)

    def subject(self, backends: tuple[str, ...]) -> Subject:
        """Return the description, to run on these backends; kept until another one is tested."""
        from netspec.golden.subject import Subject

        kept = self.config.stash.get(_SUBJECT, None)
        if kept is None or kept.document != self.document:
            self.config.stash[_SUBJECT] = kept = Subject(self.document, backends)
        return kept

    def repr_failure(
        self, excinfo: ExceptionInfo[BaseException], style: Any = None
    ) -> str | TerminalRepr:
        """Return in words what failed; the lines of netspec that found it mean little to a user."""
        from netspec.errors import InternalError, NetspecError

        error = excinfo.value
        known = isinstance(error, (NetspecError, OSError, FailedCheck))
        if known and not isinstance(error, InternalError):
            return str(error)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, None, str]:
        """Return where the test is, and what it is called."""
        return self.path, None, f"{self.path.name}: {self.name}"


class OnBackend(DescriptionTest):
    """Spikes and state on a backend are those of the golden file."""

    def runtest(self) -> None:
        """Run the description."""
        from netspec.golden.verify import examine, explained, golden_of_document

        golden = golden_of_document(self.document)
        subject = self.subject(_asked(self.config) or golden.backends)
        found = examine(subject, golden, self.name)
        if not found.fine:
            lines = explained(found, subject, golden).lines
            title = f"{self.document} on {self.name}: {found.verdict}"
            raise FailedCheck("\n  ".join((title, *lines)))


class GoldenFile(DescriptionTest):
    """There is a golden file, and it can be read."""

    def runtest(self) -> None:
        """Say what is wrong with it."""
        from netspec.golden.verify import golden_of_document

        golden_of_document(self.document)


class UpdateGolden(DescriptionTest):
    """The golden file is written."""

    def runtest(self) -> None:
        """Write it."""
        from netspec.golden.file import path_of
        from netspec.golden.make import make_document, refuse_shared
        from netspec.golden.subject import Job

        golden = path_of(self.path)
        updated = (each for each in self.session.items if isinstance(each, UpdateGolden))
        refuse_shared(each.document for each in updated if path_of(each.path) == golden)
        made = make_document(Job(self.document, _asked(self.config)), update=True)
        said = "\n  ".join((f"{made.path}: {made.action}", *made.lines))
        if not made.fine:
            raise FailedCheck(said)
        self.user_properties.append((_PROPERTY, said))


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    """Say which golden files were written, and what changed in them."""
    reports = terminalreporter.getreports("passed")
    lines = [value for each in reports for name, value in each.user_properties if name == _PROPERTY]
    if lines:
        terminalreporter.section("golden files of netspec")
        for line in sorted(map(str, lines)):
            terminalreporter.write_line(line)


def _asked(config: pytest.Config) -> tuple[str, ...]:
    """Return the backends of `--netspec-backends`; none if it was not given."""
    text = config.getoption("netspec_backends")
    if text is None:
        return ()
    from netspec.backend.choice import split_backends

    return split_backends(text)


def _require_backends(names: tuple[str, ...]) -> None:
    if not names:
        return
    from netspec.errors import NetspecError
    from netspec.golden.subject import choice_of

    for name in names:
        try:
            choice_of(name)
        except NetspecError as error:
            raise pytest.UsageError(f"--netspec-backends: {error}") from None


def _fast_backends() -> tuple[str, ...]:
    """Return the installed backends but those that are slow on purpose."""
    from netspec.backend.registry import usable

    return tuple(each.name for each in usable() if each.capabilities.most_neuron_steps is None)


def _models(root: Path) -> frozenset[Path]:
    """Return the descriptions that `[tool.netspec]` of `pyproject.toml` names.

    Raises:
        UsageError: It is wrong there, or names what does not exist.
    """
    file = root / "pyproject.toml"
    if not file.is_file():
        return frozenset()
    import tomllib

    try:
        table = tomllib.loads(file.read_text(encoding="utf-8")).get("tool", {}).get("netspec", {})
    except (OSError, ValueError):
        return frozenset()  # pytest, which reads the file as well, says what is wrong with it
    if not isinstance(table, dict):
        raise pytest.UsageError(f"{file}: [tool.netspec] is to be a table, with 'models'")
    if unknown := sorted(table.keys() - {"models"}):
        raise pytest.UsageError(f"{file}: [tool.netspec] has no '{unknown[0]}', only 'models'")
    patterns = table.get("models", [])
    if not isinstance(patterns, list) or not all(isinstance(each, str) for each in patterns):
        raise pytest.UsageError(f"{file}: models of [tool.netspec] is to be a list of texts")
    found: set[Path] = set()
    for pattern in patterns:
        matched = {each for each in _matching(root, pattern, file) if each.is_file()}
        matched = {each for each in matched if not each.name.endswith(GOLDEN_SUFFIX)}
        if not matched:
            raise pytest.UsageError(f"{file}: models of [tool.netspec]: no file is '{pattern}'")
        found |= matched
    return frozenset(found)


def _matching(root: Path, pattern: str, file: Path) -> list[Path]:
    if not Path(pattern).parts:  # '.', for which glob has no words
        return []
    try:
        # Without `..`, as pytest calls what it collects.
        found = [Path(os.path.normpath(each)) for each in root.glob(pattern)]
    except (OSError, ValueError, NotImplementedError) as error:
        message = f"{file}: models of [tool.netspec]: '{pattern}': {error}"
        raise pytest.UsageError(message) from None
    if not all(each.is_relative_to(root) for each in found):
        message = f"{file}: models of [tool.netspec]: '{pattern}' leads out of the project"
        raise pytest.UsageError(message)
    return found
