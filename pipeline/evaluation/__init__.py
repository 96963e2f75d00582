"""A run, judged: scores with their signatures and intervals, two runs beside each other, gates, exports.

    from pipeline import evaluation

    scored = evaluation.evaluate("out/", references=["references/"])
    scored.values["numbers_kept_fr_en"], scored.to_pandas("documents")
    evaluation.save(scored)
    evaluation.compare("before/", "after/")
    evaluation.Run("out/").to_pandas("pairs")

It reads what a run wrote, through the codec, and knows neither models nor stages.
"""

from pipeline.evaluation.comparison import Comparison, compare
from pipeline.evaluation.evaluation import Evaluation, Scored, evaluate
from pipeline.evaluation.export import export
from pipeline.evaluation.files import save
from pipeline.evaluation.gating import Gated, gated
from pipeline.evaluation.references import References
from pipeline.evaluation.runs import Run

__all__ = [
    "Comparison",
    "Evaluation",
    "Gated",
    "References",
    "Run",
    "Scored",
    "compare",
    "evaluate",
    "export",
    "gated",
    "save",
]
