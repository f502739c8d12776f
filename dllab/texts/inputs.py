"""Errors about the files that are handed in."""

TEXTS = {
    "missing": (
        "there is no file '{reference}'.{near} Give a path, sample:NAME (`dllab samples` lists them) or RUN:artifact",
        "'{reference}' 파일이 없습니다.{near} 경로, sample:이름(`dllab samples`로 목록 보기) 또는 실행:결과물을 주세요",
    ),
    "not_kept": (
        "'{reference}' was too large to be kept; give the file itself",
        "'{reference}'은(는) 너무 커서 보관되지 않았습니다. 파일을 직접 주세요",
    ),
    "no_folder": ("There is no folder '{folder}'.", "'{folder}' 폴더가 없습니다."),
    "unusable_path": (
        "'{reference}' cannot be a path ({fault}); give a shorter or plainer one",
        "'{reference}'은(는) 경로로 쓸 수 없습니다({fault}). 더 짧거나 단순한 경로를 주세요",
    ),
    "not_a_folder": (
        "'{file}' is no folder; give the folder that holds the files",
        "'{file}'은(는) 폴더가 아닙니다. 파일이 든 폴더를 주세요",
    ),
    "is_a_folder": ("'{file}' is a folder; give {kind}", "'{file}'은(는) 폴더입니다. {kind} 파일을 주세요"),
    "not_a_file": (
        "'{file}' is no regular file; give a file on disk",
        "'{file}'은(는) 일반 파일이 아닙니다. 디스크에 있는 파일을 주세요",
    ),
    "unreadable": (
        "'{file}' may not be read; change its permissions",
        "'{file}' 파일을 읽을 권한이 없습니다. 권한을 바꿔 주세요",
    ),
    "empty": (
        "'{file}' is empty (0 bytes); export it again",
        "'{file}' 파일이 비어 있습니다(0바이트). 다시 저장해 주세요",
    ),
    "another_kind": (
        "'{file}' is not {kind}; look at what it really is",
        "'{file}'은(는) {kind}이(가) 아닙니다. 실제 형식을 확인해 주세요",
    ),
    "not_utf8": (
        "'{file}' is not UTF-8 text (byte {byte}); save it as UTF-8",
        "'{file}'은(는) UTF-8 텍스트가 아닙니다({byte}번째 바이트). UTF-8로 저장해 주세요",
    ),
    "digest_differs": (
        "'{reference}' is not the file that the recipe names for --{field} (sha256 {got}… instead of {wanted}…); "
        "the result will differ",
        "'{reference}'은(는) 레시피의 --{field} 파일과 다릅니다(sha256 {wanted}… 대신 {got}…). 결과가 달라집니다",
    ),
    "input_unknown": (
        "the recipe's input '{field}' (sha256 {digest}…) is not in this store; give it by --input {field}=PATH",
        "레시피의 입력 '{field}'(sha256 {digest}…)이(가) 이 저장소에 없습니다. `--input {field}=경로`로 주세요",
    ),
    "kind_image": ("a picture", "그림(사진)"),
    "kind_audio": ("a sound file", "소리(오디오)"),
    "kind_midi": ("a MIDI file", "MIDI"),
    "kind_video": ("a video", "영상"),
    "kind_table": ("a table (CSV)", "표(CSV)"),
    "kind_text": ("a text file", "텍스트"),
    "kind_model": ("a model file", "모델"),
    "kind_agent": ("an agent's file", "에이전트"),
    "kind_file": ("a file", "파일"),
    "weights_pickle": (
        "'{file}' is a pickle, which can run code when it is read; have it saved as safetensors",
        "'{file}'은(는) 읽을 때 코드를 실행할 수 있는 피클 파일입니다. safetensors로 저장한 것을 쓰세요",
    ),
    "weights_broken": (
        "'{file}' holds no weights that can be read safely ({reason}); have them saved as safetensors",
        "'{file}'에서 안전하게 읽을 수 있는 가중치가 없습니다({reason}). safetensors로 저장한 것을 쓰세요",
    ),
    "weights_no_tensors": ("not only tensors by name", "이름 붙은 텐서만 있지 않음"),
}
