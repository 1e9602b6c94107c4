"""What a change of a description changes, and what it leaves alone.

Spikes and state of the objects that both networks have are compared; each test says what it did.
"""

import random
import warnings
from typing import Any

from hypothesis import HealthCheck, assume, given, settings, strategies as st
from property.networks import RECEPTORS, Document, document, documents, sizes_of

import netspec
from netspec.passes.pipeline import realised
from netspec.results.results import Results

FEW = settings(
    derandomize=True,
    deadline=None,
    max_examples=12,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
SI = {"nS": "S", "pA": "A", "mV": "V", "": ""}


def run(document: Document) -> Results:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", netspec.DescriptionWarning)
        return netspec.Network(**document).run(backend="numpy")


def outcome(results: Results) -> tuple[dict[str, str], str]:
    return dict(results.digests), results.state_digest()


def backwards(data: Any) -> Any:
    """Return JSON data with the keys of every object in the opposite order."""
    match data:
        case dict():
            return {key: backwards(data[key]) for key in reversed(data)}
        case list():
            return [backwards(each) for each in data]
        case _:
            return data


connected = documents().filter(lambda document: document["projections"])


def test_enough_networks_are_alive() -> None:
    """What nobody feels could be changed at will."""
    alive = []
    for made in (document(number) for number in range(30)):
        timeline = [entry for entry in made["timeline"] if "connect" not in entry]
        silent = {name: {**each, "connected": False} for name, each in made["projections"].items()}
        whole = run({**made, "timeline": timeline})
        alone = run({**made, "timeline": timeline, "projections": silent})
        alive.append(outcome(alone) != outcome(whole))
    assert sum(alive) > 0.4 * len(alive), f"{sum(alive)} of {len(alive)}"


@given(made=documents())
@FEW
def test_the_order_of_keys_changes_nothing(made: Document) -> None:
    assert outcome(run(backwards(made))) == outcome(run(made))


@given(made=connected)
@FEW
def test_a_projection_that_is_never_connected_changes_nothing(made: Document) -> None:
    silent = {**next(iter(made["projections"].values())), "connected": False}
    more = {**made, "projections": {"silent": silent, **made["projections"]}}
    assert outcome(run(more)) == outcome(run(made))


@given(made=documents())
@FEW
def test_another_population_changes_no_other(made: Document) -> None:
    more = {"size": 3, "cell": "cell_a"}
    populations = {"another": more, **made["populations"]}
    with_it, without = run({**made, "populations": populations}), run(made)
    assert {**with_it.digests, **without.digests} == dict(with_it.digests)


@given(made=connected)
@FEW
def test_weights_of_zero_are_as_good_as_no_projection(made: Document) -> None:
    """Where the receptor adds weights up; one that counts events feels them."""
    summing = {
        name: {**each, "weight": f"0 {RECEPTORS[each['receptor']][1]}"}
        for name, each in made["projections"].items()
        if each["receptor"] != "satur"
    }
    assume(summing)
    rest = {name: each for name, each in made["projections"].items() if name not in summing}
    gone = {f"{name}.weight" for name in summing}
    timeline = [
        entry
        for entry in made["timeline"]
        if not gone & set(entry.get("set", ()))
        and not summing.keys() & {entry.get("connect"), entry.get("disconnect")}
    ]
    zeros = {**made, "projections": {**summing, **rest}, "timeline": timeline}
    assert outcome(run(zeros)) == outcome(run({**zeros, "projections": rest}))


@given(made=connected)
@FEW
def test_a_view_of_the_whole_is_the_whole(made: Document) -> None:
    sizes = sizes_of(made)

    def viewed(text: str) -> str:
        return f"{text}[0:{sizes[text]}]" if text in sizes else text

    changed = {
        name: {**each, "source": viewed(each["source"]), "target": viewed(each["target"])}
        for name, each in made["projections"].items()
    }
    assert outcome(run({**made, "projections": changed})) == outcome(run(made))


@given(made=documents(), share=st.integers(1, 9))
@FEW
def test_a_shorter_run_is_the_beginning_of_a_longer_one(made: Document, share: int) -> None:
    network = netspec.Network(**made)
    steps = int(network.duration.value / network.dt.value)
    part = steps * share // 10
    long = run(made)
    short = run({**made, "duration": f"{float(part * network.dt.value)!r} s"})
    for name in short.digests:
        early = long.spikes[name].step < part
        assert short.spikes[name].step.tolist() == long.spikes[name].step[early].tolist()
        assert short.spikes[name].i.tolist() == long.spikes[name].i[early].tolist()


@given(made=connected, seed=st.integers(0, 1000))
@FEW
def test_listed_edges_are_the_rule_that_made_them(made: Document, seed: int) -> None:
    """In any order of sources: edges of one source keep theirs."""
    edges = realised(netspec.Network(**made)).projections
    explicit = {
        name: listed(each, edges[name], netspec.Network(**made).dt, random.Random(seed))
        for name, each in made["projections"].items()
    }
    assert outcome(run({**made, "projections": explicit})) == outcome(run(made))


def listed(projection: Document, edges: Any, dt: Any, order: random.Random) -> Document:
    """Return a projection with its edges, weights and delays written down."""

    def start(view: str) -> int:
        return int(view.partition("[")[2].partition(":")[0] or 0)

    count = len(edges.sources)
    weights = edges.weights.tolist() if edges.weights.ndim else [edges.weights.item()] * count
    delays = edges.delays.tolist() if edges.delays.ndim else [edges.delays.item()] * count
    rows = list(zip(edges.sources.tolist(), edges.targets.tolist(), weights, delays, strict=True))
    sources = sorted(set(edges.sources.tolist()))
    order.shuffle(sources)
    rows = [row for source in sources for row in rows if row[0] == source]
    unit = SI[RECEPTORS[projection["receptor"]][1]]
    first_source, first_target = start(projection["source"]), start(projection["target"])
    return {
        **projection,
        "rule": {
            "explicit": {"pairs": [[i - first_source, j - first_target] for i, j, _, _ in rows]}
        },
        "weight": [f"{weight!r} {unit}".strip() for _, _, weight, _ in rows],
        "delay": [f"{float(delay * dt.value)!r} s" for _, _, _, delay in rows],
        "weight_bits": 32,
    }
