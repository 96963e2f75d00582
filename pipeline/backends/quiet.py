"""Keep transformers' progress bars and advice off the terminal while a checkpoint loads."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from threading import RLock

_ONE_AT_A_TIME = RLock()  # two models may load side by side, but warnings are silenced for the whole process


@contextmanager
def quiet() -> Iterator[None]:
    """Silence the library for a while, and keep it from calling a conversion service over the network.

    One thread at a time is inside.
    """
    with _ONE_AT_A_TIME, warnings.catch_warnings():
        os.environ["DISABLE_SAFETENSORS_CONVERSION"] = "1"
        import transformers

        transformers.logging.set_verbosity_error()
        transformers.logging.disable_progress_bar()
        warnings.simplefilter("ignore")
        yield
