"""The lab from a script or a notebook: launch an experiment, then look at its record.

Run it where you like: python examples/scripts/notebook_style.py
"""

import dllab


def main() -> None:
    """Dream on a small cup of coffee through two layers, and say where the pictures are."""
    settings = {"image": "sample:coffee", "octaves": 2, "max_size": 160}
    for layer in ("c3_2", "c4_2"):
        run = dllab.launch("deepdream", {**settings, "layers": (layer,)}, seed=1, tags=("notebook",))
        with dllab.Store() as store:
            activation = store.latest_metrics(run.id)["activation"]
            picture = store.artifact(run.id, "dream.png")
        print(f"{layer}: {activation:.2f} times the response, {picture.copy}")


if __name__ == "__main__":
    main()
