"""Results files: round trip, and every way in which a file can be no results file."""

import io
import json
import os
import pickle
import resource
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from matplotlib.figure import Figure
from unit.results import fakes

from netspec.errors import NetspecError
from netspec.ir import nodes as ir
from netspec.limits import LONGEST_STEP, MAX_STEPS, SHORTEST_STEP
from netspec.results.archive import ResultsFileError
from netspec.results.digest import spike_digest
from netspec.results.record import NonFinite, SpikeRecord
from netspec.results.results import Results

RECORDINGS = (
    ir.SpikeRecording("exc", "spike", (ir.View(0, fakes.EXC),)),
    ir.SpikeRecording("inh", "spike", (ir.View(3, 9),)),
)


def assert_same(one: Results, other: Results) -> None:
    assert (one.dt, one.steps, one.objects) == (other.dt, other.steps, other.objects)
    assert one.digest() == other.digest()
    assert one.state_digests == other.state_digests
    assert one.metadata == other.metadata
    assert one.outcome == other.outcome
    assert list(one.spikes) == list(other.spikes)
    for name, spikes in one.spikes.items():
        for field in ("step", "i", "neurons", "t", "count"):
            ours, theirs = getattr(spikes, field), getattr(other.spikes[name], field)
            assert ours.dtype == theirs.dtype
            assert np.array_equal(ours, theirs)
    for population, traces in one.states.items():
        for variable, trace in traces.items():
            loaded = other.states[population][variable]
            assert (loaded.values.dtype, loaded.unit) == (trace.values.dtype, trace.unit)
            assert loaded.values.tobytes() == trace.values.tobytes()
            assert np.array_equal(loaded.step, trace.step)
            assert np.array_equal(loaded.i, trace.i)


@pytest.mark.parametrize(
    "results",
    [
        fakes.results(fakes.network(spikes=RECORDINGS)),
        fakes.results(fakes.network(spikes=(), states=())),
        fakes.results(steps=7, end=NonFinite(7, "exc", 3, "V")),
        fakes.results(steps=0),
        replace(fakes.results(), state_digests={}),
    ],
    ids=["whole", "no-monitors", "non-finite", "no-steps", "no-state-digests"],
)
def test_round_trip(results: Results, tmp_path: Path) -> None:
    results.save(tmp_path / "run.npz")
    assert [path.name for path in tmp_path.iterdir()] == ["run.npz"]
    assert_same(results, Results.load(str(tmp_path / "run.npz")))


def test_integer_states_and_infinities_survive(tmp_path: Path) -> None:
    net = fakes.network(states=(fakes.sampled("n", ir.View(0, 2), 1),), steps=2)
    raw = fakes.record(net)
    values = (np.array([[1, 2], [2**62, -3]]),)
    results = Results.from_record(replace(raw, states=values), net, {"complete": True})
    results.save(tmp_path / "run.npz")
    loaded = Results.load(tmp_path / "run.npz").states["exc"]["n"]
    assert loaded.values.dtype == np.int64
    assert loaded.values.tolist() == [[1, 2], [2**62, -3]]


def test_the_same_results_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one.npz", "two.npz"):
        fakes.results().save(tmp_path / name)
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "two.npz").read_bytes()


def test_numpy_alone_reads_the_file(tmp_path: Path) -> None:
    results = fakes.results()
    results.save(tmp_path / "run.npz")
    with np.load(tmp_path / "run.npz", allow_pickle=False) as file:
        assert np.array_equal(file["spikes/exc/step"], results.spikes["exc"].step)
        assert json.loads(str(file["netspec"]))["metadata"]["name"] == "fake"


class Trap:
    """Leaves a file behind if anything unpickles it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, tuple[Path]]:
        return Path.touch, (self.path,)


def npz(**arrays: object) -> bytes:
    stream = io.BytesIO()
    np.savez(stream, **arrays)  # type: ignore[arg-type]
    return stream.getvalue()


def rewritten(good: bytes, **changes: object) -> bytes:
    """Return the file with some of its arrays replaced."""
    with np.load(io.BytesIO(good)) as file:
        arrays = {name: file[name] for name in file.files}
    return npz(**(arrays | {name.replace("__", "/"): value for name, value in changes.items()}))


def with_header(good: bytes, **changes: object) -> bytes:
    with np.load(io.BytesIO(good)) as file:
        header = json.loads(str(file["netspec"]))
    return rewritten(good, netspec=np.array(json.dumps(header | changes)))


def with_claimed_length(_good: bytes) -> bytes:
    """A member whose header claims a terabyte."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive, archive.open("netspec.npy", "w") as member:
        header = {"descr": "<f8", "fortran_order": False, "shape": (10**12,)}
        np.lib.format.write_array_header_1_0(member, header)
    return stream.getvalue()


