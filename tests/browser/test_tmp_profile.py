import time, pytest
from axe_playwright_python.sync_playwright import Axe
from tests.browser import steps
pytestmark = pytest.mark.browser
def test_profile(page, site):
    for kind in ("home","roadmap","plans"):
        page.set_viewport_size({"width":1280,"height":900})
        steps.open_kind(page, site, kind)
        print(kind, page.evaluate("document.querySelectorAll('*').length"))
        for opts in ({"runOnly":{"type":"tag","values":["wcag2a","wcag2aa","wcag21aa","wcag22aa"]},"resultTypes":["violations"]},
                     {"runOnly":["color-contrast"],"resultTypes":["violations"]},
                     {"runOnly":["target-size"],"resultTypes":["violations"]},
                     {"runOnly":["html-has-lang"],"resultTypes":["violations"]},
                     {"runOnly":{"type":"tag","values":["wcag2a","wcag2aa","wcag21aa","wcag22aa"]},"rules":{"color-contrast":{"enabled":False},"target-size":{"enabled":False}},"resultTypes":["violations"]},
                     {"runOnly":{"type":"tag","values":["wcag2a","wcag2aa","wcag21aa","wcag22aa"]},"resultTypes":["violations"],"performanceTimer":False, "elementRef":False, "ancestry":False, "selectors":False},
                     ):
            t=time.time(); r=Axe().run(page, options=opts); print(round(time.time()-t,2), str(opts)[:140], len(str(r.response)))
