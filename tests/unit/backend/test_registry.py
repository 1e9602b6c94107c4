"""Installed backends: found by entry point, imported one by one, chosen by text or by rank."""

import pytest
from unit.backend.fakes import (
    MISSING,
    FakeBackend,
    FakeOptions,
    NoOptions,
    PickyBackend,
    install,
    point,
)
from unit.results import fakes

from netspec.backend.choice import fastest_backend, parse_backend, split_backends, with_threads
from netspec.backend.registry import BackendChoiceError, available, get
from netspec.backend.require import require
from netspec.errors import BackendError, UnsupportedFeature

NETWORK = fakes.network()  # a Poisson source, integer state, state recording


def test_backends_are_sorted_and_imported_when_looked_up(monkeypatch) -> None:
    broken = point("broken", ImportError("no module named 'x'"))
    install(monkeypatch, FakeBackend("zeta"), broken, FakeBackend("alpha"))
    found = available()
    assert list(found) == ["alpha", "broken", "zeta"]
    assert "broken" in found
    assert found["zeta"].name == "zeta"
    with pytest.raises(BackendError, match=r"'broken' of 'netspec-fake' cannot be imported: .*'x'"):
        found["broken"]


def test_two_claimants_are_an_error_that_names_both(monkeypatch) -> None:
    install(monkeypatch, point("fake", None, "one-snn"), point("fake", None, "another-snn"))
    with pytest.raises(BackendError, match="named 'fake': 'another-snn' and 'one-snn'"):
        available()


def test_a_backend_under_another_name_is_refused(monkeypatch) -> None:
    install(monkeypatch, point("fake", FakeBackend("other")))
    with pytest.raises(BackendError, match="as backend 'fake', but its name is 'other'"):
        get("fake")


def test_an_unknown_name_gets_the_nearest(monkeypatch) -> None:
    install(monkeypatch, FakeBackend("simple"), FakeBackend("other"))
    with pytest.raises(BackendChoiceError) as caught:
        get("simpel")
    assert str(caught.value) == (
        "error[unknown-backend]: no backend named 'simpel' is installed\n"
        "  note: installed backends: 'other', 'simple'\n"
        "  hint: did you mean 'simple'?"
    )


def test_no_backend_at_all(monkeypatch) -> None:
    install(monkeypatch)
    with pytest.raises(BackendChoiceError, match="installed backends: none"):
        get("fake")
    with pytest.raises(BackendError, match="no backend is installed"):
        fastest_backend(NETWORK)


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ("fake", FakeOptions()),
        ("fake:threads=2", FakeOptions(threads=2)),
        ("fake:target=slow,threads=2", FakeOptions(target="slow", threads=2)),
        (" fake : target = slow ", FakeOptions(target="slow")),
    ],
)
def test_options_are_typed(monkeypatch, text: str, options: FakeOptions) -> None:
    install(monkeypatch, FakeBackend())
    assert parse_backend(text)[1] == options


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("fake:thread=2", "backend 'fake' has no option 'thread'"),
        ("fake:thread=2", "did you mean 'threads'?"),
        ("fake:thread=2", "options of 'fake': 'state_digest', 'target', 'threads'"),
        (
            "fake:threads=two",
            "option 'threads' of backend 'fake': expected a whole number, got 'two'",
        ),
        (
            "fake:state_digest=perhaps",
            "option 'state_digest' of backend 'fake': expected true or false, got 'perhaps'",
        ),
        ("fake:threads", "expected 'option=value' after 'fake:', got 'threads'"),
        ("fake:", "expected 'option=value' after 'fake:', got ''"),
        ("fake:threads=1,threads=2", "option 'threads' of backend 'fake' is given twice"),
        ("", "no backend named ''"),
        ("\x1b[31m", r"no backend named '\x1b[31m'"),
        ("x" * 100_000, f"no backend named '{'x' * 30} … {'x' * 15}'"),
    ],
)
def test_wrong_options_are_explained(monkeypatch, text: str, message: str) -> None:
    install(monkeypatch, FakeBackend())
    with pytest.raises(BackendChoiceError) as caught:
        parse_backend(text)
    assert message in str(caught.value)


