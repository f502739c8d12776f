"""What the runner says."""

TEXTS = {
    "no_such_device": (
        "there is no device '{wanted}' here; there is: {available}",
        "'{wanted}' 장치가 없습니다. 쓸 수 있는 장치: {available}",
    ),
    "bad_device": (
        "--device {device}: must be auto, cpu, or an accelerator such as cuda, cuda:1 or mps",
        "--device {device}: auto, cpu 또는 cuda, cuda:1, mps 같은 가속기여야 합니다",
    ),
    "no_such_dtype": (
        "there is no number format '{wanted}'; choose one of {choices}",
        "'{wanted}' 수 형식은 없습니다. {choices} 가운데 고르세요",
    ),
    "executors": ("There is: {choices}", "쓸 수 있는 것: {choices}"),
    "bad_threads": (
        "--threads {threads}: must be between 1 and {limit}",
        "--threads {threads}: 1에서 {limit} 사이여야 합니다",
    ),
    "bad_seed": (
        "--seed {seed}: must be a whole number from 0 to 2**63 - 1",
        "--seed {seed}: 0에서 2**63 - 1 사이의 정수여야 합니다",
    ),
    "crashed": (
        "experiment '{experiment}' of plugin {plugin} failed: {error}",
        "플러그인 {plugin}의 '{experiment}' 실험이 실패했습니다: {error}",
    ),
    "called_exit": (
        "experiment '{experiment}' of plugin {plugin} called {function}({code})",
        "{plugin} 플러그인의 '{experiment}' 실험이 {function}({code})을(를) 호출했습니다",
    ),
    "process_ended": (
        "the process of experiment '{experiment}' ended on its own (exit code {code}; its last line: {last})",
        "'{experiment}' 실험의 프로세스가 스스로 끝났습니다(종료 코드 {code}, 마지막 출력: {last})",
    ),
    "bad_type": ("{name}: {value} is of the wrong type", "{name}: {value}의 형식이 맞지 않습니다"),
    "no_word": (
        "executor '{executor}' ended without a word of how experiment '{experiment}' went",
        "'{executor}' 실행 방식이 '{experiment}' 실험의 결과를 알리지 않고 끝났습니다",
    ),
    "checks_failed": (
        "{failed} of {total} checks failed: {names}",
        "검사 {total}개 가운데 {failed}개 실패: {names}",
    ),
    "no_space": (
        "the disk of {home} is full ({error}); free some space or choose another place with --store",
        "{home} 디스크에 공간이 없습니다({error}). 공간을 비우거나 --store로 다른 곳을 지정하세요",
    ),
    "waits_for": (
        "waiting for {device}: another run has it",
        "{device} 사용을 기다리는 중: 다른 실행이 쓰고 있습니다",
    ),
    "observer_failed": (
        "an observer failed and is left out of this run: {error}",
        "관찰자가 실패하여 이 실행에서 빠집니다: {error}",
    ),
    "nothing_to_resume": (
        "run {run} was stopped before its first checkpoint, or its experiment makes none; `dllab rerun {run}` begins anew",
        "{run} 실행은 첫 체크포인트 전에 멈췄거나 체크포인트를 만들지 않는 실험입니다. 처음부터 하려면 `dllab rerun {run}`을(를) 쓰세요",
    ),
    "resume_other": (
        "run {run} was experiment '{was}', not '{wanted}'; resume it as '{was}'",
        "{run} 실행은 '{wanted}'이(가) 아니라 '{was}' 실험이었습니다. '{was}'(으)로 이어 가세요",
    ),
    "resume_params": (
        "run {run} goes on with its own parameters; leave the others out",
        "{run} 실행은 원래 매개변수로 이어 갑니다. 다른 매개변수는 빼 주세요",
    ),
    "resume_ended": (
        "run {run} succeeded, so there is nothing to go on with; `dllab rerun {run}` makes it again",
        "{run} 실행은 이미 성공했습니다. 다시 만들려면 `dllab rerun {run}`을(를) 쓰세요",
    ),
    "bad_memory": (
        "{variable}={given}: must be a number of gigabytes, such as 4",
        "{variable}={given}: 4처럼 기가바이트 수여야 합니다",
    ),
    "no_memory_limit": (
        "{variable} limits memory on Linux only; unset it",
        "{variable}은(는) 리눅스에서만 메모리를 제한합니다. 설정을 지우세요",
    ),
}
