"""Results as Markdown: promised ratios, a table for each network, and the machine's limits.

A file of results is one JSON object: `format`, `date`, `machine` (`machine.described`), `limits`
(`limits.measured`), `size`, `repeats`, `networks` (by key, as `networks.facts` returns them),
`engines` (title and version by key) and `runs`. A run has a `network`, an `engine`, a `turn`,
whether what it compiles was `cached`, and either why it `failed` or the seconds of the whole
`process` and of its `phases`, the most `memory` in bytes, the `spikes` by population and their
`digest` or null.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from benchmarks.engines import ENGINES

FORMAT = 2

Found = Mapping[str, Any]
Facts = Mapping[str, Any]
Run = Mapping[str, Any]


@dataclass(frozen=True)
class Promise:
    """How many times faster one engine is to be than another.

    Attributes:
        quantity: `process`, or a phase.
        is_cached: Whether the faster one finds what it compiled before.
        least: The ratio that is promised.
    """

    network: str
    quantity: str
    slower: str
    faster: str
    is_cached: bool
    least: float


PROMISES = (
    Promise("lif_inhibition", "process", "brian2-cpp", "native-1", False, 8),
    Promise("lif_inhibition", "process", "brian2-numpy", "native-1", True, 1),
    Promise("coba", "simulate", "brian2-cpp", "native-1", True, 4),
    Promise("cobahh", "simulate", "brian2-cpp", "native-1", True, 5),
    Promise("brunel", "simulate", "nest-1", "native-1", True, 10),
    Promise("brunel", "simulate", "nest-2", "native-2", True, 10),
    Promise("microcircuit_0.3", "simulate", "nest-2", "native-2", True, 20),
)


def markdown(found: Found) -> str:
    """Return all tables."""
    tables = [_about(found), "### Ratios\n", _promises(found)]
    for network in found["networks"]:
        tables += [f"### {network}\n", _sizes(found, network), _network(found, network)]
    tables += ["### Limits\n", _limits(found), _distances(found)]
    return "\n".join(tables)


# --- taking numbers out of the runs -------------------------------------------------------------


def value(run: Run, quantity: str) -> float:
    """Return the seconds of a run: of its process, or of one or several phases."""
    if quantity == "process":
        return float(run["process"])
    phases: Mapping[str, float] = run["phases"]
    return sum((phases.get(phase, 0.0) for phase in quantity.split("+")), 0.0)


def runs_of(found: Found, network: str, engine: str, *, cached: bool = True) -> list[Run]:
    """Return the runs that did not fail; of an engine with a cache those that found it so."""
    all_runs = [
        run
        for run in found["runs"]
        if (run["network"], run["engine"]) == (network, engine) and "failed" not in run
    ]
    has_cache = any(run["cached"] for run in all_runs)
    return [run for run in all_runs if not has_cache or run["cached"] == cached]


def events(run: Run, facts: Facts) -> float:
    """Return how many events were delivered, by the mean number of edges of a source."""
    spikes: Mapping[str, float] = {**facts["expected"], **run["spikes"]}
    fan_out: Mapping[str, float] = facts["fan_out"]
    return sum((number * spikes[name] for name, number in fan_out.items()), 0.0)


def neuron_steps(facts: Facts) -> float:
    """Return how often a neuron advanced by a step."""
    return float(sum(facts["populations"].values()) * facts["steps"])


def rate(run: Run, facts: Facts) -> float:
    """Return the mean rate of a neuron, in Hz."""
    populations: Mapping[str, int] = facts["populations"]
    spikes = sum(run["spikes"][name] for name in populations)
    return float(spikes / sum(populations.values()) / facts["seconds"])


# --- tables -------------------------------------------------------------------------------------


def _about(found: Found) -> str:
    machine = found["machine"]
    is_small: bool = found["size"] == "small"
    caches = ", ".join(f"{name} {size}" for name, size in machine["caches"].items())
    versions = ", ".join(
        f"{name} {number}" for name, number in machine["versions"].items() if number
    )
    return f"""\
