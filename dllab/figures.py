"""Figures in one style that shows Korean, made without pyplot, so that threads are left alone."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import fontManager
from matplotlib.table import Cell
from matplotlib.text import Text

from dllab.fonts import FAMILY, font_files

if TYPE_CHECKING:
    import numpy as np
    from matplotlib.axes import Axes
    from matplotlib.backend_bases import RendererBase

# Okabe and Ito's colours, told apart by colour-blind eyes, a little deepened for thin lines on white.
COLOURS = ("#0072b2", "#e06c00", "#009e73", "#b5478a", "#c9a200", "#3aa0d8", "#7a5c3e", "#555b66")
INK, MUTED, GRID = "#22262e", "#6b7280", "#e6e8ec"
FALLBACK_FAMILY = "DejaVu Sans"  # Matplotlib's own: has the minus sign and what mathematics needs
DPI = 120
LARGEST_GRID = 12  # rows or columns of one figure


@cache
def font_families() -> tuple[str, ...]:
    """The families for text, best first."""
    for file in font_files():
        fontManager.addfont(str(file))
    return (FAMILY, FALLBACK_FAMILY) if font_files() else (FALLBACK_FAMILY,)


class _LabFigure(Figure):
    """A figure whose texts take the lab's fonts right before they are drawn, whoever made them."""

    def draw(self, renderer: RendererBase) -> None:
        families = list(font_families())
        in_tables = [cell.get_text() for cell in self.findobj(Cell)]  # which do not name them as theirs
        for words in [*self.findobj(Text), *in_tables]:
            words.set_fontfamily(families)
        for axes in self.axes:
            for axis in (axes.xaxis, axes.yaxis):
                if axis.get_scale() != "linear":  # its powers are mathematics, which knows no second font
                    for words in axis.get_ticklabels(which="both"):
                        words.set_fontfamily(FALLBACK_FAMILY)
            for title in (axes.title, axes._left_title):  # type: ignore[attr-defined]
                title.set(fontsize=11, fontweight="bold", color=INK)
            legend = axes.get_legend()
            if legend is not None:
                legend.get_frame().set(edgecolor="none", facecolor="white", alpha=0.85)
                for words in legend.get_texts():
                    words.set(fontsize=8.5, color=INK)
        super().draw(renderer)


def new_figure(
    rows: int = 1, columns: int = 1, size: tuple[float, float] | None = None, **subplots: Any
) -> tuple[Figure, Any]:
    """A figure in the lab's style, and its axes: one, or an array of shape (rows, columns) without ones.

    size: (width, height) in inches, 4.6 x 3.8 for each of the axes where none is given; 120 dots an inch.
    subplots: further arguments of Matplotlib's Figure.subplots (sharex, width_ratios, subplot_kw ...).
    Korean text needs nothing else. Raises ValueError for a grid without or with too many axes.
    """
    if not (1 <= rows <= LARGEST_GRID and 1 <= columns <= LARGEST_GRID):
        raise ValueError(f"new_figure makes 1 to {LARGEST_GRID} rows and columns, not {rows} x {columns}")
    size = size or (4.6 * columns, 3.8 * rows)
    figure = _LabFigure(figsize=size, dpi=DPI, facecolor="white")
    FigureCanvasAgg(figure)
    figure.set_layout_engine("constrained", w_pad=0.12, h_pad=0.1, wspace=0.02, hspace=0.02)  # inches, shares
    axes = figure.subplots(rows, columns, **subplots)
    for one in figure.axes:
        _style(one)
    return figure, axes


def _style(axes: Axes) -> None:
    """Quiet frame and grid, the lab's colours in turn."""
    axes.set_prop_cycle(color=COLOURS)
    axes.set_facecolor("white")
    axes.set_axisbelow(True)
    axes.grid(True, color=GRID, linewidth=0.8)
    for side, spine in axes.spines.items():
        spine.set_visible(side in ("left", "bottom"))
        spine.set_color(MUTED)
        spine.set_linewidth(0.8)
    axes.tick_params(colors=MUTED, labelsize=8.5, length=3, width=0.8)
    axes.xaxis.label.set(color=INK, fontsize=9.5)
    axes.yaxis.label.set(color=INK, fontsize=9.5)


def figure_image(figure: Figure) -> np.ndarray:
    """The figure as a picture, float32 (3, H, W) in [0, 1]: a frame for Run.save_video or Run.preview."""
    import numpy as np

    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    pixels = np.asarray(canvas.buffer_rgba())[..., :3]  # (H, W, 3), in [0, 255]
    return np.ascontiguousarray(pixels.transpose(2, 0, 1)).astype(np.float32) / np.float32(255)
