"""What a replay says."""

TEXTS = {
    "unknown_file": (
        "nobody knows how '{file}' was made: it carries no recipe, and this store never saw it",
        "'{file}'이(가) 어떻게 만들어졌는지 알 수 없습니다. 레시피가 없고 이 저장소에도 기록이 없습니다",
    ),
    "no_such_input": (
        "the experiment has no input '{field}'; it has: {choices}",
        "이 실험에는 '{field}' 입력이 없습니다. 있는 입력: {choices}",
    ),
    "path_in_recipe": (
        "the recipe names a file for '{field}' among its parameters; inputs are told by digest alone, so it is refused",
        "레시피의 매개변수에 '{field}' 파일이 들어 있어 거절합니다. 입력은 다이제스트로만 적습니다",
    ),
    "no_such_file": (
        "there is no file '{file}'; give a file that the lab made, or a run",
        "'{file}' 파일이 없습니다. dllab이 만든 파일이나 실행을 주세요",
    ),
    "is_sweep": (
        "run {run} is a sweep; `dllab sweep --resume {run}` runs what is missing, and each of its runs can be rerun",
        "{run} 실행은 스윕입니다. `dllab sweep --resume {run}`(으)로 빠진 실행을 하거나, 속한 실행을 하나씩 다시 만들 수 있습니다",
    ),
    "is_vary": (
        "run {run} is a contact sheet; choose one of its runs with `dllab vary {run} --pick NUMBER`",
        "{run} 실행은 모음 시트입니다. `dllab vary {run} --pick 번호`로 그중 하나를 고르세요",
    ),
    "made_with": (
        "The run was made with plugin '{plugin}': is it installed, or --plugins-dir missing?",
        "이 실행은 '{plugin}' 플러그인으로 만들었습니다. 설치되어 있는지, --plugins-dir가 빠졌는지 확인하세요",
    ),
    "input_damaged": (
        "the kept input '{field}' (sha256 {digest}…) is damaged in the store; give the file by --input {field}=PATH",
        "저장소의 입력 '{field}'(sha256 {digest}…)이(가) 손상되었습니다. --input {field}=경로 형식으로 파일을 주세요",
    ),
    "older_recipe": (
        "its recipe does not tell the code and the weights that it was made with: they may be others",
        "레시피에 코드와 가중치 정보가 없습니다. 지금과 다를 수 있습니다",
    ),
    "original_ended": (
        "the original run {run} did not end well: {status}",
        "원래 실행 {run}은(는) 성공하지 못했습니다: {status}",
    ),
    "missing_now": ("was there, is not now", "전에는 있었으나 지금은 없음"),
    "new_now": ("was not there, is now", "전에는 없었으나 지금은 있음"),
    "other_bytes": (
        "other bytes (sha256 {was}… then, {now}… now)",
        "내용이 다름(그때 sha256 {was}…, 지금 {now}…)",
    ),
    "same_pixels": (
        "the same picture to the last bit; only the recipe in it is another",
        "그림은 완전히 같고, 안에 든 레시피만 다름",
    ),
    "same_pictures": (
        "the same picture to the last bit: {names}; only the recipe in it is another",
        "그림은 비트까지 같습니다: {names}. 안에 든 레시피만 다릅니다",
    ),
    "from_step": (
        "differs from step {step} on ({was} then, {now} now)",
        "{step}단계부터 다름(그때 {was}, 지금 {now})",
    ),
    "other_length": ("{was} points then, {now} now", "그때 {was}개, 지금 {now}개"),
    "not_among": ("no file of the replay has its bytes", "다시 만든 파일 가운데 같은 것이 없음"),
    "cause": ("{fact}: {was} then, {now} now", "{fact}: 그때 {was}, 지금 {now}"),
    "equal": (
        "bit-equal: {files} files and {metrics} metrics are the same",
        "완전히 같음: 파일 {files}개와 지표 {metrics}개가 비트까지 같습니다",
    ),
    "differs": ("not equal:", "같지 않음:"),
    "why": ("what is different about the two runs:", "두 실행의 차이:"),
    "no_cause": (
        "no recorded fact differs; something that is not recorded (code, weights, processor) may be the cause",
        "기록된 차이가 없습니다. 기록되지 않은 것(코드, 가중치, 프로세서)의 영향일 수 있습니다",
    ),
}
