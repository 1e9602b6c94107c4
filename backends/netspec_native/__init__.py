"""The native backend: a readable C file, compiled for this machine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from netspec.backend.capabilities import Capabilities, load_capabilities
from netspec.backend.program import Program
from netspec.errors import InternalError
from netspec.ir import nodes as ir
from netspec.realise.count import ExpectedEdges
from netspec.realise.network import RealisedNetwork
from netspec_native.emit import emit
from netspec_native.options import NativeOptions
from netspec_native.program import NativeProgram

if TYPE_CHECKING:
    from netspec.backend.protocol import Backend, TellsWhatIsMissing
    from netspec.realise.kernels import Kernels
    from netspec_native.build import NativeSimulation

__all__ = ["NativeBackend", "backend"]


class NativeBackend:
    """Compiled loops over steps, in this process and on several threads."""

    name = "native"
    options = NativeOptions

    @property
    def capabilities(self) -> Capabilities:
        """What the backend can express."""
        return load_capabilities(__name__)

    def version(self) -> str | None:
        """Return the first line that the compiler says of itself; `None` if there is none."""
        from netspec_native.compiler import found_compiler

        compiler = found_compiler()
        return None if compiler is None else compiler.version

    def what_is_missing(self, options: NativeOptions) -> str | None:
        """Return why there is no compiler, and what to do; `None` if there is one."""
        from netspec_native.compiler import missing_compiler

        return missing_compiler(options.compiler)

    def emit(self, network: RealisedNetwork, options: NativeOptions) -> NativeProgram:
        """Return the program that simulates `network`."""
        return emit(network, options)

    def kernels(self) -> Kernels | None:
        """Return compiled kernels for realisation; `None` if there is no compiler."""
        from netspec_native.kernels import kernels

        return None if self.version() is None else kernels()

    def layouts(
        self,
        network: ir.Network,
        expected: Mapping[str, ExpectedEdges],
        realised: RealisedNetwork | None,
        options: NativeOptions,
    ) -> Iterator[tuple[str, str]]:
        """Yield how the edges of each projection are stored, and on how many threads it runs."""
        from netspec_native.explain import layouts

        return layouts(network, expected, realised, options)

    def build(self, program: Program, options: NativeOptions) -> NativeSimulation:
        """Make sure that there is a compiler.

        Raises:
            BackendError: There is none.
        """
        from netspec_native.build import NativeSimulation

        if not isinstance(program, NativeProgram):
            raise InternalError("backend 'native' runs what it emitted")
        return NativeSimulation(program, options)


backend = NativeBackend()

if TYPE_CHECKING:
    _: Backend[NativeOptions] = backend
    _missing: TellsWhatIsMissing = backend
