"""What the experiments of this plugin tell of themselves, in English and Korean."""

from dllab import About

ABOUT = {
    "knn": About(
        summary=(
            "A point gets the class that most of its nearest neighbours have",
            "가까운 이웃들의 다수결로 분류하기",
        ),
        details=(
            "K nearest neighbours learns nothing: it keeps the rows, measures the distance from a new point to each, and "
            "lets the k nearest vote. Small k follows every point, large k smooths over the borders.",
            "K-최근접 이웃은 따로 학습하지 않습니다. 행을 그대로 두었다가 새 점까지의 거리를 모두 재고, 가장 가까운 k개가 "
            "투표합니다. k가 작으면 점 하나하나를 따라가고, 크면 경계가 부드러워집니다.",
        ),
        look=(
            "The star in doubt and the lines to those that vote; islands of colour that vanish as k grows; the k at which "
            "the curve on the right is highest.",
            "별표(새 점)와 투표하는 이웃까지 이은 선, k를 키우면 사라지는 섬 모양의 영역, 오른쪽 곡선이 가장 높은 k를 보세요.",
        ),
    ),
    "svm": About(
        summary=(
            "The border with the widest margin, straight and bent by a kernel",
            "마진이 가장 넓은 경계: 직선과 커널",
        ),
        details=(
            "Of all lines that part two classes, a support vector machine takes the one with the widest street along it. "
            "Only the points at the kerb, the support vectors, hold it in place. A kernel measures likeness instead of "
            "the inner product, and the same street becomes a curve.",
            "두 클래스를 나누는 직선 가운데 양옆 도로가 가장 넓은 것을 고릅니다. 도로 가장자리의 점(서포트 벡터)만 경계를 "
            "정합니다. 내적 대신 커널로 닮은 정도를 재면 같은 방법이 굽은 경계가 됩니다.",
        ),
        look=(
            "The ringed points: take any other away and nothing moves. Then raise --gamma until each point has an island.",
            "동그라미 친 점만 경계를 정합니다. --gamma를 키우면 점마다 섬이 생기는 것을 보세요.",
        ),
    ),
    "kernel-trick": About(
        summary=(
            "Four points that no line separates, and one new number that does",
            "직선으로 못 나누는 네 점과 새로운 수 하나",
        ),
        details=(
            "Class A is (0, 3), (3, 0), class B is (1, 2), (2, 1): both have the same middle, so no straight line parts "
            "them. Give each point one new number, x1² + x2² or x1 · x2, and a single threshold does it.",
            "A는 (0, 3), (3, 0), B는 (1, 2), (2, 1)입니다. 가운데가 같아서 어떤 직선으로도 나눌 수 없습니다. 점마다 새로운 수 "
            "x1² + x2² 또는 x1 · x2를 하나 만들면 문턱값 하나로 나뉩니다.",
        ),
        look=(
            "Points of one class lie on one curve of the plane, and so fall onto the same place of the line below.",
            "같은 클래스의 점은 평면에서 같은 곡선 위에 있어, 아래 직선의 같은 자리로 내려옵니다.",
        ),
    ),
    "decision-tree": About(
        summary=("Questions about one feature at a time, as a flow chart", "특성 하나씩 물어 가는 결정 트리"),
        details=(
            "At each step the tree asks the question that leaves its two branches purest, by Gini impurity: the chance "
            "that two rows drawn from a branch are of different classes. The saved rules can be followed by hand.",
            "단계마다 두 가지가 가장 순수해지는 질문을 고릅니다. 순수한 정도는 지니 불순도, 곧 가지에서 뽑은 두 행의 클래스가 다를 "
            "확률로 잽니다. 저장된 규칙은 손으로 따라갈 수 있습니다.",
        ),
        look=(
            "The impurity in each box falls on the way down; the borders on the right are always upright or level. Raise "
            "--max-depth and watch slivers appear for single points.",
            "아래로 갈수록 상자의 불순도가 줄고, 오른쪽 경계는 늘 가로세로입니다. --max-depth를 키우면 점 하나를 위한 조각이 "
            "생깁니다.",
        ),
    ),
    "random-forest": About(
        summary=(
            "Many trees on samples of the rows vote, and the vote is calm",
            "여러 나무의 투표: 랜덤 포레스트",
        ),
        details=(
            "Each tree sees rows drawn with replacement, and few features at each question, so that the trees err in "
            "different places. About 37 % of the rows are never drawn for a tree and serve as its test.",
            "나무마다 복원 추출한 행과 일부 특성만 보므로 서로 다른 곳에서 틀립니다. 행의 약 37 %는 한 나무에 한 번도 뽑히지 않아 "
            "그 나무의 시험이 됩니다.",
        ),
        look=(
            "The ragged border of one tree and the smooth one of all; the accuracy on unseen rows, which settles near "
            "that of cross-validation.",
            "나무 한 그루의 들쭉날쭉한 경계와 모든 나무의 매끄러운 경계, 교차 검증 값 가까이에서 안정되는 정확도를 보세요.",
        ),
    ),
    "gradient-boosting": About(
        summary=(
            "Small trees in a row, each learning what is left over",
            "남은 오차를 차례로 배우는 그래디언트 부스팅",
        ),
        details=(
            "The first answer is the mean. Each tree of one question learns what is still wrong, and a share of its "
            "answer is added. The residuals are the downhill direction of the squared error, hence the name.",
            "처음 답은 평균입니다. 질문이 하나뿐인 나무가 남은 오차를 배우고, 그 답의 일부를 더합니다. 남은 오차가 제곱 오차의 "
            "내리막 방향이라서 그래디언트 부스팅이라고 합니다.",
        ),
        look=(
            "The staircase that comes nearer to the curve from left to right, and the shrinking sticks below it.",
            "왼쪽에서 오른쪽으로 곡선에 가까워지는 계단과, 아래에서 짧아지는 막대(남은 오차)를 보세요.",
        ),
    ),
    "naive-bayes": About(
        summary=("Bayes' rule with features taken for independent", "특성이 독립이라고 본 나이브 베이즈"),
        details=(
            "For each class, each feature has a bell curve of its own; their heights are multiplied, times the share of "
            "the class. Independence is seldom true, yet the answer is often right. The same rule reads texts by counting "
            "words: words.csv holds the example of a textbook.",
            "클래스마다 특성 하나에 종 모양 곡선이 하나씩 있고, 그 높이를 모두 곱한 뒤 클래스의 비율을 곱합니다. 독립이라는 가정은 "
            "거의 맞지 않지만 답은 자주 맞습니다. 같은 규칙으로 낱말을 세어 글도 분류합니다(words.csv는 교과서의 예).",
        ),
        look=(
            "The bells along both edges and the map between them: a border runs where two products are equal.",
            "두 가장자리의 종 모양과 그 사이의 지도를 보세요. 두 곱이 같은 곳이 경계입니다.",
        ),
    ),
    "linear-regression": About(
        summary=(
            "The line H(x) = Wx + b, by formula and by gradient descent",
            "직선 H(x) = Wx + b: 공식과 경사하강",
        ),
        details=(
            "Least squares has a formula, W = cov(x, y) / var(x). Gradient descent knows only the slope of the cost and "
            "walks downhill; both end at the same line. The film shows the line and the cost at once.",
            "최소제곱에는 W = cov(x, y) / var(x)라는 공식이 있습니다. 경사하강은 비용의 기울기만 알고 내려갑니다. 둘은 같은 "
            "직선에서 만납니다. 영상은 직선과 비용을 함께 보여 줍니다.",
        ),
        look=(
            "The sticks are the errors whose squares are summed; the ball takes long steps where the bowl is steep. Try "
            "--learning-rate 0.95.",
            "막대가 제곱해서 더할 오차입니다. 그릇이 가파른 곳에서는 걸음이 큽니다. --learning-rate 0.95도 해 보세요.",
        ),
    ),
    "multivariate-regression": About(
        summary=("Many inputs at once: H(x) = XW", "여러 입력을 한 번에: H(x) = XW"),
        details=(
            "Rows become a matrix X, weights a column W, and all predictions are one product. The closed form solves for W "
            "at once; gradient descent gets near it, soon in directions in which the data spread, late in others.",
            "행들은 행렬 X, 가중치는 열 W가 되고 예측은 곱셈 한 번입니다. 공식은 W를 한 번에 풀고, 경사하강은 데이터가 넓게 퍼진 "
            "방향으로는 빨리, 좁은 방향으로는 늦게 다가갑니다.",
        ),
        look=(
            "Pairs of bars that still differ: columns that tell nearly the same, such as serum 1 and 2.",
            "아직 길이가 다른 막대 쌍을 보세요. 혈청 1과 2처럼 거의 같은 말을 하는 열입니다.",
        ),
    ),
    "score-prediction": About(
        summary=("Seven hours of study: how many points?", "영어 공부를 7시간 했다면 몇 점 나올까?"),
        details=(
            "A line through a small table answers the slide's questions: a score from hours, a time from a distance, sales "
            "from visits. The band says how sure the answer is. The numbers are made up; give your own by --data.",
            "작은 표에 그은 직선이 슬라이드의 질문에 답합니다: 공부 시간과 점수, 거리와 이동 시간, 업무와 매출. 띠는 답이 얼마나 "
            "확실한지 알려 줍니다. 수는 지어낸 것이니 --data로 내 표를 넣어 보세요.",
        ),
        look=(
            "The star at the answer, and how wide the band is there; ask --at 30 hours and see that a line knows no limits.",
            "답의 별표와 그곳의 띠 너비를 보세요. --at 30을 물으면 직선은 한계를 모른다는 것을 알 수 있습니다.",
        ),
    ),
    "logistic-regression": About(
        summary=("The chance of passing, as a curve between 0 and 1", "합격할 확률: 0과 1 사이의 곡선"),
        details=(
            "A line is squeezed through the sigmoid, so that what comes out can be a chance. Its cost is the "
            "cross-entropy, which is convex: from anywhere, downhill ends at the one best curve. Twenty students of a "
            "well-known example are the data.",
            "직선을 시그모이드에 넣어 확률로 만듭니다. 비용은 교차 엔트로피이고 볼록하므로, 어디서 시작해도 내리막은 가장 좋은 곡선 "
            "하나에서 끝납니다. 데이터는 널리 알려진 학생 20명의 예입니다.",
        ),
        look=(
            "Where the curve crosses one half: from there on a pass is more likely; and the pale curves on the way there.",
            "곡선이 0.5를 지나는 곳부터 합격이 더 그럴듯합니다. 그리로 가는 길의 옅은 곡선도 보세요.",
        ),
    ),
    "softmax": About(
        summary=("Several scores become probabilities that sum to one", "여러 점수를 합이 1인 확률로"),
        details=(
            "Softmax takes the exponential of each score and divides by their sum. Only differences count: adding the same "
            "to all changes nothing. With the cross-entropy, the slope of the cost is simply p - y.",
            "소프트맥스는 점수마다 지수함수를 취해 합으로 나눕니다. 차이만 중요해서 모두에 같은 수를 더해도 그대로입니다. 교차 "
            "엔트로피와 함께 쓰면 비용의 기울기가 p - y로 간단해집니다.",
        ),
        look=(
            "Each corner of the triangle is certainty. Low temperature drives the points into the corners, high "
            "temperature towards the middle.",
            "삼각형의 꼭짓점은 확신입니다. 온도가 낮으면 점이 꼭짓점으로, 높으면 가운데로 모입니다.",
        ),
    ),
    "diabetes-network": About(
        summary=(
            "The slide's first network: Dense 12-8-1 on eight measurements",
            "슬라이드의 첫 신경망: Dense 12-8-1",
        ),
        details=(
            "Eight inputs, 12 and 8 neurons with ReLU, one output: 221 numbers, trained for 200 epochs in batches of 10 by "
            "Adam. The slide names no file, so the people are made up; --data takes a real table. A batch of 10 has ten "
            "rows: it does not divide the data into ten.",
            "입력 8개, ReLU 뉴런 12개와 8개, 출력 1개로 가중치는 모두 221개입니다. Adam으로 10행씩 200에포크 학습합니다. 슬라이드에 "
            "파일 이름이 없어 사람들은 지어낸 것이고, --data로 실제 표를 쓸 수 있습니다. batch_size 10은 데이터를 10개로 나누는 것이 "
            "아니라 10행씩 쓰는 것입니다.",
        ),
        look=(
            "Whether the test curve leaves the dotted line of a single neuron behind; the training curve that goes on rising.",
            "테스트 곡선이 뉴런 하나(점선)를 앞서는지, 훈련 곡선만 계속 오르는지 보세요.",
        ),
    ),
    "train-test-split": About(
        summary=("80 % to learn from, 20 % to be honest", "80 %로 배우고 20 %로 확인하기"),
        details=(
            "Polynomials of growing degree learn a noisy curve. The error on rows that were learned falls with every "
            "degree; on others it turns round. A validation part chooses the degree, and the test part, looked at once, "
            "says how good that is.",
            "차수를 높여 가며 다항식이 잡음 섞인 곡선을 배웁니다. 배운 행의 오차는 차수마다 줄지만, 다른 행의 오차는 다시 커집니다. "
            "검증 부분으로 차수를 고르고, 한 번만 보는 테스트 부분으로 성능을 확인합니다.",
        ),
        look=(
            "The gap that opens between training and test at the right of the last picture: that is overfitting.",
            "마지막 그림 오른쪽에서 훈련과 테스트 사이가 벌어지는 것이 과적합입니다.",
        ),
    ),
    "overfitting-cures": About(
        summary=(
            "Dropout, L2 and early stopping against learning by heart",
            "과적합 처방: 드롭아웃, L2, 조기 종료",
        ),
        details=(
            "A net far too large for its few points learns their noise. Dropout silences neurons at random, L2 makes large "
            "weights dear, early stopping keeps the net of the epoch that was best on points set aside. All begin alike.",
            "점이 적은데 너무 큰 신경망은 잡음까지 외웁니다. 드롭아웃은 뉴런을 무작위로 쉬게 하고, L2는 큰 가중치에 벌점을 주고, "
            "조기 종료는 따로 둔 점에서 가장 좋았던 에포크의 신경망을 씁니다. 시작은 모두 같습니다.",
        ),
        look=(
            "The border that winds around single points without a cure; below it, the test loss that climbs while the "
            "training loss falls.",
            "처방이 없을 때 점 하나하나를 감싸는 경계와, 훈련 손실이 줄 때 오르는 테스트 손실을 보세요.",
        ),
    ),
}
