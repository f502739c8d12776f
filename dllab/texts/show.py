"""What the command line says of a run."""

TEXTS = {
    "working": ("working", "진행"),
    "check": ("{mark} {name}: {got} (expected {expected})", "{mark} {name}: {got} (기준 {expected})"),
    "source": ("source: {source}", "출처: {source}"),
    "ended": (
        "run {run} ({experiment}) {status} in {duration}",
        "실행 {run}({experiment}): {status} ({duration})",
    ),
    "status_queued": ("queued", "대기 중"),
    "status_running": ("running", "실행 중"),
    "status_succeeded": ("succeeded", "성공"),
    "status_failed": ("failed", "실패"),
    "status_cancelled": ("cancelled", "취소됨"),
    "status_lost": ("lost", "끊김"),
    "resume_hint": (
        "stopped; `dllab run --resume {run}` goes on from the last checkpoint",
        "중단되었습니다. `dllab run --resume {run}`(으)로 마지막 체크포인트부터 이어 갈 수 있습니다",
    ),
    "params_not_object": (
        "'{file}' must hold a JSON object of parameter names and values",
        "'{file}'에는 매개변수 이름과 값의 JSON 객체가 있어야 합니다",
    ),
    "params_no_file": (
        "--params '{file}' is no regular file of at most 1 MB; give a JSON file",
        "--params '{file}'은(는) 1 MB 이하의 일반 파일이 아닙니다. JSON 파일을 주세요",
    ),
    "params_unreadable": ("'{file}' cannot be read: {fault}", "'{file}' 파일을 읽을 수 없습니다: {fault}"),
    "out_unusable": (
        "--out '{folder}' cannot be used: {fault}",
        "--out '{folder}' 폴더를 쓸 수 없습니다: {fault}",
    ),
}
