"""What the lab says of plugins and the index."""

TEXTS = {
    "indexing": ("indexing plugins…", "플러그인 목록을 만드는 중…"),
    "cannot_index": (
        "the plugins cannot be indexed: the Python at {executable} does not start ({error})",
        "플러그인 목록을 만들 수 없습니다. {executable}의 파이썬이 시작되지 않습니다 ({error})",
    ),
    "unknown": ("there is no {kind} called '{name}'.", "{kind} '{name}'은(는) 없습니다."),
    "perhaps_broken": (
        "Perhaps a broken plugin brings it: {names} (see dllab plugins)",
        "문제 있는 플러그인에 있을 수도 있습니다: {names} (dllab plugins 참고)",
    ),
    "perhaps_left_out": (
        "Perhaps a plugin that is not loaded brings it: {names} (see dllab plugins)",
        "불러오지 않은 플러그인에 있을 수도 있습니다: {names} (dllab plugins 참고)",
    ),
    "named_and_missing": (
        "DLLAB_LOAD_PLUGINS names '{name}', and no plugin is called so",
        "DLLAB_LOAD_PLUGINS에 적힌 플러그인 '{name}'은(는) 없습니다",
    ),
    "strict": ("strict mode, faults: {number}: {faults}", "엄격 모드, 문제 {number}개: {faults}"),
    "kind_experiment": ("experiment", "실험"),
    "kind_command": ("command", "명령"),
    "kind_executor": ("executor", "실행기"),
    "kind_exporter": ("exporter", "내보내기"),
    "kind_plugin": ("plugin", "플러그인"),
    "kind_model": ("model", "모델"),
    "kind_dataset": ("data set", "데이터셋"),
    "kind_sample": ("sample", "샘플"),
    "kind_environment": ("environment", "환경"),
    "kind_agent": ("agent", "에이전트"),
    "kind_agent-format": ("format of agents", "에이전트 형식"),
    "broken": ("plugin '{name}' ({origin}) is broken: {error}", "플러그인 '{name}' ({origin}) 오류: {error}"),
    "raised": ("{error}", "{error}"),
    "hung": (
        "took more than {seconds} s to load and was stopped (DLLAB_PLUGIN_TIMEOUT sets the limit)",
        "{seconds}초 안에 불러오지 못해 중단했습니다 (DLLAB_PLUGIN_TIMEOUT으로 한도를 바꿀 수 있습니다)",
    ),
    "died": (
        "ended the Python that loaded it (exit status {status}): it crashed or called os._exit",
        "불러오던 파이썬을 끝냈습니다 (종료 상태 {status}). 비정상 종료했거나 os._exit를 호출했습니다",
    ),
    "no_folder": (
        "there is no folder {path} (from --plugins-dir or DLLAB_PLUGINS_DIR)",
        "{path} 폴더가 없습니다 (--plugins-dir 또는 DLLAB_PLUGINS_DIR)",
    ),
    "not_utf8": (
        "its file's name is not UTF-8 text: rename the file",
        "파일 이름이 UTF-8이 아닙니다. 파일 이름을 바꾸세요",
    ),
    "no_record": (
        "its loading left no record: it broke the Python that loaded it",
        "불러온 결과가 남지 않았습니다. 플러그인이 불러오던 파이썬을 망가뜨렸습니다",
    ),
    "no_timeout": (
        "DLLAB_PLUGIN_TIMEOUT is '{given}': give seconds, more than 0 and at most {most}",
        "DLLAB_PLUGIN_TIMEOUT 값 '{given}': 0보다 크고 {most} 이하인 초여야 합니다",
    ),
    "clash": (
        "two plugins claim the {kind} '{name}': {winner} has it, the one of {loser} is left out",
        "두 플러그인에 {kind} '{name}'이(가) 있습니다. {winner}의 것을 쓰고 {loser}의 것은 쓰지 않습니다",
    ),
}
