"""The shape of the code: which app may lean on which, and that functions and files stay short."""

import ast
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
# Models and rules of each app may import from those before it, and from no other.
ORDER = ("luton2040", "priorities", "outcomes", "pledges", "boards")
# Wiring: these may read any app.
WIRING_FILES = {"views.py", "urls.py", "context.py"}
WIRING_FOLDERS = {"management", "templatetags", "migrations", "desk"}
LONGEST_FUNCTION = 40
LONGEST_FILE = 420
NO_SUBJECT = {"core", "common", "utils", "util", "helpers", "helper", "misc"}


def code(*, migrations=False):
    """Every Python file of the apps, relative to the root."""
    files = (path.relative_to(ROOT) for app in ORDER for path in (ROOT / app).rglob("*.py"))
    return sorted(path for path in files if migrations or "migrations" not in path.parts)


def is_rule(path):
    return path.name not in WIRING_FILES and not WIRING_FOLDERS.intersection(path.parts)


def imports(source):
    """The modules that a source names in import statements, wherever in it they stand."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield node.module
        elif isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or "")


def wrong_imports(path, source):
    """Imports of an app to the right, or of tests, or of a view by a rule."""
    allowed = ORDER[: ORDER.index(path.parts[0]) + 1]
    for module in imports(source):
        app, *rest = module.split(".")
        if app in (*ORDER, "tests") and app not in allowed or app in ORDER and rest[:1] in (["views"], ["urls"]):
            yield f"{path} imports {module}"
        if not app:
            yield f"{path} imports {module}: name the app"


def functions(source):
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, node.end_lineno - node.lineno + 1


def test_apps_lean_only_on_those_before_them():
    found = [w for path in code() if is_rule(path) for w in wrong_imports(path, (ROOT / path).read_text("utf-8"))]
    assert found == []


@pytest.mark.parametrize(
    "path, source, wrong",
    [
        pytest.param("boards/a.py", "from outcomes.models import Outcome", False, id="to the left"),
        pytest.param("outcomes/a.py", "from outcomes.periods import Period", False, id="own app"),
        pytest.param("outcomes/a.py", "import outcomes_of_others", False, id="a name that only begins alike"),
        pytest.param("outcomes/a.py", "from boards.models import Board", True, id="to the right"),
        pytest.param("luton2040/a.py", "import priorities.models as p", True, id="plain import"),
        pytest.param("priorities/a.py", "def f():\n    from outcomes import report", True, id="hidden in a function"),
        pytest.param("outcomes/a.py", "from tests import factories", True, id="tests"),
        pytest.param("outcomes/a.py", "from outcomes.views import page", True, id="a rule that uses a view"),
        pytest.param("outcomes/a.py", "from . import periods", True, id="without its app's name"),
    ],
)
def test_wrong_imports_are_found(path, source, wrong):
    assert bool(list(wrong_imports(Path(path), source))) == wrong


def test_wiring_is_left_out_and_rules_are_not():
    left_out = {path.name for path in code() if not is_rule(path)}
    assert "load_fixtures.py" in left_out
    rules = {str(path) for path in code() if is_rule(path)}
    assert {"luton2040/editions.py", "outcomes/importing.py", "outcomes/framework.py", "boards/models.py"} <= rules


def test_folders_and_modules_have_a_subject():
    names = {part.removesuffix(".py") for path in code(migrations=True) for part in path.parts}
    names |= {path.name for path in ROOT.iterdir() if path.is_dir()}
    assert not names & NO_SUBJECT


def test_functions_are_short():
    long = [
        f"{path}: {name} has {lines} lines"
        for path in code()
        for name, lines in functions((ROOT / path).read_text("utf-8"))
        if lines > LONGEST_FUNCTION
    ]
    assert long == []


def test_files_are_short():
    lengths = {path: len((ROOT / path).read_text("utf-8").splitlines()) for path in code()}
    assert {str(path): lines for path, lines in lengths.items() if lines > LONGEST_FILE} == {}