def overlapping(good: bytes) -> bytes:
    """Return an archive whose table of contents names the same bytes many times."""
    data = io.BytesIO(good)
    with zipfile.ZipFile(data, "a") as archive:
        archive.filelist += archive.filelist * 100
        archive.writestr("last", "")
    return data.getvalue()


def compressed(_good: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("netspec.npy", bytes(10**6))
    return stream.getvalue()


def flipped(good: bytes) -> bytes:
    """One bit of one spike's step changed."""
    place = good.index(b"spikes/exc/step.npy") + 200
    return good[:place] + bytes([good[place] ^ 1]) + good[place + 1 :]


def with_unclosed_header(_good: bytes) -> bytes:
    """A member whose header is a text that ends too early."""
    text = b"{'descr': ("
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("netspec.npy", np.lib.format.magic(1, 0) + bytes([len(text), 0]) + text)
    return stream.getvalue()


def with_spikes(good: bytes, steps: list[int], indices: list[int]) -> bytes:
    """The file with other spikes, of which it also states the digest."""
    with np.load(io.BytesIO(good)) as file:
        objects = json.loads(str(file["netspec"]))["objects"]
    objects["exc"]["count"] = len(steps)
    objects["exc"]["digest"] = spike_digest(SpikeRecord(np.array(steps), np.array(indices)))
    other = rewritten(good, spikes__exc__step=unsigned(steps), spikes__exc__i=unsigned(indices))
    return with_header(other, objects=objects)


def with_objects(good: bytes, **changes: object) -> bytes:
    """The file with other statements on `exc`."""
    with np.load(io.BytesIO(good)) as file:
        objects = json.loads(str(file["netspec"]))["objects"]
    return with_header(good, objects=objects | {"exc": objects["exc"] | changes})


def unsigned(values: list[int]) -> np.ndarray:
    return np.array(values, dtype=np.uint32)


BAD: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda _good: b"",
    "text": lambda _good: b"object,step,i,t_ms\n",
    "cut-short": lambda good: good[:-1],
    "half": lambda good: good[: len(good) // 2],
    "flipped-bit": flipped,
    "bare-array": lambda _good: npz()[:0] + bytes(np.lib.format.magic(1, 0)),
    "another-npz": lambda _good: npz(x=np.arange(3)),
    "huge-claim": with_claimed_length,
    "unclosed-header": with_unclosed_header,
    "compressed": compressed,
    "overlapping": overlapping,
    "header-is-number": lambda good: rewritten(good, netspec=np.array(3)),
    "header-is-no-json": lambda good: rewritten(good, netspec=np.array("{")),
    "header-is-deep": lambda good: rewritten(good, netspec=np.array("[" * 100_000)),
    "later-format": lambda good: with_header(good, format="netspec-results-99"),
    "unknown-field": lambda good: with_header(good, extra=1),
    "negative-size": lambda good: with_header(good, steps=-1),
    "dt-of-ages": lambda good: with_header(good, dt=1e308),
    "dt-of-no-time": lambda good: with_header(good, dt=5e-324),
    "dt-nan": lambda good: with_header(good, dt=float("nan")),
    "dt-0": lambda good: with_header(good, dt=0.0),
    "dt-negative": lambda good: with_header(good, dt=-1e-4),
    "too-many-steps": lambda good: with_header(good, steps=2**48),
    "infinite-dt": lambda good: with_header(good, dt=float("inf")),
    "more-neurons-than-there-can-be": lambda good: with_objects(good, size=2**62),
    "short-digest": lambda good: with_header(good, state_digests={"exc": "00"}),
    "hostile-name": lambda good: with_header(good, state_digests={"../x": "0" * 64}),
    "unknown-object": lambda good: with_header(good, spikes=["nobody"]),
    "missing-array": lambda good: with_header(good, spikes=["exc", "inh", "ext"]),
    "index-beyond": lambda good: rewritten(good, spikes__inh__i=unsigned([99])),
    "other-spikes": lambda good: rewritten(
        good, spikes__exc__step=unsigned([1]), spikes__exc__i=unsigned([1])
    ),
    "more-spikes-than-there-are": lambda good: with_objects(good, count=10**6),
    "fewer-spikes-than-there-are": lambda good: with_objects(good, count=1),
    "steps-out-of-order": lambda good: with_spikes(good, [2, 1], [0, 1]),
    "indices-out-of-order": lambda good: with_spikes(good, [2, 2], [1, 0]),
    "spike-twice": lambda good: with_spikes(good, [1, 1], [0, 0]),
    "neuron-twice": lambda good: rewritten(good, spikes__inh__neurons=unsigned([3, 3])),
    "float-steps": lambda good: rewritten(good, spikes__exc__step=np.array([0.5])),
    "odd-trace": lambda good: rewritten(good, states__exc__V__values=np.zeros((3, 1))),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_files_are_refused(name: str, tmp_path: Path) -> None:
    fakes.results().save(tmp_path / "good.npz")
    bad = tmp_path / "bad.npz"
    bad.write_bytes(BAD[name]((tmp_path / "good.npz").read_bytes()))
    with pytest.raises(ResultsFileError, match=r"is not a results file of netspec: .") as caught:
        Results.load(bad)
    assert isinstance(caught.value, NetspecError)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("dt", [SHORTEST_STEP, LONGEST_STEP])
@pytest.mark.parametrize("steps", [fakes.results().steps, MAX_STEPS])
def test_steps_as_short_and_long_as_can_be_are_understood(
    tmp_path: Path, dt: float, steps: int
) -> None:
    fakes.results().save(tmp_path / "good.npz")
    path = tmp_path / "odd.npz"
    path.write_bytes(with_header((tmp_path / "good.npz").read_bytes(), dt=dt, steps=steps))
    results = Results.load(path)
    assert all(map(np.isfinite, results.rates.values()))
    assert str(results.resemblance(path)) == str(results.resemblance(results))
    assert results.compare(results).identical
    for figure in (results.plot_raster, results.plot_traces, results.resemblance(path).plot):
        figure(Figure()).savefig(io.BytesIO())


def test_pickles_are_not_opened(tmp_path: Path) -> None:
    canary = tmp_path / "canary"
    bad = tmp_path / "bad.npz"
    fakes.results().save(bad)
    trap = np.array([Trap(canary)], dtype=object)
    for content in (
        rewritten(bad.read_bytes(), spikes__exc__step=trap),
        rewritten(bad.read_bytes(), netspec=trap),
        pickle.dumps(Trap(canary)),
    ):
        canary.unlink(missing_ok=True)
        bad.write_bytes(content)
        with pytest.raises(ResultsFileError):
            Results.load(bad)
        assert not canary.exists()


def test_a_file_that_cannot_be_read_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Results.load(tmp_path / "nothing.npz")
    os.mkfifo(tmp_path / "fifo.npz")
    with pytest.raises(OSError, match=r"not a regular file: '.*fifo\.npz'"):
        Results.load(tmp_path / "fifo.npz")


@pytest.mark.parametrize("name", ["run.yaml", "run", "run.npz.txt"])
def test_only_npz_is_saved(tmp_path: Path, name: str) -> None:
    with pytest.raises(NetspecError, match=r"expected a file name ending in \.npz, got '.*'"):
        fakes.results().save(tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_a_file_as_parent_folder_is_an_os_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(NotADirectoryError):
        fakes.results().save(tmp_path / "file" / "run.npz")


def test_a_full_disk_leaves_the_old_file(tmp_path: Path) -> None:
    (tmp_path / "run.npz").write_text("old")
    script = (
        "from unit.results import fakes\n"
        "try: fakes.results(p=0.1).save('run.npz')\n"
        "except OSError as error: print(error.strerror)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path[:0] = {sys.path!r}\n{script}"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000)),
    )
    assert (done.stdout, done.stderr) == ("File too large\n", "")
    assert [path.name for path in tmp_path.iterdir()] == ["run.npz"]
    assert (tmp_path / "run.npz").read_text() == "old"
