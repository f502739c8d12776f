"""What the store says."""

TEXTS = {
    "not_a_folder": (
        "the store {home} is not a folder; name another with --store or DLLAB_HOME",
        "저장소 {home}은(는) 폴더가 아닙니다. --store나 DLLAB_HOME으로 다른 폴더를 지정하세요",
    ),
    "newer": (
        "the store {home} has format {found}, written by a newer dllab;"
        " this one knows up to {known}: update dllab",
        "저장소 {home}의 형식 {found}은(는) 더 새로운 dllab이 쓴 것입니다."
        " 이 버전은 {known}까지 압니다. dllab을 업데이트하세요",
    ),
    "failed": ("the store {home}: {reason}", "저장소 {home}: {reason}"),
    "damaged": (
        "{database} is damaged ({reason}): put a backup in its place, or move it away and a new one is made;"
        " the files in runs/ stay as they are",
        "{database}이(가) 손상되었습니다({reason}). 백업으로 바꾸거나, 다른 곳으로 옮기면 새로 만들어집니다."
        " runs/의 파일은 그대로 남습니다",
    ),
    "full": (
        "the store {home}: no space left on its disk; delete something else on it, then `dllab gc --yes` and"
        " `dllab rm`, which need a little room themselves, make more",
        "저장소 {home}: 디스크에 남은 공간이 없습니다. 먼저 다른 파일을 지워 주세요. 조금이라도 자리가 생기면"
        " `dllab gc --yes`나 `dllab rm`으로 더 비울 수 있습니다",
    ),
    "busy": (
        "the store {home} is busy: another process has kept it locked for {seconds} s; try again",
        "저장소 {home}이(가) 사용 중입니다. 다른 프로세스가 {seconds}초 동안 잠그고 있습니다."
        " 다시 시도하세요",
    ),
    "read_only": (
        "the store {home} can only be read; name one that can be written with --store or DLLAB_HOME",
        "저장소 {home}은(는) 읽기 전용입니다. 쓸 수 있는 저장소를 --store나 DLLAB_HOME으로 지정하세요",
    ),
    "no_runs": ("the store {home} has no run yet", "저장소 {home}에 아직 실행 기록이 없습니다"),
    "no_run": (
        "there is no run {reference!r}; `dllab runs` lists them.{hint}",
        "{reference!r}에 해당하는 실행이 없습니다. `dllab runs`로 목록을 보세요.{hint}",
    ),
    "no_run_of": (
        "no run of experiment {experiment!r} in the store.{hint}",
        "저장소에 실험 {experiment!r}의 실행이 없습니다.{hint}",
    ),
    "ambiguous": (
        "{reference!r} fits {count} runs: {matches}; give more letters",
        "{reference!r}(으)로 시작하는 실행이 {count}개입니다: {matches}. 글자를 더 입력하세요",
    ),
    "no_artifact": (
        "run {run} has no artifact {name!r}; it has: {names}.{hint}",
        "실행 {run}에 {name!r} 파일이 없습니다. 있는 파일: {names}.{hint}",
    ),
    "no_artifacts": (
        "run {run} has no artifact {name!r}: it left no file.{hint}",
        "실행 {run}은(는) 파일을 남기지 않아 {name!r}이(가) 없습니다.{hint}",
    ),
    "no_such_status": (
        "{status!r} is not a status; choose from {choices}.{hint}",
        "{status!r}은(는) 상태가 아닙니다. 가능한 값: {choices}.{hint}",
    ),
    "no_such_sort": (
        "cannot sort by {sort!r}; choose from {choices} or metric:KEY.{hint}",
        "{sort!r}(으)로는 정렬할 수 없습니다. 가능한 값: {choices} 또는 metric:이름.{hint}",
    ),
    "no_such_comparison": (
        "{operator!r} compares nothing; choose from {choices}",
        "{operator!r}은(는) 비교 기호가 아닙니다. 가능한 값: {choices}",
    ),
    "bad_artifact_name": (
        "{name!r} cannot name an artifact: a relative path below the run's folder, at most 240 bytes a part,"
        " none of them 'run.json'",
        "{name!r}은(는) 파일 이름으로 쓸 수 없습니다. 실행 폴더 아래의 상대 경로여야 하고,"
        " 각 부분은 240바이트 이하이며 'run.json'이 아니어야 합니다",
    ),
    "bad_member_name": (
        "{name!r} in a kept folder leads out of it; it is left alone",
        "보관된 폴더의 {name!r}은(는) 폴더 밖을 가리켜 풀지 않았습니다",
    ),
    "bad_tag": (
        "{tag!r} cannot be a tag: no spaces, commas or control characters, not empty, no + or - in front",
        "{tag!r}은(는) 태그로 쓸 수 없습니다. 공백, 쉼표, 제어 문자가 없고, 비어 있지 않으며,"
        " +나 -로 시작하지 않아야 합니다",
    ),
    "alive": (
        "run {run} is {status} (process {pid} on {host}); stop it first",
        "실행 {run}은(는) 아직 {status} 상태입니다({host}의 프로세스 {pid}). 먼저 중단하세요",
    ),
    "input_missing": ("{path}: no such file or folder", "{path}: 그런 파일이나 폴더가 없습니다"),
    "input_folder": (
        "{path} is a folder, the input takes one file ({kind})",
        "{path}은(는) 폴더입니다. 이 입력에는 파일 하나({kind})가 필요합니다",
    ),
    "input_special": (
        "{path} is neither a file nor a folder",
        "{path}은(는) 파일도 폴더도 아닙니다",
    ),
    "input_unreadable": ("{path} cannot be read: {reason}", "{path}을(를) 읽을 수 없습니다: {reason}"),
    "blob_missing": (
        "the store does not hold {name} (sha256 {digest}); give the file again",
        "저장소에 {name}(sha256 {digest})이(가) 없습니다. 파일을 다시 지정하세요",
    ),
}
