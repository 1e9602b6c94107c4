"""Trains that are made before step 0: what each kind of them means, one module per kind.

A kind is a `SpikeTrains` and an entry of `TRAINS`, beside its class in `netspec.spec.trains`;
nothing else knows how many there are. Backends get what comes out, a list of spikes.
"""

from __future__ import annotations

from collections.abc import Mapping

from netspec.realise.trains.gamma_renewal import GammaRenewal
from netspec.realise.trains.pulse_packet import PulsePacket
from netspec.realise.trains.regular import Regular
from netspec.realise.trains.train import Neurons, SpikeTrains

__all__ = ["TRAINS", "Neurons", "SpikeTrains"]

TRAINS: Mapping[str, SpikeTrains] = {
    "gamma_renewal": GammaRenewal(),
    "pulse_packet": PulsePacket(),
    "regular": Regular(),
}
"""By the name that a document writes."""
