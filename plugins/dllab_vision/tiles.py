"""Windows onto a picture too large to be seen at once: on the net's grid, with a margin that is exact."""

from typing import NamedTuple


class Box(NamedTuple):
    """A rectangle in pixels; bottom and right are the first row and column outside."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def slices(self) -> tuple[slice, slice]:
        """For indexing (..., H, W): `picture[..., *box.slices]`."""
        return slice(self.top, self.bottom), slice(self.left, self.right)


class Window(NamedTuple):
    """What is looked at (outer), and the part of it for which the answer counts (inner).

    Over all windows of a picture the inner boxes cover each pixel once.
    """

    outer: Box
    inner: Box

    @property
    def within(self) -> tuple[slice, slice]:
        """Where the inner box lies in the outer one, for indexing (..., h, w) of the outer box's size."""
        (top, left), (bottom, right) = self._offsets()
        return slice(top, bottom), slice(left, right)

    def places(self, stride: int) -> tuple[slice, slice]:
        """Which places of a layer's output over the outer box belong to the inner one.

        stride: that of the layer. At the picture's right and lower edge all that is left belongs to it.
        Over all windows each place of the whole picture's output comes once.
        """
        (top, left), (bottom, right) = self._offsets()
        return (
            slice(top // stride, None if self.inner.bottom == self.outer.bottom else bottom // stride),
            slice(left // stride, None if self.inner.right == self.outer.right else right // stride),
        )

    def _offsets(self) -> tuple[tuple[int, int], tuple[int, int]]:
        outer, inner = self
        first = inner.top - outer.top, inner.left - outer.left
        return first, (inner.bottom - outer.top, inner.right - outer.left)


def round_up(value: int, step: int) -> int:
    """The smallest multiple of step that is not below value."""
    return -(-value // step) * step


def spans(length: int, side: int, halo: int, stride: int) -> list[tuple[int, int, int, int]]:
    """One axis cut into spans (outer start, outer end, inner start, inner end) of nearly equal length.

    side: longest outer span; halo: what it has more than the inner one at each end inside the picture; both
    the halo and the starts are multiples of the stride. Raises ValueError when side leaves no room.
    """
    if length <= side:
        return [(0, length, 0, length)]
    if side < 2 * halo + stride:
        raise ValueError(
            f"windows of {side} px leave nothing inside a halo of {halo} px; "
            f"give {2 * halo + stride} px or more"
        )
    count = 2
    while True:
        inner = round_up(-(-length // count), stride)
        if inner + halo * min(2, count - 1) <= side or inner == stride:
            break
        count += 1
    return [
        (max(0, start - halo), min(length, start + inner + halo), start, min(length, start + inner))
        for start in range(0, length, inner)
    ]


def windows(height: int, width: int, side: int, halo: int, stride: int) -> list[Window]:
    """The windows onto a picture, row by row; a single one when the picture fits into side."""
    halo = round_up(halo, stride)
    rows, columns = (spans(length, side, halo, stride) for length in (height, width))
    return [
        Window(Box(top, left, bottom, right), Box(inner_top, inner_left, inner_bottom, inner_right))
        for top, bottom, inner_top, inner_bottom in rows
        for left, right, inner_left, inner_right in columns
    ]
