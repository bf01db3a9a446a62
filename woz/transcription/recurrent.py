"""A recurrent network (LSTM; Hochreiter and Schmidhuber, 1997) that hears a sequence both ways, by numpy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

HALF = np.float32(0.5)


@dataclass(frozen=True)
class Layer:
    """Weights of one layer, forward and backward (2, …): of the input, of the state, and what is added.

    The gates stand in the order input, forget, output, candidate; the first three are halved, so that one tanh
    serves for all: sigmoid(x) = (1 + tanh(x / 2)) / 2.
    """

    inputs: Floats
    states: Floats
    added: Floats

    @classmethod
    def of(cls, weights: Mapping[str, NDArray[Any]], number: int) -> Layer:
        """Of torch's names: weight_ih_l0, weight_hh_l0_reverse, and so on."""
        inputs, states, ours, theirs = (
            np.stack([weights[f"{kind}_l{number}{way}"] for way in ("", "_reverse")])
            for kind in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
        )
        width = states.shape[2]
        order = np.r_[: 2 * width, 3 * width : 4 * width, 2 * width : 3 * width]
        scale = np.where(np.arange(4 * width) < 3 * width, HALF, np.float32(1))

        def arranged(by_gate: NDArray[Any]) -> Floats:
            return np.ascontiguousarray(by_gate[..., order] * scale, np.float32)

        return cls(
            arranged(inputs.transpose(0, 2, 1)), arranged(states.transpose(0, 2, 1)), arranged(ours + theirs)
        )

    def heard(self, sequence: Floats) -> Floats:
        """(time, sequence, feature) to (time, sequence, 2 * width)."""
        driven = self._driven(sequence)
        steps, _, count, _ = driven.shape
        width = self.states.shape[1]
        found = np.empty((steps, 2, count, width), np.float32)
        state, cell = np.zeros((2, 2, count, width), np.float32)
        gates = np.empty((2, count, 4 * width), np.float32)
        for step in range(steps):
            np.matmul(state, self.states, out=gates)
            gates += driven[step]
            np.tanh(gates, out=gates)
            open_ = gates[..., : 3 * width]
            open_ *= HALF
            open_ += HALF
            cell *= open_[..., width : 2 * width]
            cell += open_[..., :width] * gates[..., 3 * width :]
            state = np.tanh(cell, out=found[step])
            state *= open_[..., 2 * width :]
        return np.concatenate([found[:, 0], found[::-1, 1]], axis=2)

    def _driven(self, sequence: Floats) -> Floats:
        """What the input adds to the gates, (time, 2, sequence, 4 * width); the second way runs from the end."""
        steps, count, features = sequence.shape
        flat = np.ascontiguousarray(sequence).reshape(-1, features)
        found = np.empty((steps, 2, count, self.inputs.shape[2]), np.float32)
        for way, backward in enumerate((False, True)):
            driven = (flat @ self.inputs[way] + self.added[way]).reshape(steps, count, -1)
            found[:, way] = driven[::-1] if backward else driven
        return found
