"""Errors about agents and their files."""

TEXTS = {
    "missing": (
        "there is no agent '{reference}'.{near} Give one of {names}, a run that left an agent, or an agent's file",
        "'{reference}' 에이전트가 없습니다.{near} {names} 가운데 하나, 에이전트를 남긴 실행 또는 에이전트 파일을 주세요",
    ),
    "is_a_folder": (
        "'{reference}' is a folder; give an agent's file",
        "'{reference}'은(는) 폴더입니다. 에이전트 파일을 주세요",
    ),
    "run_left_none": (
        "run {run} of '{experiment}' has left no agent; name a run of ppo, dqn, a2c or q-learning that has",
        "'{experiment}' 실행 {run}은(는) 에이전트를 남기지 않았습니다. ppo, dqn, a2c, q-learning 실행을 주세요",
    ),
    "no_agent": (
        "'{file}' holds tensors but no agent (its metadata has no \"agent\"); give what a run of ppo has left",
        "'{file}'에는 텐서만 있고 에이전트가 없습니다(메타데이터에 \"agent\"가 없음). ppo 실행이 남긴 파일을 주세요",
    ),
    "unknown_format": (
        "'{file}' holds an agent of the format '{format}', which no plugin here reads; install the one that made it",
        "'{file}'의 에이전트 형식 '{format}'을(를) 읽는 플러그인이 없습니다. 그것을 만든 플러그인을 설치하세요",
    ),
    "broken": (
        "'{file}' is damaged or no agent's file ({reason}); have it saved again by the run that made it",
        "'{file}'은(는) 손상되었거나 에이전트 파일이 아닙니다({reason}). 그것을 만든 실행에서 다시 저장하세요",
    ),
    "pickle": (
        "'{file}' is a zip or a pickle, which can run code when it is read; `dllab run import-agent --file {file} "
        "--env ENV` takes the tensors out of one of stable-baselines3 and runs nothing in it",
        "'{file}'은(는) 읽을 때 코드를 실행할 수 있는 zip 또는 피클입니다. `dllab run import-agent --file {file} "
        "--env 환경`은 stable-baselines3 파일에서 아무것도 실행하지 않고 텐서만 꺼냅니다",
    ),
}