- measured on {found["date"]}; size of the networks `{found["size"]}`; turns: {found["repeats"]}
- {machine["processor"]}, {machine["cores"]} cores ({caches}), {machine["memory"]} of memory, load \
before the first run {machine["load"]:.2f}
- {machine["system"]}; {machine["c_compiler"]}; {machine["cpp_compiler"]}
- {versions}
""" + ("\nNetworks that small show that all of it works; the numbers say nothing.\n" * is_small)


def _promises(found: Found) -> str:
    titles = {key: engine.title for key, engine in ENGINES.items()}
    rows = []
    for each in PROMISES:
        ratios = _ratios(found, each)
        what = "whole process" if each.quantity == "process" else each.quantity
        if each.quantity == "process":
            what += ", cached" if each.is_cached else ", empty cache"
        shown = "not measured"
        if ratios:
            shown = f"{_number(median(ratios))} ({_number(min(ratios))} to {_number(max(ratios))})"
        pair = f"{titles[each.slower]} / {titles[each.faster]}"
        rows.append([f"{each.network}, {what}", pair, shown, _number(each.least)])
    return _table(["what", "of", "ratio (range over turns)", "wanted, at least"], rows)


def _ratios(found: Found, promise: Promise) -> list[float]:
    """Return the ratio in each turn."""
    by_turn = []
    for engine in (promise.slower, promise.faster):
        runs = runs_of(found, promise.network, engine, cached=promise.is_cached)
        by_turn.append({run["turn"]: value(run, promise.quantity) for run in runs})
    slower, faster = by_turn
    return [slower[turn] / faster[turn] for turn in slower if turn in faster]


def _sizes(found: Found, network: str) -> str:
    facts = found["networks"][network]
    return (
        f"{sum(facts['populations'].values()):,} neurons, {facts['synapses']:,} synapses, "
        f"{facts['seconds']:g} s in {facts['steps']:,} steps.\n"
    )


def _network(found: Found, network: str) -> str:
    facts = found["networks"][network]
    rows = []
    for key, engine in found["engines"].items():
        if cold := runs_of(found, network, key, cached=False):
            cached = runs_of(found, network, key)
            rows.append(
                _row(ENGINES[key].note(facts["model"]), engine["title"], cold, cached, facts)
            )
        else:
            failures = {
                run["failed"]
                for run in found["runs"]
                if (run["network"], run["engine"]) == (network, key)
            }
            rows += [[f"{engine['title']}: {each}"] + [""] * 14 for each in sorted(failures)]
    head = (
        "engine|import|check, emit|realise|compile, cold|compile, cached|pack|simulate"
        "|process, cold|process, cached|MB|RTF|ns per event|ns per neuron-step|rate, digest"
    )
    return _table(head.split("|"), rows)


def _row(
    note: str, title: str, cold: Sequence[Run], cached: Sequence[Run], facts: Facts
) -> list[str]:
    """Return a row of a network's table; seconds where nothing else is said."""

    def simulated(run: Run) -> float:
        return value(run, "simulate")

    warm = cached if any(run["cached"] for run in cached) else ()
    last = cached[-1]
    digest = f" `{last['digest'][:8]}`" if last["digest"] else ""
    return [
        f"{title} ({note})" if note else title,
        _seconds(cached, "import"),
        _seconds(cached, "check+emit"),
        _seconds(cached, "realise"),
        _seconds(cold, "compile+build"),
        _seconds(warm, "compile+build"),
        _seconds(cached, "pack"),
        _seconds(cached, "simulate"),
        _seconds(cold, "process"),
        _seconds(warm, "process"),
        _median(cached, lambda run: run["memory"] / 1e6),
        _median(cached, lambda run: simulated(run) / facts["seconds"]),
        _median(cached, lambda run: 1e9 * simulated(run) / max(events(run, facts), 1)),
        _median(cached, lambda run: 1e9 * simulated(run) / neuron_steps(facts)),
        _median(cached, lambda run: rate(run, facts)) + " Hz" + digest,
    ]


def _limits(found: Found) -> str:
    rows = [
        [
            "reading memory, GB/s",
            *(_number(each / 1e9) for each in found["limits"]["stream"].values()),
        ]
    ]
    for what, title in (
        ("scatter", "adding an event to a row of sums, ns"),
        ("exp", "an exponential, ns"),
        ("exprel", "`exprel` near 0, ns"),
        ("random", "a random word, ns"),
    ):
        rows.append([title, *(_number(1e9 / each) for each in found["limits"][what].values())])
    running = found["limits"]["running"].items()
    rows.append(
        [
            "time in which a busy thread has its core, %",
            *(_number(100 * each / int(threads)) for threads, each in running),
        ]
    )
    return _table(["limit", "1 thread", "2 threads"], rows)


def _distances(found: Found) -> str:
    """Compare the native backend with the machine's limits."""
    rows = []
    for network, facts in found["networks"].items():
        for threads in (1, 2):
            runs = runs_of(found, network, f"native-{threads}")
            if not runs:
                continue
            limits = {name: each[str(threads)] for name, each in found["limits"].items()}
            delivered, steps = events(runs[-1], facts), neuron_steps(facts)
            parts = [
                delivered * facts["event_bytes"] / limits["stream"],
                delivered / limits["scatter"],
                steps * facts["exponentials"] / limits["exp"],
                steps * facts["exprels"] / limits["exprel"],
                steps * facts["draws"] / limits["random"],
            ]
            least = max(parts[:2]) + sum(parts[2:])
            simulated = median(value(run, "simulate") for run in runs)
            rows.append(
                [
                    f"{network}, {threads} thread{'s' * (threads > 1)}",
                    _number(simulated),
                    *(map(_number, parts)),
                    _number(simulated / least),
                ]
            )
    head = "network|simulate|reading edges|adding events|exponentials|`exprel`|random words"
    return _table([*head.split("|"), "times the least"], rows)


def _seconds(runs: Iterable[Run], quantity: str) -> str:
    return _median(runs, lambda run: value(run, quantity))


def _median(runs: Iterable[Run], quantity: Callable[[Run], float]) -> str:
    """Return a median as text; nothing if there are no runs, or none has such a phase."""
    values = [quantity(run) for run in runs]
    return _number(median(values)) if any(values) else ""


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table."""
    lines = [head, ["--"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _number(value: float) -> str:
    """Return a number with three digits, and without an exponent where it is large."""
    return f"{value:.3g}" if value < 1000 else f"{value:.0f}"
