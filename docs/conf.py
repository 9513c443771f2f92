"""How Sphinx builds these pages: offline, with the quickstart notebook executed on the way."""

import shutil
import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))
# Sphinx reads only what lies in this folder.
shutil.copyfile(HERE.parent / "notebooks" / "01_quickstart.ipynb", HERE / "quickstart.ipynb")

project = "corridor"
author = "The corridor authors"
project_copyright = "The corridor authors; data terms apart, see sources"
html_title = "corridor"
html_theme = "furo"
html_static_path = ["_static"]
html_css_files = ["corridor.css"]
html_show_sphinx = False

extensions = ["myst_nb", "mathml"]
exclude_patterns = ["_build"]
myst_enable_extensions = ["dollarmath", "deflist"]
myst_heading_anchors = 3
html_math_renderer = "mathml"

nb_execution_mode = "force"
nb_execution_raise_on_error = True
nb_execution_timeout = 300
