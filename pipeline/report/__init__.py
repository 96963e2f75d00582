"""The reading page: one HTML file in which an editor reads a run, French, English and summary side by side.

    from pipeline import evaluation, report

    report.write(evaluation.evaluate("out/"))

It reads a run through the evaluation and knows neither models nor stages. The file needs no network and no other file.
"""

from pipeline.report.page import beside, page, write
from pipeline.report.plots import needed

__all__ = ["beside", "needed", "page", "write"]
