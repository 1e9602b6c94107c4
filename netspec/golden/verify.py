"""`verify`: what backends do with a description, against its golden file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from time import perf_counter
from typing import Literal

from netspec.backend.choice import parse_backend
from netspec.backend.registry import BackendChoiceError, missing_simulator
from netspec.errors import BackendError, Diagnostic, SpecError, UnsupportedFeature
from netspec.golden.differences import digest_differences, header_differences
from netspec.golden.file import Golden, path_of, read, write_anew
from netspec.golden.subject import Job, Subject
from netspec.ir.contract import SEMANTICS

Verdict = Literal[
    "identical",
    "differs",
    "other semantics",
    "other description",
    "not installed",
    "cannot run it",
    "failed",
    "wrong",
]
"""In a word or two; the lines of a finding say more. What is wrong is the description."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What came of a description on a backend.

    Attributes:
        document: The file, as the user named it.
        backend: As it is written after `--backend`.
        lines: What is to be said of a verdict that is not `identical`.
        seconds: That the run took, with everything that is done for it.
    """

    document: str
    backend: str
    verdict: Verdict
    lines: tuple[str, ...] = ()
    seconds: float = 0.0

    @property
    def fine(self) -> bool:
        """Whether spikes and state are those of the golden file."""
        return self.verdict == "identical"


def verify_document(job: Job) -> tuple[Finding, ...]:
    """Read a description and its golden file, and return what each backend does."""
    try:
        golden = golden_of_document(job.document)
        backends = job.backends or golden.backends
        return tuple(verify(Subject(job.document, backends, job.max_memory), golden, backends))
    except SpecError as error:  # what only drawing tells; the rest was told before
        lines = str(error).splitlines()
        return (Finding(job.document, "", "wrong", tuple(lines)),)


def golden_of_document(document: str) -> Golden:
    """Return what the golden file of a description says.

    Raises:
        SpecError: There is none, or it cannot be read.
    """
    path = path_of(document)
    if path.exists():
        return read(path)
    message = f"'{document}' has no golden file '{path.name}' beside it"
    hints = (f"write it: netspec golden {document}",)
    raise SpecError([Diagnostic("no-golden-file", "", message, hints=hints)])


def verify(subject: Subject, golden: Golden, backends: Sequence[str]) -> Iterator[Finding]:
    """Yield what each backend does with a description; on a difference, where it begins.

    Args:
        subject: The description.
        golden: What is expected.
        backends: That are asked.
    """
    findings = [examine(subject, golden, each) for each in backends]
    for finding in findings:
        yield explained(finding, subject, golden)


def examine(subject: Subject, golden: Golden, backend: str) -> Finding:
    """Run a description on a backend and return whether the result is the expected one.

    Raises:
        SpecError: The golden file cannot be of this description, or computed values make no sense.
    """
    began = perf_counter()

    def finding(verdict: Verdict, *lines: str) -> Finding:
        return Finding(subject.document, backend, verdict, lines, perf_counter() - began)

    if golden.semantics != SEMANTICS:
        return finding("other semantics", *_of_other_semantics(golden, subject))
    if golden.fingerprint != subject.fingerprint:
        return finding("other description", *_of_other_description(golden, subject))
    _refuse_edited(golden, subject)
    try:
        missing = missing_simulator(*parse_backend(backend))
        if missing is not None:
            return finding("not installed", missing)
        unlike = digest_differences(golden, subject.run(backend))
    except BackendChoiceError as error:
        is_missing = error.diagnostics[0].code == "unknown-backend"
        return finding("not installed" if is_missing else "failed", *_texts(error))
    except UnsupportedFeature as error:
        return finding("cannot run it", *_texts(error))
    except BackendError as error:
        return finding("failed", str(error))
    return finding("differs", *unlike) if unlike else finding("identical")


def _refuse_edited(golden: Golden, subject: Subject) -> None:
    """Refuse a golden file that has the fingerprint of a description and says other things of it.

    Raises:
        SpecError: Names the first of them.
    """
    network = subject.prepared.ir
    steps = golden.steps if golden.outcome and golden.steps <= network.steps else network.steps
    sizes = {name: each.size for name, each in golden.objects.items()}
    for place, said, known in (
        ("seed", golden.seed, network.seed),
        ("dt", golden.dt, network.dt),
        ("steps", golden.steps, steps),
        ("objects", sizes, {each.name: each.size for each in network.emitters}),
    ):
        if said != known:
            file = path_of(subject.document)
            message = f"'{file}' does not have the '{place}' of the description: it was edited"
            hints = (write_anew(subject.document),)
            raise SpecError([Diagnostic("damaged-golden-file", place, message, hints=hints)])


def explained(finding: Finding, subject: Subject, golden: Golden) -> Finding:
    """Return a finding with where the difference begins, if there is one.

    That takes another backend that the golden file names, and that does what it says.
    """
    if finding.verdict != "differs":
        return finding
    lines = (*finding.lines, *_explanation(finding.backend, subject, golden))
    return replace(finding, lines=lines)


def _explanation(backend: str, subject: Subject, golden: Golden) -> Iterator[str]:
    others = [each for each in golden.backends if each != backend]
    right = next((each for each in others if examine(subject, golden, each).fine), None)
    got = subject.run(backend)
    if right is not None:
        found = subject.explain(right, backend, _steps_to_repeat(golden, got))
        yield f"first difference from '{right}', which is as expected:"
        yield from (f"  {line}" for line in found)
        return
    alike = [each for each in others if _gives(subject, each, got)]
    if alike:
        names = ", ".join(f"'{each}'" for each in alike)
        yield f"the same as {names}: not this backend changed, but netspec or the golden file"
    else:
        yield "no other backend that the golden file names does what it says"


def _gives(subject: Subject, backend: str, got: Golden) -> bool:
    try:
        return not digest_differences(got, subject.run(backend))
    except (BackendChoiceError, BackendError, UnsupportedFeature):
        return False


def _steps_to_repeat(golden: Golden, got: Golden) -> int:
    """Return after how many steps two runs differ: a second in which their spikes do, or all."""
    steps = max(golden.steps, got.steps) + 1  # a run may end in the step that it began
    for number, (one, other) in enumerate(zip(golden.seconds, got.seconds, strict=False), 1):
        if one != other:
            return min(steps, number * got.steps_per_second)
    return steps


def _of_other_semantics(golden: Golden, subject: Subject) -> Iterator[str]:
    yield (
        f"the golden file was written by version {golden.semantics} of the execution contract; "
        f"this is version {SEMANTICS}"
    )
    yield f"numbers may change from version to version; {write_anew(subject.document)}"


def _of_other_description(golden: Golden, subject: Subject) -> Iterator[str]:
    network = subject.prepared.ir
    yield "the description does not mean what it meant when the golden file was written"
    for what, wanted, found in header_differences(golden, network):
        yield f"{what}: expected {wanted}, got {found}"
    if golden.steps != network.steps and not golden.outcome:
        yield f"steps: expected {golden.steps}, got {network.steps}"
    command = f"netspec diff OLD {subject.document}"
    yield f"`{command}` says what changed; OLD is the earlier version, in git `git show HEAD:PATH`"
    yield f"if that is as it should be, {write_anew(subject.document)}"


def _texts(error: BackendChoiceError | UnsupportedFeature) -> Iterator[str]:
    for diagnostic in error.diagnostics:
        yield diagnostic.message
        yield from diagnostic.notes
