"""What the experiment of this plugin tells of itself, in English and Korean."""

from dllab import About

ABOUT = {
    "jellyrun-replay": About(
        summary=(
            "A recorded game of JellyRun, simulated again: its score proved",
            "젤리런 리플레이를 다시 시뮬레이션해 점수를 증명하기",
        ),
        details=(
            "A replay is a level and a list of actions. The game's rules are whole numbers in one compiled kernel, so "
            "that the same actions lead to the same score on any machine. `dllab play` keeps each finished game as such "
            "a run: the best of them are its high scores. Leaves the game (game.jellyrun), its facts (game.json) and a "
            "picture of its last moment.",
            "리플레이는 레벨 하나와 행동의 목록입니다. 게임의 규칙은 컴파일된 커널 하나에서 정수로만 계산하므로, 같은 행동은 어느 컴퓨터에서나 "
            "같은 점수가 됩니다. dllab play는 끝난 게임을 이런 실행으로 보관하며, 그 가운데 가장 좋은 것이 최고 기록입니다. 게임 "
            "파일(game.jellyrun), 결과(game.json), 마지막 순간의 그림을 남깁니다.",
        ),
        look=(
            "The two checks, which hold the score and the steps against what the replay says of itself; the picture of "
            "the last moment, and how the score grew.",
            "점수와 걸음 수를 리플레이에 적힌 것과 대조하는 두 검사, 마지막 순간의 그림, 점수가 늘어난 모습을 보세요.",
        ),
    ),
}
