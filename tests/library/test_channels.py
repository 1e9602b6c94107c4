"""What the models with channels, and the oscillators that stand for them, are known for."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from library.networks import alone, declared, run, spike_times, used


def trains(
    model: str, *drives: str, duration: str = "500 ms", **values: str
) -> list[npt.NDArray[np.float64]]:
    """Return the spike times in ms of neurons under different constant inputs."""
    network = alone(used("cells", model, **values), duration=duration)
    network["populations"]["one"] |= {"size": len(drives), "parameters": {"I_e": list(drives)}}
    found = run(network | {"monitors": {"spikes": ["one"]}}).spikes["one"].trains()
    return [found[neuron] for neuron in range(len(drives))]


def counts(model: str, *drives: str, **values: str) -> list[int]:
    """Return the numbers of spikes of neurons under different constant inputs."""
    return [len(times) for times in trains(model, *drives, **values)]


@pytest.mark.parametrize("model", ["hodgkin_huxley", "hh_traub", "wang_buzsaki", "morris_lecar"])
def test_gates_start_where_the_potential_keeps_them(model: str) -> None:
    gates = [name for name in declared("cells", model).state if name != "V"]
    network = alone(
        used("cells", model, C_m="1 F"),
        monitors={"states": [{"of": "one", "variables": gates}]},
    )
    network["populations"]["one"] |= {"initial": {"V": "-50 mV"}}
    found = run(network).states["one"]
    for gate in gates:
        np.testing.assert_allclose(found[gate].values, found[gate].values[0, 0], rtol=1e-6)


def test_the_squid_axon_rests_at_minus_65_mv() -> None:
    monitors = {"states": [{"of": "one", "variables": ["V"]}]}
    V = run(alone(used("cells", "hodgkin_huxley"), monitors=monitors)).states["one"]["V"].to("mV")
    np.testing.assert_allclose(V, -65, atol=0.01)


def test_the_squid_axon_fires_once_then_at_once_at_50_hz_and_not_if_it_is_blocked() -> None:
    # In uA/cm^2: one spike from 3 on, repetitive firing from about 6.5 on, 10 give nearly 70 Hz.
    found = trains("hodgkin_huxley", "200 pA", "300 pA", "600 pA", "650 pA", "1000 pA", "20 nA")
    assert [len(times) for times in found[:3]] == [0, 1, 1]
    rates = [1000 / np.diff(times)[-1] for times in found[3:5]]
    assert 50 < rates[0] < 56
    assert 64 < rates[1] < 70
    assert len(found[5]) == 1


def test_integrators_agree_on_the_squid_axon() -> None:
    cell = used("cells", "hodgkin_huxley", I_e="1000 pA")
    found = {
        name: spike_times(cell | {"integrator": name}, "50 ms", "0.02 ms")
        for name in ("euler", "exponential_euler", "rk2", "rk4")
    }
    assert len(found["rk4"]) == 4
    for times in found.values():
        np.testing.assert_allclose(times, found["rk4"], atol=0.5)


def test_the_neuron_of_traub_and_miles_fires_by_itself_unless_its_leak_pulls_it_down() -> None:
    spontaneous, more, most = counts("hh_traub", "0 pA", "100 pA", "1000 pA")
    assert spontaneous == 7
    assert spontaneous < more < most
    assert 50 <= most <= 70
    assert counts("hh_traub", "0 pA", E_L="-65 mV") == [0]


def test_the_interneuron_of_wang_and_buzsaki_starts_to_fire_slowly() -> None:
    # In uA/cm^2: none at 0.16, a few at 0.2, about 60 Hz at 1 and 100 Hz at 2.
    none, few, many, most = counts("wang_buzsaki", "16 pA", "20 pA", "100 pA", "200 pA")
    assert none == 0
    assert 2 <= few <= 6
    assert 28 <= many <= 31
    assert 49 <= most <= 53


def test_the_fibre_of_morris_and_lecar_oscillates_between_two_currents() -> None:
    # 300 uA/cm^2 is in the middle of figure 9 of the paper.
    rest, oscillation, block = counts("morris_lecar", "1000 pA", "3000 pA", "6000 pA")
    assert rest == 0
    assert 15 <= oscillation <= 20
    assert block <= 1


def test_the_system_of_fitzhugh_and_nagumo_oscillates_between_two_drives() -> None:
    rest, oscillation, block = counts("fitzhugh_nagumo", "0", "0.5", "1.6")
    assert rest == 0
    assert 12 <= oscillation <= 14
    assert block <= 2


def test_hindmarsh_and_rose_stop_burst_and_fire_as_the_drive_grows() -> None:
    found = trains("hindmarsh_rose", "0.4", "2", "4", duration="1.4 s")
    stopped, bursts, tonic = (np.diff(times[times > 400]) for times in found)
    assert len(found[0]) > 0
    assert len(stopped) == 0
    assert bursts.max() > 200
    assert np.median(bursts) < 20
    assert tonic.max() < 20
