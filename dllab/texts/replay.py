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
        "레시피의 매개변수에 '{field}' 파일이 들어 있어 거부합니다. 입력은 다이제스트로만 적습니다",
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
    "from_step": (
        "differs from step {step} on ({was} then, {now} now)",
        "{step}단계부터 다름(그때 {was}, 지금 {now})",
    ),
    "other_length": ("{was} points then, {now} now", "그때 {was}개, 지금 {now}개"),
    "not_among": ("no file of the replay has its bytes", "다시 만든 파일 가운데 같은 것이 없음"),
    "cause": ("{fact}: {was} then, {now} now", "{fact}: 그때 {was}, 지금 {now}"),
    "equal": (
        "bit-equal: {files} files and {metrics} metrics are the same",
        "완전히 같음: 파일 {files}개와 지표 {metrics}개가 같습니다",
    ),
    "differs": ("not equal:", "같지 않음:"),
    "why": ("what is different about the two runs:", "두 실행의 차이:"),
    "no_cause": (
        "no recorded fact differs; the experiment draws on something outside its seed",
        "기록된 차이가 없습니다. 실험이 시드 밖의 무언가에 의존합니다",
    ),
}
