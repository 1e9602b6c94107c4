"""Texts that try to run something, to break out of something or to take all there is."""

from __future__ import annotations

from pathlib import Path


def payloads(canary: Path) -> dict[str, str]:
    """Return hostile texts by kind; one that ran would make the file `canary`."""
    touch = f"__import__('pathlib').Path('{canary}').touch()"
    return {
        "import": touch,
        "open": f"open('{canary}', 'w')",
        "quantity and call": f"1*mV + {touch}*mV",
        "attribute": "V.__class__.__base__.__subclasses__()",
        "subscript": "V[0]",
        "lambda": f"(lambda: {touch})()",
        "comprehension": f"[{touch} for x in (1,)]",
        "f-string": f'f"{{{touch}}}"',
        "percent": "%n%s%x",
        "walrus": f"(V := {touch})",
        "semicolon": f"V; {touch}",
        "newline": f"V\n{touch}",
        "statement": f"V = {touch}",
        "comment": f"V #\n{touch}",
        "template": "{{ cycler.__init__.__globals__.os.system('touch " + str(canary) + "') }}",
        "shell": f"; touch {canary} #",
        "C": f'0; system("touch {canary}"); /*',
        "YAML tag": f'!!python/object/apply:os.system ["touch {canary}"]',
        "path": "../../../../etc/passwd",
        "Cyrillic letter": "\u0415_L + 1*mV",
        "right to left": "V\u202e + 1*mV",
        "null byte": "V\0",
        "escape sequence": "V\x1b]0;owned\x07\x1b[2J",
        "lone surrogate": "V\udc80",
        "dunder": "__class__",
        "empty": "",
        "blank": " ",
        "tower": "9**9**9**9",
        "beyond doubles": "1e999 mV",
        "not a number": "nan*mV",
        "parentheses": "(" * 100_000,
        "long": "x" * 100_000,
    }
