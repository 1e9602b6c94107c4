"""`netspec` and `python -m netspec`: the command line, from before its first import."""

import sys


def main() -> int:
    """Run the command line and return its exit status."""
    try:
        from netspec.cli.main import main as run
    except KeyboardInterrupt:
        return 130  # as later on, when there is somebody to say so
    return run()


if __name__ == "__main__":
    sys.exit(main())
