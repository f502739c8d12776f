"""Random numbers: all from one seed, and the global generators left as they were."""

from __future__ import annotations

import random
import subprocess
import sys

import numpy as np

from dllab.seeds import integer_seed, seed_sequence, seeded_globals, torch_in_order, when_imported


def test_names_give_independent_streams_and_a_seed_gives_the_same_ones() -> None:
    first = np.random.default_rng(seed_sequence(3, "rng")).random(4)
    again = np.random.default_rng(seed_sequence(3, "rng")).random(4)
    other_name = np.random.default_rng(seed_sequence(3, "other")).random(4)
    other_seed = np.random.default_rng(seed_sequence(4, "rng")).random(4)
    np.testing.assert_array_equal(first, again)
    assert not np.intersect1d(first, other_name).size
    assert not np.intersect1d(first, other_seed).size


def test_integer_seeds_fit_torch() -> None:
    assert all(0 <= integer_seed(seed, "torch") < 2**63 for seed in range(200))


def test_global_generators_are_seeded_and_put_back() -> None:
    import torch

    random.seed(1)
    np.random.seed(1)
    torch.manual_seed(1)
    expected = (random.random(), np.random.random(), torch.rand(1).item())
    random.seed(1)
    np.random.seed(1)
    torch.manual_seed(1)
    draws = []
    for _ in range(2):
        with seeded_globals(5):
            draws.append((random.random(), np.random.random(), torch.rand(1).item()))
    assert draws[0] == draws[1]
    assert (random.random(), np.random.random(), torch.rand(1).item()) == expected


def test_gradients_of_picked_rows_are_the_same_bytes_on_many_threads() -> None:
    import torch

    threads = torch.get_num_threads()
    rows = torch.randint(40, (20_000,), generator=torch.Generator().manual_seed(0))
    weights = torch.randn(20_000, generator=torch.Generator().manual_seed(1))

    def gradient() -> torch.Tensor:
        table = torch.ones(40, 16, requires_grad=True)
        (table[rows].square().sum(dim=1) * weights).sum().backward()
        assert table.grad is not None
        return table.grad

    torch.set_num_threads(2)
    try:
        with torch_in_order("cpu"):
            first = gradient()
            assert all(torch.equal(first, gradient()) for _ in range(50))
        assert not torch.are_deterministic_algorithms_enabled()
    finally:
        torch.set_num_threads(threads)


def test_torch_is_put_in_order_without_its_compiler() -> None:
    code = (
        "import sys\nfrom dllab.seeds import torch_in_order\n"
        "with torch_in_order('cpu'):\n    import torch\n"
        "    assert torch.are_deterministic_algorithms_enabled()\n"
        "assert 'torch._inductor' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_torch_is_seeded_when_it_is_imported_later() -> None:
    code = (
        "import sys\nfrom dllab.seeds import seeded_globals\nvalues = []\n"
        "with seeded_globals(5):\n    assert 'torch' not in sys.modules\n    import torch\n"
        "    values.append(torch.rand(1).item())\n"
        "with seeded_globals(5):\n    values.append(torch.rand(1).item())\n"
        "assert values[0] == values[1], values"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_watched_import_is_left_as_it_was() -> None:
    code = (
        "import sys\nfrom dllab.seeds import when_imported\nseen = []\n"
        "when_imported('wave', lambda module: seen.append(module.__name__))\n"
        "forget = when_imported('colorsys', lambda module: seen.append('never'))\nforget()\n"
        "import wave, colorsys\nassert seen == ['wave'], seen\n"
        "assert type(wave.__loader__).__name__ == 'SourceFileLoader', wave.__loader__\n"
        "assert not any(type(f).__name__ == '_ImportWatcher' for f in sys.meta_path)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_an_import_that_has_happened_is_acted_on_at_once() -> None:
    seen = []
    when_imported("sys", seen.append)
    assert seen == [sys]
