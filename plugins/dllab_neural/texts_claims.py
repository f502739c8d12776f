"""What the experiment on the lectures' own claims tells of itself, in English and Korean."""

from dllab import About

CLAIMS = {
    "lecture-claims": About(
        summary=(
            "The lectures under test: what the slides claim, computed",
            "강의 검증: 슬라이드의 주장을 직접 계산",
        ),
        details=(
            "Slides are written by hand, and hands slip. Every claim of the five lectures that a computer can decide is "
            "computed here and confirmed, corrected, or said to depend on something: the XOR table with the logistic "
            "function, the difference quotient that stands upside down, what batch_size=10 divides, the weights of nets.",
            "슬라이드도 사람이 쓰기에 실수가 있습니다. 다섯 강의의 주장 가운데 컴퓨터로 판단할 수 있는 것을 모두 계산해 맞는지, "
            "고쳐야 하는지, 조건에 따라 다른지 밝힙니다. 로지스틱 함수로 계산한 XOR 표, 뒤집힌 미분 공식, batch_size=10이 "
            "나누는 것, 신경망의 가중치 수 등입니다.",
        ),
        look=(
            "The picture lists what does not simply hold; claims.csv has all, each with its figure and source.",
            "그림에는 그대로 맞지 않는 주장이 나옵니다. 전체는 claims.csv에 계산값, 출처와 함께 있습니다.",
        ),
    ),
}
