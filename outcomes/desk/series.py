"""A new series: the source counts otherwise from some period on, so that what came before is never joined to it."""

from luton2040.desk.access import desk_page
from luton2040.roles import Act
from outcomes.desk.drafting import Work, own_report
from outcomes.desk.entering import Sheet, answer
from outcomes.desk.series_form import SeriesForm, series_initial
from outcomes.models import Submission


class SeriesSheet(Sheet):
    template = "desk/series.html"

    def make_form(self) -> SeriesForm:
        report, today, typed = self.report, self.request.today, self.work.typed()
        initial = {} if typed else series_initial(report)
        return SeriesForm(typed, initial=initial, report=report, today=today, typing=not self.is_asked)


@desk_page(Act.ENTER_VALUES)
def new_series(request, code):
    report = own_report(request, code)
    work = Work.on(request, kind=Submission.Kind.SERIES, measure=report.measure.measure)
    return answer(SeriesSheet(request, report, work))
