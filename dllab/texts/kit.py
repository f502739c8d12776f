"""What the author's kit says: the writer of plugins, and the contract that experiments are held to."""

TEXTS = {
    "help_name": (
        "what it is called: dots makes the package dllab-dots",
        "플러그인 이름: dots라면 dllab-dots 패키지가 됨",
    ),
    "help_dir": (
        "the folder to write the package into; else this one",
        "패키지를 만들 폴더 (없으면 현재 폴더)",
    ),
    "next": (
        "next:\n{tools}  cd {folder}\n  python -m pip install --no-build-isolation --no-deps -e .\n"
        "  python -m pytest\n  dllab run {name}",
        "다음:\n{tools}  cd {folder}\n  python -m pip install --no-build-isolation --no-deps -e .\n"
        "  python -m pytest\n  dllab run {name}",
    ),
    "no_folder": (
        "--dir {path}: there is no such folder; make it first",
        "--dir {path}: 그런 폴더가 없습니다. 먼저 만드세요",
    ),
    "exists": (
        "{path} is there already, and nothing is overwritten; choose another name or --dir",
        "{path}이(가) 이미 있어 덮어쓰지 않습니다. 다른 이름이나 --dir을 쓰세요",
    ),
    "cannot_write": ("{path} cannot be written: {error}", "{path}을(를) 쓸 수 없습니다: {error}"),
    "prefix": (
        "'{name}': leave the dllab out, the package gets it by itself; try '{bare}'",
        "'{name}': dllab은 자동으로 붙으니 빼세요. 예: '{bare}'",
    ),
    "bad_name": (
        "'{name}' cannot be the name of a plugin: lower-case letters and digits joined by '-', a letter first, "
        "at most {longest}; try '{near}'",
        "'{name}'은(는) 플러그인 이름이 될 수 없습니다. 소문자로 시작하고 소문자와 숫자를 '-'로 이어 {longest}자까지. 예: '{near}'",
    ),
    "bad_letters": (
        "'{name}' cannot be the name of a plugin: only a-z, 0-9 and '-' work, a letter first, at most {longest}",
        "'{name}'은(는) 플러그인 이름이 될 수 없습니다. a-z, 0-9, '-'만 쓸 수 있고, 소문자로 시작해 {longest}자까지입니다",
    ),
    "keyword": (
        "'{name}' is a word of Python's own, which no function can be called; try 'my-{name}'",
        "'{name}'은(는) 파이썬의 예약어라 함수 이름이 될 수 없습니다. 예: 'my-{name}'",
    ),
    "taken": (
        "the {kind} '{name}' is there already (plugin '{plugin}'); choose another name",
        "{kind} '{name}'은(는) 이미 있습니다 (플러그인 '{plugin}'). 다른 이름을 고르세요",
    ),
    # the contract
    "no_rule": (
        "the contract has no rule '{rule}'; it has: {rules}.",
        "규약에 '{rule}' 항목이 없습니다. 있는 항목: {rules}.",
    ),
    "no_help": (
        "{flag} has no help; give dllab.param(help=…)",
        "{flag}에 설명이 없습니다. dllab.param(help=…)을 쓰세요",
    ),
    "no_bounds": (
        "{flag} takes any number; give dllab.param(ge=…, le=…), so that a wrong one is refused before it runs",
        "{flag}에 범위가 없습니다. dllab.param(ge=…, le=…)을 쓰면 잘못된 값을 실행 전에 거절합니다",
    ),
    "no_default": (
        "{flag} has no default and tiny gives none, so the tiny run cannot start; add it to tiny={{…}}",
        "{flag}의 기본값이 없고 tiny에도 없어 작은 실행을 할 수 없습니다. tiny={{…}}에 넣으세요",
    ),
    "bad_default": ("a default is refused: {error}", "기본값이 거절되었습니다: {error}"),
    "bad_tiny": ("tiny is refused: {error}", "tiny의 값이 거절되었습니다: {error}"),
    "no_korean": (
        "ko lacks '{key}' ('' is the summary); give all texts or none",
        "ko에 '{key}'이(가) 없습니다 (''는 요약). 모두 쓰거나 모두 빼세요",
    ),
    "heavy": (
        "listing the plugin imports {module} ({place}); put the import inside the function that needs it",
        "플러그인을 나열할 때 {module}을(를) 불러옵니다 ({place}). 쓰는 함수 안에서 import 하세요",
    ),
    "import_hangs": (
        "importing {source} took more than {seconds} s",
        "{source}을(를) {seconds}초 안에 불러오지 못했습니다",
    ),
    "import_fails": ("{source} cannot be imported: {error}", "{source}을(를) 불러올 수 없습니다: {error}"),
    "hangs": (
        "its tiny runs took more than {seconds} s and were stopped; tiny should run in about a second",
        "작은 실행이 {seconds}초 안에 끝나지 않아 중단했습니다. tiny는 1초쯤 걸려야 합니다",
    ),
    "dies": (
        "its tiny run ended the Python that it ran in (exit status {status}): it crashed or called os._exit",
        "작은 실행이 파이썬을 끝냈습니다 (종료 상태 {status}). 비정상 종료했거나 os._exit를 호출했습니다",
    ),
    "run_fails": ("its tiny run fails: {error}", "작은 실행이 실패했습니다: {error}"),
    "differs_process": (
        "{name} is another in a process of its own: {what}; draw every number from run.rng",
        "별도 프로세스에서는 {name}이(가) 다릅니다: {what}. 모든 난수를 run.rng에서 뽑으세요",
    ),
    "differs_replay": (
        "{name} is another when it is made again: {what}; draw every number from run.rng, end clock figures in _s",
        "다시 만들면 {name}이(가) 다릅니다: {what}. 모든 난수를 run.rng에서 뽑고, 시간 지표의 이름은 _s로 끝내세요",
    ),
    "changes_folder": (
        "it leaves the process in another working folder; take paths from the run",
        "작업 폴더를 바꾸어 놓습니다. 경로는 run에서 받으세요",
    ),
    "leaves_in_work": (
        "leaves {path} in the working folder; write through run.open_file or run.save_…",
        "작업 폴더에 {path}을(를) 남깁니다. run.open_file이나 run.save_…로 쓰세요",
    ),
    "leaves_in_home": (
        "leaves {path} in the home folder; write through run.open_file or run.save_…",
        "홈 폴더에 {path}을(를) 남깁니다. run.open_file이나 run.save_…로 쓰세요",
    ),
    "leaves_in_tmp": (
        "leaves {path} in the folder for temporary files; remove it, or use tempfile.TemporaryDirectory",
        "임시 폴더에 {path}을(를) 남깁니다. 지우거나 tempfile.TemporaryDirectory를 쓰세요",
    ),
    # the command that checks
    "good": ("keeps the contract", "규약을 지킴"),
    "faults": ("faults: {number}", "문제 {number}개"),
    "faults_heading": ("faults", "문제"),
    "nothing_called": (
        "there is no plugin and no experiment called '{name}'.",
        "플러그인과 실험 가운데 '{name}'은(는) 없습니다.",
    ),
    "nothing_to_check": ("there is no experiment to check", "검사할 실험이 없습니다"),
}
