"""How the memory of a dream is kept from one gradient to the next, instead of being fetched anew."""

import contextlib
import ctypes
import platform
from collections.abc import Iterator

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3  # of glibc's malloc.h
MOST_PIXELS = 1_200_000  # of a picture, about what a window of the usual size holds
KEPT = 2**30  # bytes: blocks below it are kept while dreaming; older versions take USUAL_BLOCK at most
USUAL_TRIM, USUAL_BLOCK = 64 * 2**20, 32 * 2**20  # bytes: what glibc itself ends up with after large blocks


@contextlib.contextmanager
def kept(height: int, width: int) -> Iterator[None]:
    """Let glibc keep what is freed inside the block, and give it back at its end; elsewhere nothing.

    A gradient needs blocks of many megabytes that glibc would return to the system each time, which clears
    every page before it lends it again: a sixth of a dream's time at 451 x 300 px. Not for pictures of more
    than MOST_PIXELS, which have no bytes to spare for the gaps between blocks of different sizes.
    """
    if platform.libc_ver()[0] != "glibc" or height * width > MOST_PIXELS:
        yield
        return
    libc = ctypes.CDLL(None)
    libc.mallopt(M_MMAP_THRESHOLD, KEPT) or libc.mallopt(M_MMAP_THRESHOLD, USUAL_BLOCK)
    libc.mallopt(M_TRIM_THRESHOLD, KEPT)
    try:
        yield
    finally:
        libc.mallopt(M_MMAP_THRESHOLD, USUAL_BLOCK)
        libc.mallopt(M_TRIM_THRESHOLD, USUAL_TRIM)
        libc.malloc_trim(0)
