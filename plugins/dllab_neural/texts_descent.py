"""What the experiments on slopes and learning tell of themselves, in English and Korean."""

from dllab import About

DESCENT = {
    "derivative": About(
        summary=("Secants that become a tangent, and the best size of h", "할선이 접선이 되는 과정: 미분"),
        details=(
            "The slope is the change of f over the change of x, for a smaller and smaller step h. One slide prints the "
            "fraction upside down; it gives 1/6 where the slope is 6. From one side the error falls with h, from both "
            "sides with h², until rounding takes over.",
            "기울기는 f의 변화량을 x의 변화량 h로 나눈 것이며, h를 점점 줄입니다. 슬라이드 한 장은 분수를 뒤집어 적어, 기울기가 6인 "
            "곳에서 1/6이 나옵니다. 오차는 한쪽 차분이면 h에, 양쪽 차분이면 h²에 비례해 줄다가 반올림 오차가 커집니다.",
        ),
        look=(
            "The orange secant turns into the dotted tangent; on the right the valley of the error, with the slide's h.",
            "주황색 할선이 점선(접선)에 겹칩니다. 오른쪽은 오차의 골짜기와 슬라이드의 h입니다.",
        ),
    ),
    "chain-rule": About(
        summary=(
            "A nudge is stretched link by link: slopes multiply",
            "작은 변화가 고리마다 늘어나는 연쇄법칙",
        ),
        details=(
            "y = √(3x² + 1) is three links: square, times three plus one, root. A small change of x is passed on, and each "
            "link stretches or shrinks it by its own slope. So the slope of the whole is the product of the three.",
            "y = √(3x² + 1)은 제곱, 3배 더하기 1, 제곱근의 세 고리입니다. x의 작은 변화가 고리마다 그 고리의 기울기만큼 늘거나 "
            "줄어 전해집니다. 그래서 전체의 기울기는 세 기울기의 곱입니다.",
        ),
        look=(
            "The orange pieces: how long each is against the one above; the ratios near the slopes as the nudge shrinks.",
            "주황색 조각이 바로 위 조각의 몇 배인지 보세요. 변화가 작아질수록 비율이 기울기에 다가갑니다.",
        ),
    ),
    "gradient-descent": About(
        summary=(
            "Downhill in a bowl, and the rate at which it flies out",
            "그릇을 내려가는 경사하강과 발산하는 학습률",
        ),
        details=(
            "Each step goes against the slope, times the learning rate. In a bowl of curvature 10 a step leaves the share "
            "|1 - 10 · rate| of the distance: below 0.2 it shrinks, at 0.2 it swings for ever, above it grows without end.",
            "걸음마다 기울기의 반대쪽으로 학습률을 곱한 만큼 갑니다. 곡률이 10인 그릇에서는 한 걸음 뒤 거리가 |1 - 10 · 학습률|배가 "
            "됩니다. 0.2보다 작으면 줄고, 0.2이면 끝없이 왔다 갔다 하며, 더 크면 튕겨 나갑니다.",
        ),
        look=(
            "The same bowl, four rates: creeping, swinging in, swinging for ever, flying out. Below: straight lines.",
            "같은 그릇, 네 학습률: 천천히, 흔들리며 안으로, 영원히 흔들림, 튕겨 나감. 아래 그래프는 직선입니다.",
        ),
    ),
    "optimizers": About(
        summary=("GD, SGD, Momentum, Adagrad, RMSProp and Adam in a race", "여섯 옵티마이저의 경주"),
        details=(
            "All six are written out in a few lines each and start at the same place of a curved valley. SGD sees one "
            "part of the data at a time; Momentum keeps rolling; Adagrad, RMSProp and Adam give each direction its own "
            "length of step.",
            "여섯 규칙을 몇 줄씩 직접 적었고 같은 곳에서 출발합니다. SGD는 데이터의 일부만 보고, 모멘텀은 관성으로 구르고, Adagrad와 "
            "RMSProp, Adam은 방향마다 걸음의 길이를 따로 정합니다.",
        ),
        look=(
            "Who swings, who cuts the corner, who is slow on the flat floor. Another valley: --surface rosenbrock.",
            "누가 흔들리고, 누가 가로지르고, 누가 평평한 바닥에서 느린지 보세요. 다른 골짜기: --surface rosenbrock.",
        ),
    ),
    "local-minima": About(
        summary=("Where a ball ends depends on where it starts", "출발점에 따라 달라지는 극소점"),
        details=(
            "Himmelblau's function has four hollows. Gradient descent goes downhill only, so each start ends in the hollow "
            "of its own basin, even where another is deeper. The map colours every start by where it ends.",
            "힘멜블라우 함수에는 골짜기가 네 개 있습니다. 경사하강은 내려가기만 하므로 더 깊은 곳이 있어도 자기 유역의 골짜기에서 멈춥니다. "
            "지도의 색은 그곳에서 출발하면 어디서 끝나는지를 나타냅니다.",
        ),
        look=(
            "The large star is the deepest; balls of the other colours never get there. Borders of colours are ridges.",
            "큰 별이 가장 깊은 곳인데, 다른 색의 공은 끝내 가지 못합니다. 색의 경계가 산마루입니다.",
        ),
    ),
    "backpropagation": About(
        summary=("One network, with the number of every edge on it", "모든 선에 숫자를 적은 역전파"),
        details=(
            "Values go forward, from the inputs to the loss. Then each neuron's share of the blame, δ, goes backward, and "
            "the slope of a weight is the value at its start times the δ at its end. The network and the figures are those "
            "of a well-known worked example.",
            "값은 입력에서 손실까지 앞으로 흐릅니다. 그다음 뉴런마다 잘못의 몫 δ가 뒤로 흐르고, 가중치의 기울기는 시작점의 값과 끝점의 "
            "δ를 곱한 것입니다. 신경망과 숫자는 널리 알려진 예제의 것입니다.",
        ),
        look=(
            "Take one edge and multiply: the blue value on its left by the δ on its right is the orange number on it.",
            "선 하나를 골라 왼쪽의 값과 오른쪽의 δ를 곱해 보세요. 선 위의 주황색 숫자가 됩니다.",
        ),
    ),
    "cross-entropy": About(
        summary=(
            "Why a probability is not learned with squares",
            "확률은 왜 MSE가 아니라 교차 엔트로피로 배울까",
        ),
        details=(
            "A prediction of 0.1 for what comes true costs -ln 0.1 = 2.30. With this price the cost of one neuron is a "
            "single bowl. With squares it is not convex, and flat where the prediction is most wrong, so that learning "
            "stands still there.",
            "일어난 일에 0.1을 예측하면 벌점이 -ln 0.1 = 2.30입니다. 이 벌점으로는 뉴런 하나의 비용이 그릇 하나가 됩니다. MSE로는 "
            "볼록하지 않고, 가장 많이 틀린 곳이 평평해서 학습이 멈춥니다.",
        ),
        look=(
            "The orange parts on the right: there the cost bends down. In the middle there are none.",
            "오른쪽의 주황색 구간에서 비용이 아래로 굽습니다. 가운데에는 그런 곳이 없습니다.",
        ),
    ),
    "tensors": About(
        summary=("Scalar, vector, matrix, tensor, and how two shapes meet", "텐서의 모양과 브로드캐스트"),
        details=(
            "A tensor is a box of numbers with any count of axes. Two tensors of unlike shapes meet when, seen from the "
            "right, lengths are equal or one of them is 1: that one is repeated. The shapes of the slides are counted as "
            "well.",
            "텐서는 축의 개수가 자유로운 수의 상자입니다. 모양이 다른 두 텐서는 오른쪽부터 보아 길이가 같거나 한쪽이 1이면 계산할 수 있고, 1인 "
            "쪽이 되풀이됩니다. 슬라이드에 나온 모양의 수도 셉니다.",
        ),
        look=(
            "Bold numbers are there once, pale ones are repeated. Try --a 2 3 --b 3, or --a 3 --b 4 to see it refused.",
            "굵은 수는 원래 값, 옅은 수는 되풀이된 값입니다. --a 2 3 --b 3, 또는 거절되는 --a 3 --b 4를 해 보세요.",
        ),
    ),
    "clock-features": About(
        summary=("Reading a clock from pixels, from points and from angles", "시계 읽기: 픽셀, 좌표, 각도"),
        details=(
            "A decision tree and a straight line learn to tell the time from three forms of the same clock. The tree finds "
            "pixels hard and the tips of the hands easy. The straight line needs the angles, and then it is exact: the time "
            "is twice θ1. Of the slide's two angles one fits its point and one does not.",
            "결정 트리와 직선이 같은 시계를 세 가지 표현으로 읽습니다. 트리에게 픽셀은 어렵고 바늘 끝의 좌표는 쉽습니다. 직선은 각도가 있어야 "
            "하지만, 그러면 정확합니다. 시각은 θ1의 두 배입니다. 슬라이드의 두 각도 가운데 하나는 좌표와 맞지 않습니다.",
        ),
        look=(
            "Row by row: the tree is helped by points already, the straight line only by angles.",
            "한 줄씩 보세요. 트리는 좌표만으로 충분하고, 직선은 각도가 있어야 읽습니다.",
        ),
    ),
}