def test_threads_go_to_backends_that_have_them(monkeypatch) -> None:
    threaded, single = FakeBackend(), FakeBackend("single", NoOptions)
    install(monkeypatch, threaded, single)
    options = with_threads(threaded, FakeOptions(target="slow"), 4)
    assert options == FakeOptions(target="slow", threads=4)
    assert with_threads(threaded, FakeOptions(threads=2), 2) == FakeOptions(threads=2)
    assert with_threads(single, NoOptions(), 1) == NoOptions()
    with pytest.raises(BackendChoiceError, match="'single' runs on one thread, got threads=2"):
        with_threads(single, NoOptions(), 2)
    with pytest.raises(BackendChoiceError, match="say threads=2, got threads=4"):
        with_threads(threaded, FakeOptions(threads=2), 4)


def test_faster_backends_that_would_take_threads_say_what_is_missing(monkeypatch) -> None:
    single = FakeBackend("single", NoOptions, rank=1)
    install(
        monkeypatch,
        single,
        FakeBackend("absent", rank=2, simulator=None),
        point("broken", ImportError("x")),
        PickyBackend("picky", rank=3),
        FakeBackend("slower", simulator=None),
        FakeBackend("as single", NoOptions, rank=2, simulator=None),
        FakeBackend("there", rank=2),
    )
    with pytest.raises(BackendChoiceError) as caught:
        with_threads(single, NoOptions(), 2)
    assert caught.value.diagnostics[0].hints == (
        f"backend 'absent' takes threads, but is not installed: {MISSING}",
        "backend 'picky' takes threads, but is not installed: there is no fast thing",
    )


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("numpy", ("numpy",)),
        (" numpy , oracle", ("numpy", "oracle")),
        ("native:threads=2,layout=plain,numpy", ("native:threads=2,layout=plain", "numpy")),
        ("a:x=1,b:y=2,z=3", ("a:x=1", "b:y=2,z=3")),
        ("numpy,,oracle", ("numpy", "", "oracle")),
        ("threads=2", ("threads=2",)),
    ],
)
def test_options_belong_to_the_backend_before_them(text: str, names: tuple[str, ...]) -> None:
    assert split_backends(text) == names


def test_each_missing_feature_is_a_diagnostic_with_reason_and_alternatives(monkeypatch) -> None:
    poor = FakeBackend("poor", missing=("integer-state", "poisson-source", "set-rate"))
    broken = point("broken", ImportError("x"))
    install(monkeypatch, poor, broken, FakeBackend("able"), FakeBackend("rich"))
    with pytest.raises(UnsupportedFeature) as caught:
        require(NETWORK, poor)
    assert caught.value.backend == "poor"
    assert [each.message.split(":")[0] for each in caught.value.diagnostics] == [
        "backend 'poor' cannot express 'integer-state'",
        "backend 'poor' cannot express 'poisson-source'",
    ]
    first = caught.value.diagnostics[0]
    assert first.notes == ("it is planned for this backend", "nobody asked")
    assert first.hints == ("installed backends that can run it: 'able', 'rich'",)
    require(NETWORK, available()["able"])


def test_the_highest_rank_that_can_is_taken(monkeypatch) -> None:
    install(
        monkeypatch,
        FakeBackend("first", rank=9, missing=("poisson-source",)),
        FakeBackend("second", rank=8, simulator=None),
        point("third", ImportError("x")),
        FakeBackend("fourth", rank=1),
        FakeBackend("fifth", rank=1),
        FakeBackend("last", rank=-1),
    )
    assert fastest_backend(NETWORK).name == "fifth"


def test_none_that_can_is_unsupported(monkeypatch) -> None:
    install(monkeypatch, FakeBackend("only", missing=("poisson-source",)))
    with pytest.raises(UnsupportedFeature, match="no installed backend can run it"):
        fastest_backend(NETWORK)
