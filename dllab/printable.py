"""Text that comes from elsewhere (a plugin, a file, an error), made safe to show on a terminal."""


def printable(words: str) -> str:
    r"""The text with every character that is not printable escaped: "\x1b", "\n", "\udcff", "\u202e".

    A terminal obeys control characters, and no encoding takes lone surrogates.
    """
    if words.isprintable():
        return words
    return "".join(
        letter if letter.isprintable() else letter.encode("unicode_escape", "surrogatepass").decode("ascii")
        for letter in words
    )


def printable_line(words: str, most: int) -> str:
    """The text as one printable line of at most that many characters; a longer one ends in "…"."""
    line = printable(" ".join(words[: 4 * most].split()))
    return line if len(line) <= most and len(words) <= 4 * most else line[: most - 1] + "…"
