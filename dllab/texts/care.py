"""What looking after the store says: gc, verify, export, import, sql."""

TEXTS = {
    # gc
    "help_gc_yes": ("do it; else only say what would go", "실제로 지우기 (없으면 지울 것만 보여 줌)"),
    "kind_blob": ("a file that no run needs", "어느 실행에도 필요 없는 파일"),
    "kind_stray": ("a file that was never recorded", "기록된 적이 없는 파일"),
    "kind_staging": ("left unfinished by a process that is gone", "사라진 프로세스가 남긴 미완성 파일"),
    "kind_folder": ("the folder of a run that is not recorded", "기록에 없는 실행의 폴더"),
    "clean": ("nothing to clear away", "치울 것이 없습니다"),
    "would_clear": (
        "{count} thing(s), {size}; `dllab gc --yes` clears them away",
        "{count}개, {size}. `dllab gc --yes`로 치울 수 있습니다",
    ),
    "cleared": ("cleared away {count} thing(s), {size}", "{count}개, {size}를 치웠습니다"),
    # verify
    "sound": (
        "sound: {runs} run(s), {files} file(s), {size}",
        "이상 없음: 실행 {runs}개, 파일 {files}개, {size}",
    ),
    "faults": (
        "{count} fault(s) in {runs} run(s), {files} file(s), {size}",
        "이상 {count}건 (실행 {runs}개, 파일 {files}개, {size} 가운데)",
    ),
    "database": ("the database: {fault}", "데이터베이스: {fault}"),
    "orphan": (
        "the database: a row of {table} belongs to no {parent}",
        "데이터베이스: {table}의 행이 가리키는 {parent}이(가) 없습니다",
    ),
    "unrecorded": (
        "{run}:{name}: its file (sha256 {digest}) is not recorded; `dllab rerun {run}` makes it again",
        "{run}:{name}: 파일(sha256 {digest})이 기록에 없습니다. `dllab rerun {run}`(으)로 다시 만들 수 있습니다",
    ),
    "missing": (
        "{path} is missing; used by {used}: `dllab rerun` makes again what a run left",
        "{path}이(가) 없습니다. 쓰인 곳: {used}. 실행이 남긴 것은 `dllab rerun`으로 다시 만들 수 있습니다",
    ),
    "damaged": (
        "{path} is damaged: {size} bytes with sha256 {found}, recorded were {was}; used by {used}:"
        " `dllab rerun` makes again what a run left",
        "{path}이(가) 손상되었습니다: {size}바이트, sha256 {found} (기록은 {was}바이트). 쓰인 곳: {used}."
        " 실행이 남긴 것은 `dllab rerun`으로 다시 만들 수 있습니다",
    ),
    # export, import
    "help_export_words": ("runs, and last the place to write to", "실행들과, 마지막에 내보낼 곳"),
    "word_export": ("RUN", "실행"),
    "no_destination": (
        "say which runs and where to: dllab export RUN … DESTINATION --to {to}",
        "실행과 내보낼 곳을 모두 쓰세요: dllab export 실행 … 내보낼곳 --to {to}",
    ),
    "taken": (
        "{path} is there already; name another place",
        "{path}이(가) 이미 있습니다. 다른 곳을 지정하세요",
    ),
    "help_import_file": (
        "a zip file of `dllab export --to zip`",
        "`dllab export --to zip`으로 만든 zip 파일",
    ),
    "help_max_gb": ("the most that it may unpack to (default 32)", "풀었을 때의 최대 크기, GB (기본 32)"),
    "imported": ("{run} ({experiment}) taken in", "{run}({experiment})을(를) 가져왔습니다"),
    "imported_as": (
        "{was} ({experiment}) taken in as {run}: the id was taken",
        "{was}({experiment})을(를) {run}(으)로 가져왔습니다. 같은 아이디가 이미 있습니다",
    ),
    "is_known": ("{run} ({experiment}) is here already", "{run}({experiment})은(는) 이미 있습니다"),
    "refused": (
        "'{file}' is not taken in: {fault}; have it exported again with `dllab export RUN … --to zip`",
        "'{file}'을(를) 가져오지 않습니다: {fault}. `dllab export 실행 … --to zip`으로 다시 내보내세요",
    ),
    "not_a_zip": ("it is no sound zip file ({reason})", "온전한 zip 파일이 아님 ({reason})"),
    "too_many": (
        "it repeats a name, or has more than {limit} entries",
        "이름이 겹치거나 항목이 {limit}개를 넘음",
    ),
    "no_manifest": ("it has no {name}", "{name}이(가) 없음"),
    "newer_format": (
        "its format {found} is of a newer dllab (this one knows up to {known})",
        "형식 {found}은(는) 더 새로운 dllab의 것 (이 버전은 {known}까지)",
    ),
    "undeclared": ("its manifest does not name {name!r}", "목록에 없는 항목: {name!r}"),
    "absent": ("{name!r} is not in it", "{name!r}이(가) 없음"),
    "wrong_size": ("{name!r} is not of the size that it says", "{name!r}의 크기가 다름"),
    "wrong_digest": ("{name!r} is damaged: another sha256", "{name!r} 손상: sha256이 다름"),
    "bad_name": ("{name!r} leads out of its folder", "{name!r}이(가) 폴더 밖을 가리킴"),
    "not_a_file": (
        "{name!r} is a link or something else that is no file",
        "{name!r}은(는) 링크 등 파일이 아닌 것",
    ),
    "bad_packing": (
        "{name!r} is encrypted or packed in an unknown way",
        "{name!r}은(는) 암호화됐거나 알 수 없는 압축",
    ),
    "bomb": (
        "{name!r} would unpack to {size} MB, more than {limit} times what it takes",
        "{name!r}이(가) 풀면 {size}MB로, 크기의 {limit}배가 넘음",
    ),
    "too_large": (
        "it would unpack to {size} GB, the limit is {limit}",
        "풀면 {size}GB로 한도 {limit}GB를 넘음",
    ),
    "no_space": ("it needs {needed} GB and {free} GB are free", "{needed}GB가 필요한데 {free}GB만 남음"),
    "bad_facts": ("{name}: {fault}", "{name}: {fault}"),
    # sql
    "help_statement": (
        "one SELECT over runs, metrics, latest_metrics, artifacts, checks or the tables",
        "runs, metrics, latest_metrics, artifacts, checks 등에 대한 SELECT 하나",
    ),
    "help_limit": ("rows at most (default 1000; 0: all)", "최대 행 수 (기본 1000, 0이면 모두)"),
    "help_seconds": ("seconds that it may take (default 30)", "최대 시간, 초 (기본 30)"),
    "help_csv": ("print CSV", "CSV로 출력"),
    "bad_limit": ("{flag} {given}: must not be negative", "{flag} {given}: 음수일 수 없습니다"),
    "cut": (
        "there are more than {limit} rows: --limit 0 shows all",
        "{limit}행이 넘습니다. --limit 0으로 모두 볼 수 있습니다",
    ),
    "sql_refused": (
        "this cannot be asked: {reason}; `dllab sql` takes one SELECT, docs/store.md lists the tables",
        "물을 수 없습니다: {reason}. `dllab sql`은 SELECT 하나만 받으며, 테이블은 docs/store.md에 있습니다",
    ),
    "sql_no_answer": ("it has no answer", "답이 없음"),
    "sql_slow": (
        "no answer within {seconds} s; ask for less, or give it more with --seconds",
        "{seconds}초 안에 답이 없습니다. 범위를 줄이거나 --seconds를 늘리세요",
    ),
}
