"""Keep transformers' progress bars and advice off the terminal while a checkpoint loads."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def quiet() -> Iterator[None]:
    """Silence the library for a while, and keep it from calling a conversion service over the network."""
    os.environ["DISABLE_SAFETENSORS_CONVERSION"] = "1"
    import transformers

    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
