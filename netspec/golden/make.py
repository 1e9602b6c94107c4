"""`golden`: write the golden file of a description, or say what it would change."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from netspec.backend.registry import BackendChoiceError
from netspec.errors import BackendError, Diagnostic, NetspecError, SpecError, UnsupportedFeature
from netspec.golden.differences import digest_differences, header_differences
from netspec.golden.file import Golden, command_problems, is_golden, path_of, read, write
from netspec.golden.subject import Job, Subject, usual_backends

Action = Literal["written", "unchanged", "differs", "backends differ", "failed", "wrong"]
"""In a word or two; the lines say more. What is wrong is the description."""


@dataclass(frozen=True, slots=True)
class Made:
    """What became of a golden file.

    Attributes:
        document: Of the description, as the user named it.
        path: Of the golden file.
        lines: What is to be said of it: what changed, who is silent, why it was not written.
    """

    document: str
    path: Path
    action: Action
    lines: tuple[str, ...] = ()

    @property
    def fine(self) -> bool:
        """Whether the file now says what backends do."""
        return self.action in ("written", "unchanged")


class DisagreementError(NetspecError):
    """Backends do not do the same, so there is nothing that a golden file could say."""


def refuse_shared(documents: Iterable[str]) -> None:
    """Refuse descriptions such as `a.json` and `a.yaml`, of which one would replace the other's.

    Args:
        documents: That golden files are to be written of; golden files among them are passed over,
            and so is what is the name of no file, which cannot be read anyway.

    Raises:
        SpecError: Two of them have one golden file.
    """
    owners: dict[Path, str] = {}
    for document in dict.fromkeys(documents):
        if is_golden(document) or not Path(document).name:
            continue
        path = path_of(document)
        path = Path(os.path.realpath(path.parent)) / path.name  # of a loop of links as well
        if (other := owners.setdefault(path, document)) != document:
            message = f"'{other}' and '{document}' have the same golden file, '{path.name}'"
            raise SpecError([Diagnostic("shared-golden-file", "", message)])


def refuse_commands(backends: Iterable[str]) -> None:
    """Refuse backends with options that name a program: golden files may not hold them.

    Raises:
        BackendChoiceError: There is such an option.
    """
    if found := [replace(each, path="") for each in command_problems(backends)]:
        raise BackendChoiceError(*found)


def make_document(job: Job, *, update: bool) -> Made:
    """Write the golden file of a description.

    Args:
        job: The description.
        update: Whether a file that says something else is replaced.
    """
    path = path_of(job.document)

    def made(action: Action, *lines: str) -> Made:
        return Made(job.document, path, action, lines)

    try:
        refuse_commands(job.backends)
        old = earlier(path, update=update)
        unread = () if old else tuple(_unread(path))
        known = job.backends or (old.backends if old else ())
        subject = Subject(job.document, known, job.max_memory)
        new = agreed(subject, known or usual_backends(subject))
    except SpecError as error:
        return made("wrong", *str(error).splitlines())
    except DisagreementError as error:
        return made("backends differ", *error.args)
    except (BackendChoiceError, BackendError, UnsupportedFeature) as error:
        return made("failed", *str(error).splitlines())
    if unread and not known:
        usual = ", ".join(new.backends)
        unread += (f"so its backends are unknown, and the usual ones were taken: {usual}",)
    if old == new:
        return made("unchanged")
    if old is not None and not update:
        return made("differs", *changes(old, new))
    try:
        write(new, path)
    except OSError as error:  # others are written all the same
        return made("failed", f"cannot write '{path}': {error.strerror or error}")
    return made("written", *(changes(old, new) if old else unread), *_silence(new))


def earlier(path: Path, *, update: bool) -> Golden | None:
    """Return what a golden file says; an unreadable one says nothing if it is to be replaced.

    Raises:
        SpecError: It cannot be read, and is not to be replaced.
    """
    if not path.exists():
        return None
    try:
        return read(path)
    except SpecError:
        if update:
            return None
        raise


def _unread(path: Path) -> Iterator[str]:
    """Yield why a golden file that is there says nothing."""
    try:
        earlier(path, update=False)
    except SpecError as error:
        yield f"the earlier file could not be read: {error.diagnostics[0].message}"


def agreed(subject: Subject, backends: Sequence[str]) -> Golden:
    """Run a description on backends and return what they all do.

    Raises:
        DisagreementError: They do not do the same; says where they part.
        BackendChoiceError: A backend or one of its options does not exist.
        UnsupportedFeature: A backend cannot express the network.
        BackendError: A simulator is missing, cannot start or died.
        SpecError: Computed values make no sense.
    """
    first, *others = backends
    expected = subject.run(first)
    for other in others:
        if unlike := digest_differences(expected, subject.run(other)):
            found = subject.explain(first, other, subject.prepared.ir.steps)
            raise DisagreementError(f"'{other}' differs from '{first}':", *unlike, *found)
    return expected.model_copy(update={"backends": tuple(sorted(backends))})


def _silence(new: Golden) -> Iterator[str]:
    """Yield which populations emit no spikes, by which a model is hardly tested."""
    objects = sorted(new.objects.items())
    silent = [f"'{name}'" for name, o in objects if o.kind == "population" and not o.count]
    if silent:
        yield f"no spikes of {', '.join(silent)}: their state alone is tested"


def changes(old: Golden, new: Golden) -> Iterator[str]:
    """Yield in words what a golden file says anew."""
    if old.semantics != new.semantics:
        yield f"version of the execution contract: {old.semantics}, now {new.semantics}"
    elif old.fingerprint != new.fingerprint:
        yield "the description does not mean what it meant"
    for what, before, now in header_differences(old, new):
        yield f"{what}: {before}, now {now}"
    if old.backends != new.backends:
        yield f"backends: {', '.join(old.backends)}; now {', '.join(new.backends)}"
    yield from digest_differences(old, new)
