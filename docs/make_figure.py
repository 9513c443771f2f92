"""Draw the README's figure anew from a saved run: ``python docs/make_figure.py results/homs_2024``."""

import io
import sys
from pathlib import Path

from PIL import Image

from corridor.ensemble import open_run
from corridor.figures import plot_territory

HERE = Path(__file__).parent
INSTANTS = ("2024-12-07T22:00+03:00", "2024-12-08T02:00+03:00")
COLOURS = 96
"""A palette keeps the file small enough for a repository."""


def main(folder: Path) -> None:
    """Draw the territory before and after the split of the run in `folder`."""
    run = open_run(folder).assign_attrs(show_maps=";".join(INSTANTS))
    drawn = Image.open(io.BytesIO(plot_territory(run).png(dpi=200))).convert("RGB")
    drawn.quantize(COLOURS, dither=Image.Dither.NONE).save(HERE / "figures" / "territory.png", optimize=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
