"""The command `dllab vary`."""

TEXTS = {
    "help_reference": (
        "a run, a file that the lab made, or an earlier sheet with --pick",
        "실행, dllab이 만든 파일, 또는 (--pick과 함께) 이전 모음 시트",
    ),
    "help_n": ("how many, the original among them (default: 9)", "원본을 포함한 개수 (기본: 9)"),
    "help_move": (
        "how far parameters move: 0 for other seeds alone (default: 0.25)",
        "매개변수를 움직이는 정도; 0이면 시드만 바꿈 (기본: 0.25)",
    ),
    "help_threads": (
        "CPU threads of each run (default: as many as the original had)",
        "실행마다 쓸 CPU 스레드 수 (기본: 원본과 같게)",
    ),
    "original": ("the original", "원본"),
    "seed": ("seed …{digits}", "시드 …{digits}"),
    "help_seed": ("another number gives other variations", "다른 수를 주면 다른 변주가 나옴"),
    "help_pick": ("go on from this number of an earlier sheet", "이전 모음 시트의 이 번호에서 이어 감"),
    "help_json": ("print the runs and the sheet as JSON", "실행과 모음 시트를 JSON으로 출력"),
    "bad_count": ("--n {count}: must be between 2 and {limit}", "--n {count}: 2에서 {limit} 사이여야 합니다"),
    "bad_move": ("--move {amount}: must be between 0 and 2", "--move {amount}: 0에서 2 사이여야 합니다"),
    "no_sheet": (
        "run {run} is no contact sheet but '{experiment}'; --pick takes a sheet that `dllab vary` made",
        "{run} 실행은 모음 시트가 아니라 '{experiment}'입니다. --pick에는 `dllab vary`가 만든 모음 시트를 주세요",
    ),
    "bad_pick": (
        "--pick {number}: the sheet has the numbers 1 to {count}",
        "--pick {number}: 모음 시트에는 1번부터 {count}번까지 있습니다",
    ),
    "pick_hint": (
        "`dllab vary {run} --pick NUMBER` goes on from one of them",
        "`dllab vary {run} --pick 번호`로 그중 하나에서 이어 갈 수 있습니다",
    ),
}
