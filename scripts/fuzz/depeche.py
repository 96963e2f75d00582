"""The command itself, with one more backend: `capitals`, which answers at once.

python -m scripts.fuzz.depeche run ARTICLES --out OUT --config capitals.toml
"""

from __future__ import annotations

from pipeline import cli
from pipeline.backends import BACKENDS

CONFIG = """[translator]
model = "embedded:translator"
backend = "capitals"
max_source_tokens = 110

[summarizer]
model = "embedded:summarizer"
backend = "capitals"
strategy = "select-rewrite"
"""


def main() -> None:
    """Run the command line."""
    BACKENDS["capitals"] = "scripts.fuzz.capitals"
    cli.main()


if __name__ == "__main__":
    main()
