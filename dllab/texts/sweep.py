"""The commands `dllab sweep` and `dllab vary`."""

TEXTS = {
    "help_experiment": ("the experiment to run", "실행할 실험"),
    "help_grid": ("values to try for a parameter; may be repeated", "매개변수에 시험할 값들; 여러 번 가능"),
    "help_seeds": ("seeds, as 0..4 or 1,5,9 (default: 0)", "시드, 예: 0..4 또는 1,5,9 (기본: 0)"),
    "help_set": ("a value that all runs share; may be repeated", "모든 실행이 함께 쓰는 값; 여러 번 가능"),
    "help_jobs": ("runs at a time (default: 1)", "동시에 실행할 개수 (기본: 1)"),
    "help_threads": (
        "CPU threads of each run (default: the cores shared out)",
        "실행마다 쓸 CPU 스레드 수 (기본: 코어 수를 나누어 씀)",
    ),
    "help_tiny": ("small parameters, only to see that it works", "동작만 확인하는 작은 설정"),
    "help_resume": ("run what is missing of an earlier sweep", "이전 스윕에서 빠진 실행만 수행"),
    "help_json": ("print the summary as JSON", "요약을 JSON으로 출력"),
    "bad_jobs": ("--jobs {jobs}: must be between 1 and 256", "--jobs {jobs}: 1에서 256 사이여야 합니다"),
    "bad_grid": ("'{given}': write it as NAME=VALUE,VALUE", "'{given}': 이름=값,값 형식으로 써 주세요"),
    "twice": (
        "'{name}' is given twice; write its values once, as {name}=1,2",
        "'{name}'이(가) 두 번 나왔습니다. {name}=1,2처럼 한 번에 써 주세요",
    ),
    "single": (
        "no --grid and one seed: a single run, which `dllab run {experiment}` does, too",
        "--grid가 없고 시드도 하나라 실행은 하나뿐입니다. `dllab run {experiment}`(으)로도 됩니다",
    ),
    "bad_seeds": (
        "--seeds {given}: give whole numbers from 0 on, as 0..4 or 1,5,9",
        "--seeds {given}: 0 이상의 정수를 0..4 또는 1,5,9처럼 써 주세요",
    ),
    "large_seed": (
        "--seeds {given}: a seed is at most 2**63 - 1",
        "--seeds {given}: 시드는 2**63 - 1 이하여야 합니다",
    ),
    "many_seeds": (
        "--seeds {given}: a sweep has at most {limit} runs; give fewer seeds",
        "--seeds {given}: 스윕의 실행은 {limit}개까지입니다. 시드를 줄여 주세요",
    ),
    "seed_twice": (
        "--seeds {given}: {seed} is given twice; give different ones",
        "--seeds {given}: {seed}이(가) 두 번 나왔습니다. 서로 다른 시드를 주세요",
    ),
    "figure_mean": (
        "{experiment}: mean over {seeds} seeds; bars: 95 % confidence interval",
        "{experiment}: 시드 {seeds}개의 평균, 막대는 95 % 신뢰구간",
    ),
    "figure_part": (
        "{shown} of {metrics} metrics; all are in summary.csv",
        "지표 {metrics}개 가운데 {shown}개, 전부는 summary.csv에",
    ),
    "figure_all": ("all runs", "전체 실행"),
    "too_many": (
        "{runs} runs are more than {limit}; make the grid smaller",
        "실행 {runs}개는 한도 {limit}개를 넘습니다. 격자를 줄여 주세요",
    ),
    "no_sweep": (
        "run {run} is no sweep but '{experiment}'",
        "{run} 실행은 스윕이 아니라 '{experiment}'입니다",
    ),
    "child_ended": ("{done} of {total}: run {run} {status}", "[{done}/{total}] 실행 {run} {status}"),
    "children_failed": (
        "{failed} of {total} runs did not succeed: {runs}",
        "실행 {total}개 중 {failed}개가 성공하지 못했습니다: {runs}",
    ),
    "resume_hint": (
        "`dllab sweep --resume {run}` runs what is missing",
        "`dllab sweep --resume {run}`(으)로 빠진 실행만 할 수 있습니다",
    ),
}
