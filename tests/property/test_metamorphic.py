"""What a change of a description changes, and what it leaves alone.

Spikes and state of the objects that both networks have are compared; each test says what it did.
"""

import random
import warnings
from collections.abc import Collection
from typing import Any

from hypothesis import HealthCheck, assume, given, settings, strategies as st
from property.cells import RECEPTORS
from property.chance import Document
from property.networks import CORPUS, document, documents, network
from property.wiring import sizes_of

import netspec
from netspec.passes.expand import expand
from netspec.passes.pipeline import realised
from netspec.results.results import Results

FEW = settings(
    derandomize=True,
    max_examples=10,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
SI = {"nS": "S", "pA": "A", "mV": "V", "": ""}


def run(made: Document) -> Results:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", netspec.DescriptionWarning)
        return network(made).run(backend="numpy")


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


def without(made: Document, names: Collection[str]) -> Document:
    """Return a document without some of its projections and what is said of them."""
    gone = {f"{name}.weight" for name in names}

    def remains(entry: Document) -> bool:
        own = [entry.get("connect"), entry.get("disconnect")]
        own.append(entry.get("add_edges", {}).get("projection"))
        return gone.isdisjoint(entry.get("set", ())) and not set(own) & set(names)

    weights = [each for each in made["monitors"]["weights"] if each["of"] not in names]
    return {
        **made,
        "projections": {k: each for k, each in made["projections"].items() if k not in names},
        "timeline": list(filter(remains, made["timeline"])),
        "monitors": {**made["monitors"], "weights": weights},
    }


def test_enough_networks_are_alive() -> None:
    """What nobody feels could be changed at will."""
    felt, spiking = [], []
    for made in map(document, CORPUS[:30]):
        timeline = [entry for entry in made["timeline"] if "connect" not in entry]
        silent = {
            section: {name: {**each, "connected": False} for name, each in made[section].items()}
            for section in ("projections", "tables")
        }
        whole = run({**made, "timeline": timeline})
        alone = run({**made, "timeline": timeline, **silent})
        felt.append(outcome(alone) != outcome(whole))
        spiking += [whole.counts[name] > 0 for name in made["populations"]]
    assert sum(felt) > 0.6 * len(felt), f"{sum(felt)} of {len(felt)}"
    assert sum(spiking) > 0.6 * len(spiking), f"{sum(spiking)} of {len(spiking)}"


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
    rest = without(made, summing)
    zeros = {**rest, "projections": {**summing, **rest["projections"]}}
    assert outcome(run(zeros)) == outcome(run(rest))


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
    described = network(made)
    steps = int(described.duration.value / described.dt.value)
    part = steps * share // 10
    long = run(made)
    short = run({**made, "duration": f"{float(part * described.dt.value)!r} s"})
    for name in short.digests:
        early = long.spikes[name].step < part
        assert short.spikes[name].step.tolist() == long.spikes[name].step[early].tolist()
        assert short.spikes[name].i.tolist() == long.spikes[name].i[early].tolist()


@given(made=connected, seed=st.integers(0, 1000))
@FEW
def test_listed_edges_are_the_rule_that_made_them(made: Document, seed: int) -> None:
    """In any order of sources: edges of one source keep theirs."""
    # A list is about the edges of a projection and not about those that are added.
    timeline = [entry for entry in made["timeline"] if "add_edges" not in entry]
    made = {**made, "timeline": timeline}
    edges = realised(network(made)).projections
    explicit = {
        name: listed(each, edges[name], network(made).dt, random.Random(seed))
        for name, each in made["projections"].items()
    }
    assert outcome(run({**made, "projections": explicit})) == outcome(run(made))


@given(made=documents().filter(lambda made: made["tables"]))
@FEW
def test_a_table_is_the_projections_that_it_stands_for(made: Document) -> None:
    written_out = expand(network(made)).network.to_document()
    assert "tables" not in written_out
    assert outcome(run(written_out)) == outcome(run(made))


@given(made=documents())
@FEW
def test_what_is_recorded_changes_nothing(made: Document) -> None:
    switches = {"start_recording", "stop_recording"}
    timeline = [entry for entry in made["timeline"] if switches.isdisjoint(entry)]
    assert outcome(run({**made, "timeline": timeline, "monitors": {}})) == outcome(run(made))


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
        **{field: value for field, value in projection.items() if field != "min_delay"},
        "rule": {
            "explicit": {"pairs": [[i - first_source, j - first_target] for i, j, _, _ in rows]}
        },
        "weight": [f"{weight!r} {unit}".strip() for _, _, weight, _ in rows],
        "delay": [f"{float(delay * dt.value)!r} s" for _, _, _, delay in rows],
    }
