"""What the experiments on single neurons and small networks tell of themselves, in English and Korean."""

from dllab import About

NEURONS = {
    "perceptron": About(
        summary=("A line that moves only when it is wrong", "틀릴 때만 움직이는 직선: 퍼셉트론"),
        details=(
            "The perceptron looks at one point after the other. If the point is on the right side, nothing happens; if "
            "not, W ← W + θ(y - ŷ)x turns the line towards it. Where a line can part the classes, it is found after a "
            "number of mistakes that the width of the gap bounds.",
            "점을 하나씩 봅니다. 맞으면 그대로 두고, 틀리면 W ← W + θ(y - ŷ)x로 직선을 그 점 쪽으로 돌립니다. 직선으로 나눌 수 있는 "
            "문제라면 틀리는 횟수는 두 클래스 사이 틈의 넓이로 정해지는 한계를 넘지 않습니다.",
        ),
        look=(
            "The ringed point was wrong, the dotted line is where the border stood before. Try --task AND, OR, NAND.",
            "동그라미 친 점이 틀린 점이고, 점선은 옮기기 전의 직선입니다. --task AND, OR, NAND도 해 보세요.",
        ),
    ),
    "gates": About(
        summary=(
            "AND, OR and NAND are one neuron each; XOR is none",
            "AND, OR, NAND는 뉴런 하나, XOR은 불가능",
        ),
        details=(
            "A neuron with a step draws one straight line. Three of the gates need no more. For XOR no line works: the "
            "four conditions contradict each other. Of the 16 functions of two inputs a neuron computes 14.",
            "계단 함수를 쓰는 뉴런은 직선 하나를 긋습니다. 세 게이트는 그것으로 충분하지만, XOR의 네 조건은 서로 모순입니다. 입력이 "
            "둘인 함수 16개 가운데 뉴런 하나가 계산하는 것은 14개입니다.",
        ),
        look=(
            "Try to get all four of XOR with --w1, --w2 and --b: three is the most, and the ring shows the one that fails.",
            "--w1, --w2, --b로 XOR 네 개를 모두 맞혀 보세요. 최대 세 개이고, 동그라미가 틀린 곳입니다.",
        ),
    ),
    "xor-slide": About(
        summary=(
            "The slide's XOR weights, worked out: where ≈ does not hold",
            "슬라이드의 XOR 표 검산: ≈가 성립하지 않는 곳",
        ),
        details=(
            "With a step for σ the slide's weights give 0 1 1 0 exactly. With the logistic function, which σ stands for, "
            "they give .555 .614 .614 .555. Larger weights alone do not help, since the last sum of (0, 0) is exactly 0: "
            "the last bias must be -1.5.",
            "σ가 계단 함수라면 슬라이드의 가중치는 정확히 0 1 1 0을 냅니다. 로지스틱 함수라면 .555 .614 .614 .555가 나옵니다. "
            "가중치만 키워서는 안 됩니다. (0, 0)의 마지막 합이 정확히 0이기 때문이며, 출력 편향이 -1.5여야 합니다.",
        ),
        look=(
            "The pale map on the left: all four outputs are about a half. Thick rings and red numbers mark what fails.",
            "왼쪽의 옅은 지도: 네 출력이 모두 0.5 근처입니다. 굵은 동그라미와 빨간 숫자가 틀린 값입니다.",
        ),
    ),
    "xor-mlp": About(
        summary=(
            "Two hidden neurons bend the plane until a line parts XOR",
            "은닉층이 평면을 왜곡해 XOR을 푸는 과정",
        ),
        details=(
            "A network with two hidden neurons learns XOR by gradient descent. What the hidden layer does can be seen: it "
            "moves every point of the plane to (n1, n2), and there a straight line is enough. Some starts end in a hollow "
            "and are tried again.",
            "은닉 뉴런 두 개인 신경망이 경사하강으로 XOR을 배웁니다. 은닉층은 평면의 모든 점을 (n1, n2)로 옮기고, 옮겨진 평면에서는 "
            "직선 하나로 충분합니다. 골짜기에 갇힌 출발은 처음부터 다시 합니다.",
        ),
        look=(
            "The grid on the right folds until both blue points lie on one side; the same border is curved on the left.",
            "오른쪽 격자가 접혀 파란 점 둘이 한쪽에 모입니다. 같은 경계가 왼쪽에서는 굽어 있습니다.",
        ),
    ),
    "activations": About(
        summary=(
            "Sigmoid, tanh, ReLU and softmax, with their slopes",
            "시그모이드, tanh, ReLU, 소프트맥스와 기울기",
        ),
        details=(
            "An activation makes a network more than one straight rule. The sigmoid squeezes every number between 0 and 1, "
            "tanh between -1 and 1, ReLU lets through what is above 0. Learning follows the slope: where it is flat, "
            "nothing is learned.",
            "활성 함수가 있어야 신경망이 직선 이상을 나타냅니다. 시그모이드는 0과 1 사이로, tanh는 -1과 1 사이로 줄이고, ReLU는 0보다 "
            "큰 값만 그대로 보냅니다. 학습은 기울기를 따르므로, 기울기가 0에 가까운 곳에서는 배우지 못합니다.",
        ),
        look=(
            "The dashed slopes: the sigmoid's is never above 1/4, ReLU's is 1 on the whole right side.",
            "점선이 기울기입니다. 시그모이드는 1/4을 넘지 못하고, ReLU는 오른쪽에서 늘 1입니다.",
        ),
    ),
    "vanishing-gradients": About(
        summary=("How much of the gradient arrives at the first layer", "첫 층까지 남는 기울기: 기울기 소멸"),
        details=(
            "On the way back each layer multiplies the gradient by its weights and by the slope of its activation. A "
            "sigmoid's slope is 1/4 at most, so ten layers leave almost nothing for the first. With ReLU and weights to "
            "match, it arrives nearly whole.",
            "역전파에서 층마다 가중치와 활성 함수의 기울기가 곱해집니다. 시그모이드의 기울기는 최대 1/4이라 열 층을 지나면 거의 남지 "
            "않습니다. ReLU와 알맞은 가중치를 쓰면 거의 그대로 도착합니다.",
        ),
        look=(
            "The scale on the left is in powers of ten: a straight fall is a loss of the same share in each layer.",
            "왼쪽 눈금은 10의 거듭제곱입니다. 곧게 내려가는 선은 층마다 같은 비율로 줄어든다는 뜻입니다.",
        ),
    ),
    "universal-approximation": About(
        summary=(
            "One hidden layer comes as near to a curve as one wants",
            "은닉층 하나로 곡선 따라가기: 보편 근사",
        ),
        details=(
            "Each hidden neuron bends the line at one place. With n of them the curve becomes a broken line through n + 1 "
            "points, and the largest error falls with 1/n². Here the weights are written down, so that nothing depends on "
            "luck in learning. --data takes a curve of your own.",
            "은닉 뉴런 하나가 직선을 한 곳에서 꺾습니다. 뉴런이 n개면 점 n + 1개를 잇는 꺾은선이 되고, 가장 큰 오차는 1/n²에 비례해 "
            "줍니다. 여기서는 가중치를 직접 적으므로 학습의 운과 상관없습니다. --data로 내 곡선을 넣을 수 있습니다.",
        ),
        look=(
            "The pale lines are the places where neurons begin to fire: blue bends up, orange bends down.",
            "옅은 세로선이 뉴런이 켜지는 곳입니다. 파랑은 위로, 주황은 아래로 꺾습니다.",
        ),
    ),
    "playground": About(
        summary=(
            "A small network with live borders; see what each neuron sees",
            "신경망 놀이터: 뉴런마다 보는 것",
        ),
        details=(
            "Choose points, inputs, layers and activation, and watch the border grow. The small map in each neuron is what "
            "it answers over the whole plane; later layers put the maps of earlier ones together. --data takes a table "
            "with two columns and a class.",
            "점, 입력, 층, 활성 함수를 고르고 경계가 자라는 모습을 보세요. 뉴런 속의 작은 지도는 그 뉴런이 평면 전체에서 내는 값이고, 뒤층은 "
            "앞층의 지도를 섞습니다. --data로 두 열과 클래스가 있는 표를 넣을 수 있습니다.",
        ),
        look=(
            "First neurons cut straight, later ones bend. XOR without hidden layers: --points xor --features 'x1*x2' --layers 0.",
            "앞쪽 뉴런은 곧게, 뒤쪽은 굽게 나눕니다. 은닉층 없는 XOR: --points xor --features 'x1*x2' --layers 0",
        ),
    ),
    "initial-weights": About(
        summary=(
            "How large the first weights must be: zero, Xavier, He",
            "처음 가중치의 크기: 0, Xavier, He",
        ),
        details=(
            "Before anything is learned, a signal must live through all layers. Weights of zero stop it, small ones let it "
            "fade, large ones make it explode. With variance 2/n, He's rule for ReLU, its mean square stays the same. Equal "
            "weights make equal neurons for ever.",
            "배우기 전에도 신호가 모든 층을 지나 살아남아야 합니다. 0이면 멈추고, 작으면 사라지고, 크면 폭발합니다. ReLU에서는 분산을 2/n으로 "
            "하면(He) 크기가 그대로입니다. 모두 같은 가중치로 시작하면 뉴런들이 영원히 똑같습니다.",
        ),
        look=(
            "The level line is He's rule; below, the values of five layers, the last on top. Try --activation tanh.",
            "평평한 선이 He 방법입니다. 아래는 다섯 층의 값이고 마지막 층이 맨 위입니다. --activation tanh도 해 보세요.",
        ),
    ),
    "neuron": About(
        summary=("A neuron of the brain and one of a network, side by side", "뇌의 뉴런과 신경망의 뉴런"),
        details=(
            "Dendrites bring signals, synapses weigh them, the body of the cell adds them up, and above a threshold the axon "
            "carries a signal on. The formula y = f(Σ w·x + b) keeps just this: numbers, weights, a sum and an activation.",
            "수상돌기가 신호를 받고, 시냅스가 세기를 바꾸고, 세포체가 더하고, 임계치를 넘으면 축삭이 신호를 보냅니다. 공식 y = f(Σ w·x + b)는 "
            "이것만 남깁니다. 수, 가중치, 합, 활성 함수입니다.",
        ),
        look=(
            "Each part of the cell stands above its part of the formula. Change --inputs, --weights, --bias.",
            "세포의 부분마다 바로 아래에 공식의 부분이 있습니다. --inputs, --weights, --bias를 바꿔 보세요.",
        ),
    ),
}
