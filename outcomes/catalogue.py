"""An outcome as a data set in search engines and catalogues."""

from typing import Any

from django.utils.timezone import localdate

from outcomes.downloads import XLSX_TYPE, places
from outcomes.report import OutcomeReport

# Catalogues want the address of a licence; of one that we know only in words they get the words.
LICENCES = {
    "Open Government Licence v3.0": "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"
}


def dataset(report: OutcomeReport, *, page: str, csv: str, json: str, xlsx: str) -> dict[str, Any]:
    """A schema.org Dataset for search engines and catalogues; the addresses are whole ones."""
    measure, vision, held = report.measure, report.vision, places(report)
    spans = [(value.period.start, value.end) for place in held for value in place.values]
    entry = {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "@id": page,
        "url": page,
        "name": f"{measure.name}, {vision.place}",
        "description": _description(report),
        "creator": {"@type": "Organization", "name": measure.publisher},
        "publisher": {"@type": "Organization", "name": vision.publisher, "url": vision.publisher_url},
        "license": _licence_entry(measure.licence),
        "isBasedOn": measure.source_url,
        "isAccessibleForFree": True,
        "inLanguage": "en-GB",
        "version": str(report.edition.number),
        "dateModified": localdate(report.edition.issued_at).isoformat(),
        "spatialCoverage": [{"@type": "Place", "name": p.name, "identifier": p.code} for p in held],
        "variableMeasured": {"@type": "PropertyValue", "name": measure.name, "unitText": measure.unit},
        "distribution": [
            {"@type": "DataDownload", "encodingFormat": kind, "contentUrl": address}
            for kind, address in (("text/csv", csv), ("application/json", json), (XLSX_TYPE, xlsx))
        ],
    }
    if spans:
        first, last = min(start for start, _ in spans), max(end for _, end in spans)
        entry["temporalCoverage"] = f"{first.isoformat()}/{last.isoformat()}"
    return {key: said for key, said in entry.items() if said not in ("", [], None)}


def _description(report: OutcomeReport) -> str:
    outcome, measure = report.outcome, report.measure
    name = f"{outcome.name.rstrip('.')} ({outcome.get_name_standing_display().lower()})"
    said = [measure.definition, measure.caveat, f"Measures this outcome of {report.vision.name}: {name}."]
    if report.target_is_illustrative:
        said.append("The target is illustrative: nobody\u2019s commitment.")
    return " ".join(text for text in said if text)


def _licence_entry(licence: str) -> str | dict[str, str] | None:
    return LICENCES.get(licence) or (licence and {"@type": "CreativeWork", "name": licence})
