"""What `dllab course` and its gallery say."""

TEXTS = {
    "help_lecture": ("only the experiments that this lecture names", "이 강의에 나오는 실험만"),
    "help_topic": ("the experiments of this topic and its parts", "이 주제와 그 아래 주제의 실험"),
    "help_out": ("folder for the gallery", "갤러리를 만들 폴더"),
    "help_jobs": (
        "experiments at once; one for each core where it is not given",
        "동시에 할 실험 수; 없으면 코어마다 하나",
    ),
    "begins": (
        "{total} experiments, {jobs} at once: some minutes for a whole course; --tiny shows them sooner, and small",
        "실험 {total}개를 {jobs}개씩: 과정 전체는 몇 분 걸립니다. --tiny는 작은 크기로 더 빨리 보여 줍니다",
    ),
    "ended": (
        "[{done}/{total}] {name}: {status} ({seconds} s)",
        "[{done}/{total}] {name}: {status} ({seconds}초)",
    ),
    "tiny": (
        "Made with --tiny: small sizes, only to see that it works. The full course gives other figures.",
        "--tiny로 만든 갤러리입니다. 작동을 확인하는 작은 크기라서, 제 크기로 돌리면 값이 달라집니다.",
    ),
    "title": ("Gallery: {what}", "갤러리: {what}"),
    "total": (
        "{runs} experiments, {held} of {checks} checks hold",
        "실험 {runs}개, 검사 {checks}개 가운데 {held}개 통과",
    ),
    "cancelled": (
        "cancelled after {done} of {total} experiments; the earlier gallery is as it was: {page}",
        "실험 {total}개 가운데 {done}개를 마치고 중단했습니다. 이전 갤러리는 그대로 있습니다: {page}",
    ),
    "cancelled_new": (
        "cancelled after {done} of {total} experiments",
        "실험 {total}개 가운데 {done}개를 마치고 중단했습니다",
    ),
    "failed": ("these failed: {names}", "실패한 실험: {names}"),
    "check": ("check", "검사"),
    "got": ("obtained", "얻은 값"),
    "expected": ("known", "알려진 값"),
    "source": ("source", "출처"),
    "no_folder": (
        "--out {folder}: that is a file; name a folder",
        "--out {folder}: 파일입니다. 폴더를 주세요",
    ),
    "not_empty": (
        "--out {folder}: the folder holds other things; name a new one",
        "--out {folder}: 폴더에 다른 것이 있습니다. 새 폴더를 주세요",
    ),
}
