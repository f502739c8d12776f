"""What the window and its commands say, in English and Korean."""

from __future__ import annotations

LANGUAGES = ("en", "ko")

TEXTS = {
    # the window
    "title": ("JellyRun", "젤리런"),
    "subtitle": ("run, jump, slide", "달리고, 뛰고, 미끄러지고"),
    "start": ("Enter: run!", "Enter: 달리기!"),
    "choose": ("← → difficulty    ↑ ↓ level", "← → 난이도    ↑ ↓ 레벨"),
    "menu_more": ("W watch an agent    F1 keys    Q quit", "W 에이전트 구경    F1 조작법    Q 끝내기"),
    "easy": ("easy", "쉬움"),
    "normal": ("normal", "보통"),
    "hard": ("hard", "어려움"),
    "ramp": ("ramp", "점점 어렵게"),
    "level": ("level {number}", "레벨 {number}"),
    "best": ("best", "최고 기록"),
    "no_best": ("nobody has run here yet", "아직 아무도 달리지 않았어요"),
    "paused": ("paused", "잠시 멈춤"),
    "pause_hint": ("P goes on    . one step", "P 계속    . 한 걸음"),
    "finished": ("You made it!", "완주했어요!"),
    "exhausted": ("Out of energy", "에너지가 다 떨어졌어요"),
    "fell": ("Into the pit!", "구덩이에 빠졌어요!"),
    "time": ("Time is up", "시간이 다 됐어요"),
    "score": ("score {score:,}", "점수 {score:,}"),
    "new_best": ("a new best!", "새 최고 기록!"),
    "beat": ("you beat {name} by {gap:,}", "{name}보다 {gap:,}점 앞섰어요"),
    "lost_to": ("{name} was {gap:,} ahead", "{name}이(가) {gap:,}점 앞섰어요"),
    "drew": ("as many points as {name}", "{name}와(과) 동점이에요"),
    "over_hint": ("R again    N next level    M menu    Q quit", "R 다시    N 다음 레벨    M 메뉴    Q 끝내기"),
    "agent_drives": ("agent: {name}", "에이전트: {name}"),
    "you_drive": ("you", "나"),
    "value": ("expects {value:+.1f}", "기대 보상 {value:+.1f}"),
    "action_run": ("run", "달리기"),
    "action_jump": ("jump", "점프"),
    "action_slide": ("slide", "슬라이드"),
    "learning": ("learning", "배우는 중"),
    "learnt": ("has learnt", "다 배웠어요"),
    "learn_failed": ("the run ended: {status}", "실행이 끝남: {status}"),
    "learn_wait": ("PPO is warming up…", "PPO 준비 중…"),
    "learn_steps": ("{steps:,} steps   {seconds:.0f} s", "{steps:,}걸음   {seconds:.0f}초"),
    "learn_score": ("mean score {score:,.0f}", "평균 점수 {score:,.0f}"),
    "race_hint": ("G: race against it", "G: 겨루기"),
    "ghost": ("ghost: {name}", "고스트: {name}"),
    "recording": ("REC", "녹화"),
    "saved_video": ("saved {path}", "{path}에 저장했어요"),
    "kept": ("kept as {run}", "{run}(으)로 보관했어요"),
    "no_agent": ("no agent: start with --agent NAME", "에이전트가 없어요: --agent 이름"),
    "speed": ("×{speed:g}", "×{speed:g}"),
    "observation": ("the agent sees", "에이전트가 보는 것"),
    "reward": ("return {value:.1f}   step {step}", "누적 보상 {value:.1f}   걸음 {step}"),
    "help_title": ("Keys", "조작법"),
    "help": (
        "Space, ↑|jump; once more in the air\n↓|slide; in the air: fall fast\nP|pause\n.|one step, while paused\n"
        "R|again, the same level\nN|next level\n+  -|faster, slower\nH|hitboxes and observation\n"
        "A|hand over to the agent, and back\nG|race the agent as a ghost\nV|record a video, and stop\nS|sound on, off\n"
        "M|menu\nF1|these keys\nQ, Esc|quit",
        "Space, ↑|점프, 공중에서 한 번 더\n↓|슬라이드, 공중에서는 빨리 내려오기\nP|잠시 멈춤\n.|멈춘 동안 한 걸음씩\n"
        "R|같은 레벨 다시\nN|다음 레벨\n+  -|빠르게, 느리게\nH|판정 상자와 관측\n"
        "A|에이전트에게 맡기기, 되찾기\nG|에이전트를 고스트로 겨루기\nV|영상 녹화, 멈춤\nS|소리 켜기, 끄기\n"
        "M|메뉴\nF1|이 도움말\nQ, Esc|끝내기",
    ),
    # the command line
    "no_display": (
        "no display to open a window on ({error}); without one: dllab watch --headless --record FILE, dllab replay --video FILE",
        "창을 띄울 화면이 없습니다 ({error}); 화면 없이: dllab watch --headless --record FILE, dllab replay --video FILE",
    ),
    "no_game": (
        "{name!r} cannot be played: the lab's game is jellyrun; for others: dllab watch ENV --agent NAME",
        "{name!r}은(는) 직접 할 수 없습니다. 이 랩의 게임은 jellyrun이고, 다른 환경은 dllab watch ENV --agent 이름",
    ),
    "no_env": ("environment {name!r}: {error}", "환경 {name!r}: {error}"),
    "no_render": (
        "environment {name!r} has no render mode rgb_array; it has {modes}",
        "환경 {name!r}에는 rgb_array 렌더 모드가 없습니다. 있는 것: {modes}",
    ),
    "bad_record": ("--record {path}: write .mp4, .gif or .png", "--record {path}: .mp4, .gif, .png 가운데 하나로"),
    "bad_level": (
        "--level {given}: a level is a number from 0 to 999,999,999, or the path of a level's text",
        "--level {given}: 레벨은 0부터 999,999,999까지의 번호나 레벨 텍스트 파일의 경로입니다",
    ),
    "no_folder": ("{option} {path}: there is no folder {folder}", "{option} {path}: 폴더 {folder}이(가) 없습니다"),
    "is_folder": ("{option} {path}: this is a folder; name a file in it", "{option} {path}: 폴더입니다. 파일 이름을 주세요"),
    "cannot_write": ("{path}: cannot be written: {error}", "{path}: 쓸 수 없습니다: {error}"),
    "bad_size": ("--size {given!r}: give WIDTHxHEIGHT, such as 960x540, each from 160 to 3840", "--size {given!r}: 너비x높이, 보기 960x540, 각각 160에서 3840"),
    "only_jellyrun": ("{option} works on jellyrun only, not on {name!r}", "{option}은(는) jellyrun에서만 됩니다: {name!r}"),
    "not_with_learn": ("--learn trains its own agent: leave out {option}", "--learn은 스스로 배웁니다. {option}을(를) 빼 주세요"),
    "bad_ghost": (
        "--ghost {path}: recorded on {theirs}, this is {ours}; leave out --difficulty, --level, --split to race on its level",
        "--ghost {path}: {theirs}에서 녹화됨, 지금은 {ours}. --difficulty, --level, --split을 빼면 그 레벨에서 겨룹니다",
    ),
    "played": (
        "{title}: {ending}, score {score:,}, {steps} steps", "{title}: {ending}, 점수 {score:,}, {steps}걸음",
    ),
    "watched": (
        "{title}: return {value:.2f}, {steps} steps", "{title}: 누적 보상 {value:.2f}, {steps}걸음",
    ),
    "wrote": ("wrote {path}", "저장: {path}"),
    "ending_finished": ("finished", "완주"),
    "ending_exhausted": ("out of energy", "에너지 소진"),
    "ending_fell": ("fell", "추락"),
    "ending_time": ("time is up", "시간 초과"),
    "ending_none": ("stopped", "중단"),
    "verified": (
        "verified: {title}, {player}: score {score:,}, {steps} steps, {ending}",
        "확인됨: {title}, {player}: 점수 {score:,}, {steps}걸음, {ending}",
    ),
    "differs": (
        "differs: the file says score {said:,} after {said_steps} steps ({said_ending}); simulated: {score:,} after {steps} ({ending})",
        "다름: 파일은 {said_steps}걸음에 {said:,}점({said_ending}), 다시 해 보니 {steps}걸음에 {score:,}점({ending})",
    ),
    "other_kernel": (
        "note: recorded by another build of the same rules ({theirs}; here {ours})",
        "참고: 같은 규칙의 다른 빌드에서 녹화됨 ({theirs}, 여기는 {ours})",
    ),
    "learn_ended": ("run {run}: {status}", "실행 {run}: {status}"),
    "no_learner": ("--learn: the run of ppo failed: {error}", "--learn: ppo 실행이 실패했습니다: {error}"),
    "someone": ("somebody", "누군가"),
    # help of the options
    "arg_game": ("jellyrun", "jellyrun"),
    "arg_env": ("jellyrun, or any Gymnasium id such as CartPole-v1", "jellyrun 또는 Gymnasium id, 보기 CartPole-v1"),
    "arg_agent": ("who plays: a name (dllab models), a run, or a file", "누가 할지: 이름(dllab models), 실행, 파일"),
    "arg_play_agent": (
        "who plays when you press A: a name, a run, or a file; by default the best of the lab",
        "A를 누르면 대신할 에이전트: 이름, 실행, 파일; 없으면 내장된 것 중 가장 잘하는 것",
    ),
    "arg_difficulty": ("easy, normal, hard or ramp", "easy, normal, hard, ramp"),
    "arg_level": ("its number, or a text file of your own", "번호 또는 직접 만든 텍스트 파일"),
    "arg_split": ("train or test: levels that agents learn on, or never see", "train 또는 test: 배우는 레벨 또는 처음 보는 레벨"),
    "arg_ghost": ("race a recorded game on its level", "녹화된 경기와 그 레벨에서 겨루기"),
    "arg_record": ("write a video (.mp4, .gif) or the last picture (.png)", "영상(.mp4, .gif) 또는 마지막 그림(.png) 저장"),
    "arg_headless": ("no window and no sound; as fast as it goes", "창과 소리 없이, 되는 대로 빠르게"),
    "arg_size": ("of the window or the video, such as 960x540", "창 또는 영상 크기, 보기 960x540"),
    "arg_episodes": ("games to watch; default: 1 with --headless, else without end", "볼 판 수. 기본: --headless면 1, 아니면 끝없이"),
    "arg_steps": ("stop after so many steps", "이만큼 걸은 뒤 멈춤"),
    "arg_seed": ("of the environment's random numbers", "환경의 난수 시드"),
    "arg_speed": ("from 0.25 to 8 times the game's pace", "게임 속도의 0.25배에서 8배"),
    "arg_mute": ("no sound", "소리 없이"),
    "arg_save": ("write the game as a replay", "경기를 리플레이로 저장"),
    "arg_player": ("your name, kept with your scores", "점수와 함께 보관할 이름"),
    "arg_learn": ("let PPO learn before your eyes (a run of the experiment ppo)", "PPO가 눈앞에서 배우기 (실험 ppo의 실행)"),
    "arg_learn_steps": ("steps to learn for, with --learn", "--learn에서 배울 걸음 수"),
    "arg_replay": ("a replay's file", "리플레이 파일"),
    "arg_verify": ("only simulate it again and confirm its score; status 1 where it differs", "다시 시뮬레이션해 점수만 확인. 다르면 종료 상태 1"),
    "arg_video": ("render it into a file, without a window", "창 없이 파일로 그리기"),
    "arg_boxes": ("begin with hitboxes and the observation shown", "판정 상자와 관측을 보이며 시작"),
    "arg_no_keep": ("do not keep finished games in the store", "끝난 경기를 보관하지 않음"),
}  # fmt: skip


class Words:
    """The texts of one language: `Words("ko")("paused")`."""

    def __init__(self, language: str = "en") -> None:
        self.language = "ko" if language == "ko" else "en"

    def __call__(self, key: str, **values: object) -> str:
        chosen = TEXTS[key][LANGUAGES.index(self.language)]
        return chosen.format(**values) if values else chosen


def language_of(args: object) -> str:
    """The language that a command's user wants: --lang, else DLLAB_LANG, else the locale's, else English."""
    import os

    given = getattr(args, "lang", None)
    for value in (given, *(os.environ.get(name) for name in ("DLLAB_LANG", "LC_ALL", "LC_MESSAGES", "LANG"))):
        if value:
            return "ko" if value.lower().startswith("ko") else "en"
    return "en"
