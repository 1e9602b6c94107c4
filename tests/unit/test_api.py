"""`load`, `compile` and `run` from Python."""

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from unit.backend.fakes import FakeBackend, NoOptions, install
from unit.cli.conftest import DOCUMENT

import netspec
from netspec import api
from netspec.backend.choice import parse_backend
from netspec.backend.registry import BackendChoiceError, available
from netspec.errors import SpecError, UnsupportedFeature
from netspec.passes import pipeline
from netspec.results.nonfinite import NonFiniteError
from netspec.results.record import NonFinite
from netspec.results.results import NotRecordedError
from netspec.spec.network import Network


@pytest.fixture
def network() -> Network:
    return Network(**DOCUMENT)


def count_passes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return a list that the passes enter their names into."""
    passed: list[str] = []

    def counted(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any) -> Any:
            passed.append(name)
            return function(*arguments)

        return call

    for name in ("resolve", "lower", "verify", "realise"):
        monkeypatch.setattr(pipeline, name, counted(name, getattr(pipeline, name)))
    return passed


def test_everything_public_is_listed_before_it_is_imported() -> None:
    assert set(netspec.__all__) < set(dir(netspec))


def test_load_reads_what_was_saved(network: Network, tmp_path: Path) -> None:
    network.save(tmp_path / "small.json")
    assert api.load(tmp_path / "small.json").fingerprint() == network.fingerprint()


def test_check_returns_warnings(network: Network) -> None:
    assert network.check() == ()
    later = [{"at": "9 s", "set": {"exc.I_e": "1 pA"}}]
    (warning,) = network.replace({"timeline": later}).check()
    assert (warning.code, warning.severity) == ("after-the-end", "warning")


def test_check_raises_what_takes_the_whole_network_to_see() -> None:
    """An object by itself does not know which models there are."""
    changes = {"cells.lif.model": "leaky_iff", "populations.more": {"size": 1, "cell": "lif_2"}}
    network = Network(**DOCUMENT).replace(changes)
    with pytest.raises(SpecError) as caught:
        network.check()
    assert [each.code for each in caught.value.diagnostics] == ["unknown-model", "unknown-cell"]


def test_check_looks_at_memory(network: Network) -> None:
    with pytest.raises(SpecError, match="too-much-memory"):
        network.check(max_memory=1)
    with pytest.raises(SpecError, match="expected a number of bytes"):
        network.check(max_memory="16GB")


def test_metadata_says_what_was_run(network: Network, monkeypatch) -> None:
    install(monkeypatch, FakeBackend())
    results = network.run(backend="fake:threads=2", seed=5, duration="3 ms")
    known = results.metadata
    assert known["fingerprint"] == network.replace({"seed": 5, "duration": "3 ms"}).fingerprint()
    other = network.run().metadata
    assert known["model_fingerprint"] == other["model_fingerprint"]
    assert known["fingerprint"] != other["fingerprint"]
    assert (known["seed"], known["dt"], known["semantics"]) == (5, 0.0001, 1)
    assert (known["steps_asked"], known["steps_completed"], known["complete"]) == (30, 30, True)
    assert (known["backend"], known["backend_version"]) == ("fake", "1.0")
    assert known["backend_options"] == {"state_digest": True, "target": "fast", "threads": 2}
    assert list(known["wall_times"]) == ["check", "realise", "emit", "build", "simulate"]
    assert all(seconds >= 0 for seconds in known["wall_times"].values())
    json.dumps(known, allow_nan=False)


def test_progress_gets_done_and_asked(network: Network, monkeypatch) -> None:
    install(monkeypatch, FakeBackend())
    seen: list[tuple[int, int]] = []
    network.run(progress=lambda done, asked: seen.append((done, asked)))
    assert (seen[0], seen[-1]) == ((0, 200), (200, 200))


def test_compile_writes_and_runs(network: Network, monkeypatch, tmp_path: Path) -> None:
    install(monkeypatch, FakeBackend())
    compiled = api.compile(network, backend="fake")
    compiled.write(tmp_path / "program")
    assert (tmp_path / "program" / "main.txt").read_text() == "a program\n"
    assert compiled.run().digest() == compiled.run().digest()


def test_arguments_of_a_wrong_type_are_refused_as_wrong_values_are(network: Network) -> None:
    with pytest.raises(SpecError) as caught:
        api.run(
            network,
            backend=3,  # type: ignore[arg-type]
            threads=True,
            max_memory="16GB",  # type: ignore[arg-type]
            state_digest="no",  # type: ignore[arg-type]
        )
    assert str(caught.value) == (
        "error[wrong-type]: expected a text such as 'NAME:option=value', got 3\n  --> backend\n"
        "error[wrong-type]: expected a whole number, got true\n  --> threads\n"
        "error[wrong-type]: expected a number of bytes, got '16GB'\n  --> max_memory\n"
        "error[wrong-type]: expected True or False, got 'no'\n  --> state_digest"
    )
    for nothing in (0, -5, math.nan, math.inf):
        with pytest.raises(SpecError, match="there is no memory of"):
            api.run(network, max_memory=nothing)  # type: ignore[arg-type]
    assert api.check(network, max_memory=10**400) == ()
    with pytest.raises(SpecError, match="expected a function of two numbers, got false"):
        api.run(network, progress=False)  # type: ignore[arg-type]
    with pytest.raises(SpecError, match=r"expected a network, got 'small\.json'"):
        api.run("small.json")  # type: ignore[arg-type]


def test_edges_are_asked_for_with_arguments_of_the_right_types(network: Network) -> None:
    with pytest.raises(SpecError, match="expected the name of a projection, got 3"):
        api.edges(network, 3)  # type: ignore[arg-type]
    with pytest.raises(SpecError, match="expected a number of bytes, got '16GB'"):
        api.edges(network, "ext_exc", max_memory="16GB")  # type: ignore[arg-type]
    with pytest.raises(SpecError, match="there is no memory of -1 bytes"):
        api.edges(network, "ext_exc", max_memory=-1)
    with pytest.raises(SpecError, match="expected a network, got an object"):
        api.edges({}, "ext_exc")  # type: ignore[arg-type]


def test_problems_are_raised_all_at_once(network: Network) -> None:
    changes = {"projections.ext_exc.target": "exx", "projections.ext_exc.source": "exy"}
    with pytest.raises(SpecError) as caught:
        network.replace(changes).run()
    assert len(caught.value.diagnostics) == 2


def test_unlikely_values_are_warned_about(network: Network, monkeypatch) -> None:
    install(monkeypatch, FakeBackend())
    changes = {"projections.ext_exc.weight": "1.003 nS", "projections.ext_exc.weight_bits": 8}
    with pytest.warns(api.DescriptionWarning) as caught:
        network.replace({**changes, "inputs.ext.rate": "2 kHz"}).run()
    codes = [str(each.message).partition("]")[0] for each in caught]
    assert codes == ["warning[high-rate", "warning[weight-rounded"]


@pytest.mark.parametrize("call", [Network.run, api.run, api.compile])
def test_a_warning_points_at_the_line_of_the_caller(network: Network, monkeypatch, call) -> None:
    install(monkeypatch, FakeBackend())
    unlikely = network.replace({"inputs.ext.rate": "2 kHz"})
    with pytest.warns(api.DescriptionWarning) as caught:
        call(unlikely)
    assert caught[0].filename == __file__


def test_unsupported_is_found_before_realisation(network: Network, monkeypatch) -> None:
    def never(*_: object, **__: object) -> None:
        raise AssertionError("realised")

    monkeypatch.setattr(pipeline, "realise", never)
    install(monkeypatch, FakeBackend(missing=("poisson-source",)))
    with pytest.raises(UnsupportedFeature):
        network.run(backend="fake")


@pytest.mark.parametrize("backend", [None, "fake"])
def test_every_pass_is_gone_through_once(network: Network, monkeypatch, backend) -> None:
    install(monkeypatch, FakeBackend())
    passed = count_passes(monkeypatch)
    network.run(backend=backend)
    assert passed == ["resolve", "lower", "verify", "realise"]


def test_one_realisation_serves_several_backends(network: Network, monkeypatch) -> None:
    install(monkeypatch, FakeBackend("one"), FakeBackend("two"))
    passed = count_passes(monkeypatch)
    api.compile_all(network, [parse_backend("one"), parse_backend("two")])
    assert passed == ["resolve", "lower", "verify", "realise"]


def test_threads_are_refused_by_backends_without(network: Network, monkeypatch) -> None:
    install(monkeypatch, FakeBackend(options=NoOptions))
    network.run(threads=1)
    with pytest.raises(BackendChoiceError):
        network.run(threads=2)


def test_state_digests_can_be_left_out(network: Network) -> None:
    short = network.replace({"duration": "1 ms"})
    for name in (name for name, backend in available().items() if backend.version()):
        results = short.run(backend=name, state_digest=False)
        assert results.metadata["backend_options"]["state_digest"] is False
        assert results.digest() == short.run(backend=name).digest()
        with pytest.raises(NotRecordedError, match=r"no state digest was taken .* leave it out"):
            results.state_digest()


def test_a_non_finite_run_raises_with_results(network: Network, monkeypatch) -> None:
    end = NonFinite(7, "exc", 3, "V")
    install(monkeypatch, FakeBackend(steps=lambda _control, _steps: (7, end)))
    with pytest.raises(NonFiniteError) as caught:
        network.run()
    results = caught.value.results
    assert (results.outcome, results.complete, results.steps) == (end, False, 7)
