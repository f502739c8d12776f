"""What the experiments of this plugin tell of themselves, in English and Korean."""

from dllab import About

ABOUT = {
    "bandit": About(
        summary=(
            "Which advertisement to show: epsilon-greedy, UCB1, Thompson sampling and LinUCB, and what they lose",
            "밴딧: 어느 광고를 보여 줄지, 알게 될 때까지 얼마나 잃는지",
        ),
        details=(
            "Every advertisement has a chance to be clicked that nobody knows. Who always shows the best one so far may "
            "never find the best of all; who tries on and on gives clicks away. Regret counts the clicks that are lost "
            "until one knows. --problem testbed is the ten-armed testbed of Sutton and Barto; with --problem contextual "
            "the visitors differ, and LinUCB looks at them. Leaves curves.png and regret.csv.",
            "광고마다 클릭될 확률이 있지만 아무도 모릅니다. 지금까지 가장 좋았던 것만 보여 주면(활용) 더 좋은 광고를 끝내 못 찾을 수 있고, "
            "계속 시험하면(탐험) 클릭을 놓칩니다. 알게 될 때까지 놓친 클릭을 후회(regret)라고 합니다. --problem testbed는 서튼과 바토 "
            "교과서의 팔 열 개짜리 시험대이고, --problem contextual에서는 방문자가 저마다 달라 LinUCB가 방문자를 보고 고릅니다. "
            "curves.png와 regret.csv를 남깁니다.",
        ),
        look=(
            "The curve of Thompson sampling flattens. ε-greedy goes on losing at a steady rate, for it never stops trying: "
            "compare --epsilon 0.01 and 0. UCB1 is proven for every set of ads, and is still trying after 4000 of them.",
            "톰슨 샘플링의 곡선은 점점 평평해집니다. ε-탐욕은 시험을 멈추지 않으므로 일정하게 계속 잃습니다. --epsilon 0.01, 0과 견주어 "
            "보세요. UCB1은 어떤 광고에서도 상한이 증명되어 있지만 4000번을 보여 준 뒤에도 아직 시험하고 있습니다.",
        ),
    ),
    "mdp": About(
        summary=(
            "A Markov decision process, solved by value iteration, policy iteration and exact evaluation",
            "마르코프 결정 과정: 쿠키가 빵집에서 빠져나오는 길을 세 가지 방법으로 풀기",
        ),
        details=(
            "States, actions, chances and rewards make a Markov decision process; its solution says what each state is "
            "worth and what to do there. Value iteration looks one step ahead in every state, again and again; policy "
            "iteration values a policy exactly and betters it. Both must come to the same values, and an agent that goes "
            "by them must get as much as they promise. --world jellyrun is the game itself, its transitions counted in "
            "play; --grid takes a world of your own.",
            "상태, 행동, 확률, 보상이 마르코프 결정 과정(MDP)을 이룹니다. 이를 풀면 상태마다의 가치와 그곳에서 할 행동을 알 수 있습니다. "
            "가치 반복은 모든 상태에서 한 걸음 앞을 내다보기를 되풀이하고, 정책 반복은 정책의 가치를 정확히 구해 정책을 고칩니다. 둘은 "
            "같은 가치에 이르러야 하고, 그대로 움직인 에이전트는 약속한 만큼 보상을 받아야 합니다. --world jellyrun은 플레이하며 센 전이로 "
            "만든 게임 자체이고, --grid로 직접 쓴 세계를 넣을 수 있습니다.",
        ),
        look=(
            "The film: worth spreads from the goal G, one place further at each sweep. Where it can, an arrow beside an oven "
            "(O) points away from it, since one may slip. Policy iteration needs a few rounds where value iteration needs "
            "dozens.",
            "영상에서 가치가 목표 G로부터 반복마다 한 칸씩 퍼집니다. 미끄러질 수 있으므로 오븐(O) 옆의 화살표는 되도록 오븐 반대쪽을 "
            "가리킵니다. 가치 반복이 수십 번 걸릴 때 정책 반복은 몇 번이면 됩니다.",
        ),
    ),
    "q-learning": About(
        summary=(
            "Q-learning: a table of what each action is worth, learnt as if the best were done from then on",
            "Q-러닝: 다음에 가장 좋은 행동을 할 것으로 보고 표를 고쳐 배우기",
        ),
        details=(
            "After each step the value of what was done moves to the reward plus the value of the best next action. On "
            "the cliff it learns the shortest way along the edge, and falls again and again while it still tries things "
            "out: it does not count on its own slips. With --world jellyrun its table plays the game on levels that it "
            "has never seen.",
            "한 걸음마다, 방금 한 행동의 가치를 보상과 다음 상태의 가장 좋은 행동의 가치를 더한 값 쪽으로 옮깁니다. 절벽 세계에서는 가장자리를 "
            "따라가는 가장 짧은 길을 배우지만, 시험 삼아 움직이는 동안에는 거듭 떨어집니다. 자신의 무작위 행동을 셈에 넣지 않기 때문입니다. "
            "--world jellyrun이면 이 표가 처음 보는 레벨에서 게임을 합니다.",
        ),
        look=(
            "way.png: 13 steps, close to the edge. curve.png: about -50 an episode while it still tries things out; sarsa, "
            "on its longer way, gets about -25.",
            "way.png에서 가장자리에 붙은 13걸음의 길을 보세요. curve.png에서 시험 삼아 움직이는 동안의 보상은 에피소드마다 -50쯤입니다. "
            "더 먼 길을 가는 sarsa는 -25쯤입니다.",
        ),
    ),
    "sarsa": About(
        summary=(
            "SARSA: a table of what each action is worth, learnt from what is really done next",
            "SARSA: 실제로 할 다음 행동을 보고 표를 고쳐, 실수까지 셈에 넣어 배우기",
        ),
        details=(
            "The value of what was done moves to the reward plus the value of the next action as it was chosen, slips "
            "included. On the cliff it therefore learns a detour away from the edge, which costs more steps and fewer "
            "falls. The name lists what it learns from: state, action, reward, next state, next action.",
            "방금 한 행동의 가치를 보상과 실제로 고른 다음 행동의 가치를 더한 값 쪽으로 옮깁니다. 다음 행동에는 무작위로 해 본 것도 "
            "들어갑니다. 그래서 절벽 세계에서는 가장자리에서 떨어진 길로 돌아갑니다. 걸음은 늘지만 덜 떨어집니다. 이름은 배우는 데 쓰는 "
            "것들, 곧 상태·행동·보상·다음 상태·다음 행동의 머리글자입니다.",
        ),
        look=(
            "way.png: 15 to 19 steps, away from the edge, where q-learning takes 13 along it. While both still try things "
            "out, the curve of sarsa lies higher.",
            "way.png에서 q-learning이 가장자리를 따라 13걸음에 가는 곳을 15~19걸음으로 돌아갑니다. 시험 삼아 움직이는 동안에는 sarsa의 "
            "곡선이 더 높습니다.",
        ),
    ),
    "monte-carlo": About(
        summary=(
            "Monte Carlo control: a table of what each action is worth, learnt from whole episodes",
            "몬테카를로 제어: 에피소드가 끝난 뒤 실제로 받은 보상의 합으로 배우기",
        ),
        details=(
            "Nothing is guessed from other guesses: when an episode is over, each pair of state and action moves to the "
            "rewards that really followed its first visit. --gamma says how much less a reward counts that came a step "
            "later.",
            "추정값으로 다른 추정값을 고치지 않습니다. 에피소드가 끝나면 상태와 행동의 짝마다, 처음 방문한 뒤 실제로 받은 보상의 합 쪽으로 "
            "값을 옮깁니다. --gamma는 한 걸음 늦게 받은 보상을 얼마나 덜 치는지 정합니다.",
        ),
        look=(
            "way.png beside policy.png of mdp, whose values are exact: they are close along the way, and far off where "
            "the cookie seldom came.",
            "way.png를 정확한 가치가 적힌 mdp의 policy.png와 견주어 보세요. 길을 따라서는 비슷하고, 쿠키가 드물게 간 곳에서는 많이 다릅니다.",
        ),
    ),
    "ppo": About(
        summary=(
            "PPO: reinforcement learning by small, safe changes of the policy",
            "PPO: 정책을 조금씩 안전하게 고쳐 가는 강화 학습",
        ),
        details=(
            "The agent plays many games side by side, asks which actions turned out better than expected, and makes those "
            "more likely, but never by much at a time. It learns on training levels and is tried on levels that it has "
            "never seen. Leaves agent.safetensors, the best on those, for `dllab watch` and evaluate-agent; "
            "latest.safetensors, the newest, also while it learns; curves and a video. The algorithm is "
            "stable-baselines3's, its settings are tuned: nets of 64 and 64 on the CPU, where they are fastest.",
            "에이전트가 여러 게임을 나란히 하면서 예상보다 나았던 행동의 확률을 높이되, 한 번에 조금씩만 바꿉니다. 훈련 레벨에서 배우고 처음 "
            "보는 레벨에서 시험합니다. 시험에서 가장 좋았던 agent.safetensors(dllab watch와 evaluate-agent에서 씁니다), 배우는 동안에도 "
            "갱신되는 latest.safetensors, 곡선과 동영상을 남깁니다. 알고리즘은 stable-baselines3의 것이고 설정은 맞춰 두었습니다. 64, 64 "
            "크기의 신경망은 CPU에서 가장 빠릅니다.",
        ),
        look=(
            "learning.png: the grey curve still explores, the orange one does what it holds best on held-back levels; the "
            "star is the agent that is kept. `dllab watch jellyrun --learn` shows it while it learns.",
            "learning.png에서 회색 곡선은 아직 탐험하는 점수, 주황 곡선은 따로 떼어 둔 레벨에서 가장 좋은 행동만 한 점수이고, 별이 저장된 "
            "에이전트입니다. dllab watch jellyrun --learn으로 배우는 모습을 볼 수 있습니다.",
        ),
    ),
    "a2c": About(
        summary=(
            "A2C: reinforcement learning by an actor and a critic that learn together",
            "A2C: 액터와 크리틱이 함께 배우는 강화 학습",
        ),
        details=(
            "One net, the actor, chooses actions; another, the critic, foretells the return. What went better than "
            "foretold is made more likely (Mnih et al. 2016, without their asynchrony). Simpler than ppo, which grew out "
            "of it: every step is learnt from once. Leaves what ppo leaves. The algorithm is stable-baselines3's.",
            "액터 신경망은 행동을 고르고, 크리틱 신경망은 앞으로 받을 보상의 합을 예상합니다. 예상보다 좋았던 행동의 확률을 높입니다(Mnih 등 "
            "2016, 비동기 부분은 뺌). 여기서 발전한 ppo보다 단순하여 걸음마다 한 번씩만 배웁니다. ppo와 같은 파일을 남깁니다. 알고리즘은 "
            "stable-baselines3의 것입니다.",
        ),
        look=(
            "learning.png beside that of ppo after as many steps: give both the same --total-timesteps.",
            "같은 걸음 수의 ppo와 learning.png를 나란히 놓고 보세요. 둘에 같은 --total-timesteps를 주면 됩니다.",
        ),
    ),
    "dqn": About(
        summary=(
            "DQN: reinforcement learning by a net that foretells what each action is worth",
            "DQN: 신경망으로 행동의 가치를 배우는 강화 학습",
        ),
        details=(
            "Q-learning with a net for a table: it remembers what happened, learns from random pieces of that, and takes "
            "its targets from an older copy of itself. For environments with a few actions. Leaves what ppo leaves. The "
            "algorithm is stable-baselines3's.",
            "표 대신 신경망을 쓰는 Q-러닝입니다. 겪은 일을 기억해 두고 그 가운데 무작위로 뽑아 배우며, 목표값은 자신의 예전 복사본(목표망)에서 "
            "가져옵니다. 행동의 가짓수가 적은 환경에 씁니다. ppo와 같은 파일을 남깁니다. 알고리즘은 stable-baselines3의 것입니다.",
        ),
        look=(
            "learning.png: the grey curve holds random actions too, which get rarer over the first part of the training "
            "(--exploration-fraction); the orange one has none. The best agent is kept (the star), not the last.",
            "learning.png에서 회색 곡선에는 무작위 행동이 섞여 있고, 훈련의 앞부분(--exploration-fraction)에 걸쳐 줄어듭니다. 주황 "
            "곡선에는 없습니다. 마지막이 아니라 가장 좋은 에이전트(별)를 저장합니다.",
        ),
    ),
    "evaluate-agent": About(
        summary=(
            "How good an agent is on levels that it has never seen",
            "에이전트가 본 적 없는 레벨에서 얼마나 잘하는지",
        ),
        details=(
            "Plays whole episodes with its best actions: on jellyrun each of the test levels once, and as many training "
            "levels, whose difference is the gap of generalisation; elsewhere the seeds from --first on. Gives the mean "
            "score with a bootstrap interval of 95 %, and the interquartile mean, which a few lucky levels do not move "
            "(Agarwal et al. 2021). Leaves every episode in episodes.csv and a figure.",
            "가장 좋은 행동만으로 에피소드를 끝까지 치릅니다. jellyrun에서는 시험 레벨을 한 번씩, 훈련 레벨도 그만큼 치르며 그 차이가 일반화 "
            "격차입니다. 다른 환경에서는 --first부터의 시드로 합니다. 평균 점수와 95 % 부트스트랩 구간, 운 좋은 몇 레벨에 흔들리지 않는 사분위 "
            "평균(IQM)을 냅니다(Agarwal 등 2021). 모든 에피소드를 담은 episodes.csv와 그림을 남깁니다.",
        ),
        look=(
            "Two agents whose intervals (the bands) overlap may be equally good: take more --episodes. On jellyrun the "
            "distance of the two dashed lines is the gap.",
            "구간(띠)이 겹치는 두 에이전트는 실력이 같을 수 있으니 --episodes를 늘리세요. jellyrun에서는 두 점선 사이가 격차입니다.",
        ),
    ),
    "import-agent": About(
        summary=(
            "An agent out of a zip of stable-baselines3, without running anything in it",
            "stable-baselines3의 zip에서 에이전트를 안전하게 꺼내기",
        ),
        details=(
            "Such a zip is full of pickles, and a pickle from a stranger runs his code. Here only the tensors of its "
            "policy (PPO, A2C or DQN) are taken, and what its settings say in plain text; the rest is never opened. "
            "Leaves agent.safetensors, which `dllab watch` and evaluate-agent take. Observations that were normalised by "
            "VecNormalize are not known to the zip: such an agent will play badly, as its figures will show.",
            "이런 zip에는 피클이 가득하고, 낯선 사람의 피클은 그 사람의 코드를 실행합니다. 여기서는 정책(PPO, A2C, DQN)의 텐서와 설정 가운데 "
            "글로 적힌 것만 읽고 나머지는 열지 않습니다. agent.safetensors를 남기며 dllab watch와 evaluate-agent에서 씁니다. VecNormalize로 "
            "정규화한 관측은 zip에 들어 있지 않으므로, 그런 에이전트는 점수가 낮게 나옵니다.",
        ),
        look=(
            "The mean score in the last message: is it what you know of this agent? Of a file of yours, the message before "
            "it says that nothing in it was run.",
            "마지막 메시지의 평균 점수가 알고 있는 실력과 같은지 보세요. 직접 준 파일이면 그 앞의 메시지가 파일 안의 어떤 것도 실행하지 "
            "않았음을 알립니다.",
        ),
    ),
    "rl-benchmark": About(
        summary=(
            "Agents of every kind beside each other on the same unseen levels of jellyrun",
            "여러 에이전트를 같은 시험 레벨에서 나란히 비교",
        ),
        details=(
            "Those that are there play once; those that learn are trained anew for every seed. Every agent plays the same "
            "test levels. Leaves a table (CSV and Markdown), every score, and two figures: the scores, and how the gap "
            "between training and test levels closes the more levels PPO learns on. Can be stopped and resumed between "
            "two trainings.",
            "이미 있는 에이전트는 한 번 치르고, 배우는 에이전트는 시드마다 새로 훈련합니다. 모두가 같은 시험 레벨을 치릅니다. 표(CSV와 "
            "마크다운), 모든 점수, 그림 두 장을 남깁니다. 하나는 점수, 하나는 PPO가 배우는 레벨이 늘수록 훈련 레벨과 시험 레벨의 격차가 "
            "줄어드는 모습입니다. 훈련과 훈련 사이에서 멈췄다가 이어 갈 수 있습니다.",
        ),
        look=(
            "benchmark.png: do the intervals overlap? And rl-benchmark.md: the worst training of each kind. gap.png: one "
            "level is learnt by heart; from a hundred on, unseen levels go as well as its own.",
            "benchmark.png에서 구간이 겹치는지, rl-benchmark.md에서 종류마다 가장 나쁜 훈련을 보세요. gap.png에서 레벨 하나는 외워 버리지만, "
            "백 개부터는 처음 보는 레벨도 배운 레벨만큼 잘합니다.",
        ),
    ),
}
