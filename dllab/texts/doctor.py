"""The command `dllab doctor`."""

TEXTS = {
    "help_json": ("print the findings as JSON", "결과를 JSON으로 출력"),
    "python": ("software", "소프트웨어"),
    "processor": ("processor", "프로세서"),
    "cores": ("{processor}, {cores} cores for the lab", "{processor}, 사용 가능한 코어 {cores}개"),
    "memory": ("memory", "메모리"),
    "unknown": ("unknown", "알 수 없음"),
    "little_memory": ("choose small pictures and small batches", "작은 그림과 작은 배치를 쓰세요"),
    "install_torch": ("install the lab again: pip install dllab", "다시 설치하세요: pip install dllab"),
    "accelerator": ("accelerator", "가속기"),
    "no_accelerator": ("none; the lab runs on the CPU", "없음. CPU로 실행합니다"),
    "fast_bfloat16": (
        "bfloat16 in hardware: heavy work runs in it",
        "bfloat16 하드웨어 지원: 무거운 계산에 사용합니다",
    ),
    "slow_bfloat16": ("float32 (no bfloat16 in hardware)", "float32(bfloat16 하드웨어 없음)"),
    "install_av": ("pip install av", "pip install av"),
    "video": ("video", "영상"),
    "there": ("there", "있음"),
    "missing": ("missing", "없음"),
    "ffmpeg_not_needed": (
        "not on the path, and not needed: PyAV brings its own",
        "없지만 필요하지 않습니다. PyAV에 들어 있습니다",
    ),
    "display": ("display", "화면"),
    "no_display": (
        "windows cannot open here; pictures and films are still written",
        "여기서는 창을 열 수 없습니다. 그림과 영상 저장은 됩니다",
    ),
    "sound": ("sound", "소리"),
    "no_sound": (
        "nothing can be heard here; sound files are still written",
        "소리를 들을 수 없습니다. 소리 파일 저장은 됩니다",
    ),
    "fonts": ("Korean font", "한글 글꼴"),
    "no_korean_font": ("none that Matplotlib knows", "Matplotlib이 아는 한글 글꼴이 없습니다"),
    "install_font": (
        "pip install koreanize-matplotlib, to see Korean in figures",
        "도표에 한글을 쓰려면 pip install koreanize-matplotlib",
    ),
    "home": ("runs are kept in", "실행 저장 위치"),
    "free": ("{folder} ({free} GiB free)", "{folder} (여유 {free} GiB)"),
    "other_home": (
        "set DLLAB_HOME to a folder that can be written",
        "DLLAB_HOME을 쓸 수 있는 폴더로 지정하세요",
    ),
    "store": ("store", "저장소"),
    "store_holds": (
        "opens, format {version}: {runs} run(s), {files} file(s), {size}",
        "열림, 형식 {version}: 실행 {runs}개, 파일 {files}개, {size}",
    ),
    "no_store": ("no run yet; the first makes it", "아직 실행이 없음. 첫 실행 때 만들어집니다"),
    "mend_store": (
        "until it is mended, --store FOLDER or DLLAB_HOME names another place",
        "고칠 때까지 --store 폴더나 DLLAB_HOME으로 다른 곳을 쓸 수 있습니다",
    ),
    "cache": ("cache", "캐시"),
    "plugins": ("plugins", "플러그인"),
    "plugins_found": (
        "{plugins} plugins, {experiments} experiments",
        "플러그인 {plugins}개, 실험 {experiments}개",
    ),
    "broken_plugin": (
        "update or uninstall it; `dllab plugins --debug` shows more",
        "업데이트하거나 제거하세요. `dllab plugins --debug`로 자세히 봅니다",
    ),
}
