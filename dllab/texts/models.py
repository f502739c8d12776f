"""Texts of models that are downloaded on request."""

TEXTS = {
    "not_here": (
        "the model {name} is not on this machine ({size}); get it by: dllab models get {name}",
        "이 컴퓨터에 {name} 모델이 없습니다({size}). 다음 명령으로 받으세요: dllab models get {name}",
    ),
    "takes_no_weights": (
        "the {kind} {name} takes no weights from a file; leave the file out, or name another",
        "{kind} {name}은(는) 파일의 가중치를 받지 않습니다. 파일을 빼거나 다른 것을 고르세요",
    ),
    "cannot_write": (
        "cannot keep models in '{folder}' ({reason}); set DLLAB_MODELS to a folder that can be written",
        "'{folder}'에 모델을 보관할 수 없습니다({reason}). DLLAB_MODELS를 쓸 수 있는 폴더로 설정하세요",
    ),
    "no_room": (
        "'{folder}' has {free} free and {needed} are needed; make room, or set DLLAB_MODELS to another folder",
        "'{folder}'에 {free}만 남아 있는데 {needed}가 필요합니다. 공간을 비우거나 DLLAB_MODELS를 다른 폴더로 설정하세요",
    ),
    "broke_off": ("the connection broke off", "연결이 끊김"),
    "no_connection": (
        "{name} could not be downloaded from {url} ({reason}); connect to the internet and repeat the command, "
        "or hand in the file where an experiment takes weights",
        "{url}에서 {name}을(를) 받지 못했습니다({reason}). 인터넷에 연결한 뒤 다시 하거나, 실험의 가중치 옵션에 파일을 주세요",
    ),
    "another_digest": (
        "what came for {name} is another file (sha256 {got}… instead of {wanted}…) and was thrown away; "
        "repeat the command, and check what stands between you and the server",
        "{name}(으)로 받은 파일이 다릅니다(sha256 {wanted}… 대신 {got}…). 버렸으니 다시 받고, 서버와의 연결을 확인하세요",
    ),
    "what": (
        "get NAME …: download these; without it the models are listed",
        "get 이름 …: 내려받기; 없으면 목록을 보여 줌",
    ),
    "unknown_action": (
        "dllab models {action}: there is only `dllab models` and `dllab models get NAME`",
        "dllab models {action}: `dllab models`와 `dllab models get 이름`만 있습니다",
    ),
    "get_what": (
        "dllab models get: name what to download: {names}",
        "dllab models get: 받을 모델을 쓰세요: {names}",
    ),
    "none_to_get": ("nothing can be downloaded", "받을 수 있는 모델 없음"),
    "embedded": (
        "{name} comes with its plugin; there is nothing to download",
        "{name}: 플러그인에 들어 있어 받을 것이 없음",
    ),
    "getting": ("{name}: {size} from {url}", "{name}: {url}에서 {size}"),
    "is_here": ("{name}: {path}", "{name}: {path}"),
    "state_here": ("here", "있음"),
    "state_not_here": ("to download", "받아야 함"),
}
