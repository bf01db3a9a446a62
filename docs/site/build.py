"""Builds the documentation as a site: `python docs/site/build.py FOLDER`. A link that leads nowhere ends it.

The pages are those of docs/, with a page of every command's help made anew from the program itself.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

SITE = Path(__file__).parent
DOCS = SITE.parent
ROOT = DOCS.parent
sys.path.insert(0, str(ROOT))

from ui.cli.helping import command_helps  # noqa: E402

HEAD = """# All commands

What `woz COMMAND --help` says, of version {version}. Status 0 is success, 1 a fault of the world (one sentence on
standard error), 2 wrong usage.
"""


def main(target: Path) -> int:
    """The status of Sphinx: 0, or 1 where it warned of anything."""
    source = target / "source"
    shutil.rmtree(source, ignore_errors=True)
    shutil.copytree(DOCS, source, ignore=shutil.ignore_patterns("site", "*.py", "__pycache__"))
    (source / "commands.md").write_text(commands_page(), encoding="utf-8")
    shutil.copy(ROOT / "CHANGELOG.md", source / "changelog.md")
    text = (source / "changelog.md").read_text(encoding="utf-8")
    (source / "changelog.md").write_text(text.replace("](docs/", "]("), encoding="utf-8")
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-b", "html", "-c", str(SITE)]
    return subprocess.run([*command, str(source), str(target / "html")], check=False).returncode


def commands_page() -> str:
    """Every command's help, a heading each, in the program's own order."""
    from woz import __version__

    parts = [HEAD.format(version=__version__)]
    for name, text in command_helps():
        level = "##" if name.count(" ") < 2 else "###"
        parts.append(f"{level} {name}\n\n```text\n{text.rstrip()}\n```\n")
    return "\n".join(parts)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
