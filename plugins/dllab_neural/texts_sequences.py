"""What the experiments on sequences tell of themselves, in English and Korean."""

from dllab import About

SEQUENCES = {
    "rnn-vs-lstm": About(
        summary=("RNN and LSTM: which one remembers two numbers?", "RNN과 LSTM: 두 수를 기억하는 시합"),
        details=(
            "Numbers come one after the other; two of them are marked, and at the end their sum is asked for. Whoever "
            "forgets can only say 1 every time, and is wrong by 1/6 on average (squared). A plain recurrent network and an "
            "LSTM learn the same examples; the LSTM's own steps are also computed from its formulas.",
            "수가 하나씩 들어오고, 그중 두 개에 표시가 있습니다. 끝에서 그 합을 묻습니다. 잊어버리면 늘 1이라고 답할 수밖에 없고, 평균 제곱 "
            "오차는 1/6입니다. RNN과 LSTM이 같은 예제로 배웁니다. LSTM의 계산은 공식으로도 다시 해 봅니다.",
        ),
        look=(
            "When does each curve leave the dotted line? Longer memories: --length 60 --steps 1500.",
            "곡선이 점선에서 언제 내려가는지 보세요. 더 긴 기억: --length 60 --steps 1500",
        ),
    ),
    "lstm-gates": About(
        summary=(
            "The three gates of an LSTM, opening and closing",
            "LSTM의 게이트 세 개가 열리고 닫히는 모습",
        ),
        details=(
            "At a mark the number is to be kept, and at a question it is to be said; all else means nothing. One cell learns "
            "it: the input gate opens at marks, where the forget gate drops the old note, and the output gate opens at "
            "questions. A cell without input keeps the share f of its memory at each step: f^t after t steps.",
            "표시가 있으면 그 수를 기억하고, 질문이 있으면 말합니다. 나머지 수는 뜻이 없습니다. 셀 하나가 이를 배웁니다. 표시에서 입력 게이트가 열리고 망각 "
            "게이트가 옛 기억을 버리며, 질문에서 출력 게이트가 열립니다. 입력이 없으면 셀은 걸음마다 기억의 f배를 남기므로 t걸음 뒤에는 f^t가 남습니다.",
        ),
        look=(
            "What the gates do at a mark and at a question, and that the memory stays level in between. On the right: a "
            "forget gate of 0.5 loses half at each step.",
            "표시와 질문에서 게이트가 하는 일, 그 사이에 그대로인 기억을 보세요. 오른쪽: 망각 게이트가 0.5이면 걸음마다 반이 사라집니다.",
        ),
    ),
    "rnn-gradients": About(
        summary=(
            "How fast a recurrent network's gradient dies or bursts",
            "순환 신경망의 기울기 소멸과 폭발",
        ),
        details=(
            "On the way back in time the gradient is multiplied by the same matrix again and again. So it shrinks or grows "
            "like a power: the spectral radius, the largest absolute eigenvalue, to the number of steps. Below 1 the past "
            "has no say any more; above 1 the gradient bursts. A tanh only makes it smaller.",
            "시간을 거슬러 가며 기울기에 같은 행렬을 되풀이해 곱합니다. 그래서 스펙트럼 반지름(고윳값 절댓값의 최대)의 거듭제곱으로 줄거나 "
            "늘어납니다. 1보다 작으면 과거가 힘을 잃고, 1보다 크면 기울기가 폭발합니다. tanh는 더 작게 만들 뿐입니다.",
        ),
        look=(
            "Straight lines on a scale of powers of ten, and the eigenvalues on the right that say how steep each is.",
            "10의 거듭제곱 눈금에서 곧은 선들과, 그 기울기를 정하는 오른쪽 고윳값을 보세요.",
        ),
    ),
    "stock-forecast": About(
        summary=(
            "Tomorrow's price by an LSTM, beside 'as today'",
            "LSTM의 내일 주가 예측과 '오늘과 같다'의 비교",
        ),
        details=(
            "The prices are made up here: a random walk, unless --data FILE.csv brings real ones. An LSTM's forecast looks "
            "good on the chart and yet is hardly more than yesterday's price again. Beside it stand the forecast 'tomorrow "
            "is as today' and, as a test that an LSTM can learn, a noisy wave, where it wins.",
            "--data 파일.csv로 실제 주가를 주지 않으면 여기서 만든 가상의 주가(무작위 걸음)를 씁니다. LSTM의 예측은 그래프에서 그럴듯하지만 어제 "
            "값을 되풀이한 것과 거의 같습니다. '내일은 오늘과 같다'는 예측과 나란히 놓고, LSTM이 이기는 물결 자료도 함께 보입니다.",
        ),
        look=(
            "The zoom: the forecast runs one day behind. Only what is better than the grey bar is a forecast at all.",
            "확대 그림에서 예측은 하루 늦게 따라갑니다. 회색 막대보다 나아야 비로소 예측입니다.",
        ),
    ),
    "sequence-shapes": About(
        summary=(
            "390 minutes, 100 days, 3 prices: a tensor of series",
            "390분 x 100일 x 3: 시계열 텐서의 모양",
        ),
        details=(
            "The slide's stock tensor (100, 390, 3), made up here: 100 days, 390 minutes each, price, highest and lowest. A "
            "day is a matrix, a minute of a day three numbers. What a recurrent network returns, how windows are "
            "cut, and why reshape is no transpose.",
            "강의의 주식 텐서 (100, 390, 3)를 가상의 값으로 만듭니다. 100일, 하루 390분, 가격과 최고, 최저입니다. 하루는 행렬이고 "
            "1분은 수 세 개입니다. 순환 신경망이 돌려주는 모양, 윈도 자르기, reshape와 transpose의 차이도 봅니다.",
        ),
        look=(
            "Which axis is fixed in each picture. The first axis, the samples, is left out: input_shape = (None, 390, 3).",
            "그림마다 어느 축을 고정했는지 보세요. 표본 수의 축은 생략합니다: input_shape = (None, 390, 3)",
        ),
    ),
}
