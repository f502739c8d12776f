"""What the experiments on pictures tell of themselves, in English and Korean."""

from dllab import About

PICTURES = {
    "dnn-digits": About(
        summary=("A dense network that reads digits", "숫자를 읽는 심층 신경망 (DNN)"),
        details=(
            "Every pixel is an input of every neuron. 1,797 small digits that come with scikit-learn are parted into 80 % "
            "to learn and 20 % to test; --data mnist.npz takes the real MNIST. The baseline compares with the mean "
            "picture of each digit.",
            "모든 픽셀이 모든 뉴런의 입력입니다. scikit-learn에 들어 있는 작은 숫자 그림 1,797장을 80 %는 학습, 20 %는 테스트에 씁니다. "
            "--data mnist.npz로 실제 MNIST를 쓸 수 있습니다. 기준은 숫자마다 평균 그림과 견주는 방법입니다.",
        ),
        look=(
            "The pictures that were read wrongly: would you have known? In the matrix, what lies off the diagonal.",
            "잘못 읽은 그림을 사람은 맞힐 수 있을까요? 표에서는 대각선 밖의 숫자를 보세요.",
        ),
    ),
    "cnn-digits": About(
        summary=(
            "A convolutional network on digits, and its feature maps",
            "숫자를 읽는 합성곱 신경망과 특징 맵",
        ),
        details=(
            "A few small filters slide over the picture, so that the same weights look everywhere. Pooling keeps the "
            "strongest answer of each 2 x 2. Deeper, the maps grow smaller and more. The first layer is also summed by "
            "hand, place by place.",
            "작은 필터 몇 개가 그림 위를 미끄러지므로 같은 가중치로 모든 곳을 봅니다. 풀링은 2 x 2마다 가장 강한 답만 남깁니다. 깊어질수록 "
            "맵은 작아지고 많아집니다. 첫 층은 자리마다 손으로 더한 값과도 견줍니다.",
        ),
        look=(
            "Each column is one filter: its weights on top, then where it answers on the digit in the corner.",
            "세로 한 줄이 필터 하나입니다. 위가 가중치, 그 아래가 왼쪽 위 숫자에서 반응한 자리입니다.",
        ),
    ),
    "architectures": About(
        summary=(
            "AlexNet, VGG-16, ResNet-18 and MobileNetV2, layer by layer",
            "이름난 신경망의 파라미터를 층마다 세기",
        ),
        details=(
            "Four famous networks as tables of layers. A formula for each kind of layer gives its parameters and the shape "
            "that leaves it; the totals are the published ones to the last digit. Three quarters of VGG are one dense layer.",
            "이름난 신경망 넷을 층의 표로 적었습니다. 층의 종류마다 공식으로 파라미터 수와 나가는 모양을 구하며, 합계는 알려진 수와 끝자리까지 "
            "같습니다. VGG의 4분의 3은 완전 연결층 하나에 있습니다.",
        ),
        look=(
            "The maps grow smaller and the channels more; the bars on the right show where the parameters sit.",
            "맵은 작아지고 채널은 늘어납니다. 오른쪽 막대는 파라미터가 어디에 있는지 보여 줍니다.",
        ),
    ),
    "residual-nets": About(
        summary=("Deep nets with and without shortcuts, in a race", "깊은 신경망의 경주: 보통과 잔여 학습"),
        details=(
            "Two nets of the same depth and the same weights at the start learn digits. One passes on F(x), the other "
            "x + F(x). Through the sum the gradient reaches the first layers unhindered; without it hardly anything "
            "arrives, and the net goes on guessing.",
            "깊이와 처음 가중치가 같은 두 신경망이 숫자를 배웁니다. 하나는 F(x)를, 다른 하나는 x + F(x)를 넘깁니다. 더하기를 따라 기울기가 "
            "첫 층까지 그대로 갑니다. 더하기가 없으면 거의 도착하지 않아 계속 찍기만 합니다.",
        ),
        look=(
            "The scale on the right is in powers of ten: how much gradient reaches the first blocks before learning.",
            "오른쪽 눈금은 10의 거듭제곱입니다. 학습 전에 첫 블록까지 오는 기울기의 크기를 보세요.",
        ),
    ),
    "filters": About(
        summary=(
            "Filters slide over your picture: one dot product per place",
            "내 그림 위를 미끄러지는 필터",
        ),
        details=(
            "A filter is a small table of weights. At each place of the picture its dot product with what lies below is one "
            "number of the feature map. Six filters give six maps: blur, edges, slants. --kernel takes nine numbers of your "
            "own.",
            "필터는 작은 가중치 표입니다. 그림의 자리마다 아래 픽셀과의 내적이 특징 맵의 수 하나가 됩니다. 필터 여섯 개는 흐림, 윤곽, 사선 같은 "
            "특징 맵 여섯 장을 만듭니다. --kernel로 내 수 아홉 개를 넣을 수 있습니다.",
        ),
        look=(
            "Each map has its filter in the corner; blue answers are positive, red negative. The film does the sums.",
            "맵 구석에 그 필터가 있습니다. 파랑은 양수, 빨강은 음수입니다. 영화는 곱과 합을 보여 줍니다.",
        ),
    ),
    "digit-recognition": About(
        summary=(
            "Draw a digit and have it read by a 784-200-10 network",
            "손글씨 숫자 인식: 784-200-10 신경망",
        ),
        details=(
            "The network of the web page that the lecture shows: 157,000 and 2,010 weights, a logistic hidden layer and a "
            "softmax. A drawing is cut out, scaled to 20 pixels and centred by mass, as MNIST's digits are. It learns the "
            "built-in digits, or MNIST by --data.",
            "강의에 나온 웹 페이지의 신경망입니다. 가중치는 157,000개와 2,010개, 은닉층은 로지스틱, 출력은 소프트맥스입니다. 그림은 MNIST처럼 "
            "잘라 내고 20픽셀로 줄여 무게 중심을 가운데 놓습니다. 내장 숫자나 --data의 MNIST로 배웁니다.",
        ),
        look=(
            "What the network really gets: the third picture. Draw your own in any paint program: --image digit.png.",
            "신경망이 실제로 받는 것은 세 번째 그림입니다. 그림판에서 숫자를 그려 --image digit.png로 넣어 보세요.",
        ),
    ),
    "visual-cortex": About(
        summary=(
            "Cells that answer to bars of one slant: the cat's cortex",
            "한 방향 막대에만 반응하는 세포: 고양이 시각 피질",
        ),
        details=(
            "In 1959 Hubel and Wiesel found cells in the cat's visual cortex that fire for bars of one slant. Here a cell is "
            "a small striped filter, and its answer to a bar of light is a dot product. Filters that networks learn in "
            "their first layer look alike.",
            "1959년 허블과 비셀은 고양이 시각 피질에서 한 방향의 막대에만 반응하는 세포를 찾았습니다. 여기서 세포는 작은 줄무늬 필터이고, 빛 막대에 "
            "대한 반응은 내적입니다. 신경망이 첫 층에서 배우는 필터도 비슷합니다.",
        ),
        look=(
            "The bar turns; the frame of each cell grows thick as its own angle comes. Every curve has one peak.",
            "막대가 돌면 자기 각도가 된 세포의 테두리가 굵어집니다. 곡선마다 봉우리가 하나입니다.",
        ),
    ),
    "cppn": About(
        summary=(
            "Pictures by formulas: a random network from place to colour",
            "공식으로 그린 그림: 자리를 색으로 바꾸는 신경망",
        ),
        details=(
            "A network of sines, tanhs and bells gets a place (x, y) and its distance from the middle, and gives a colour. "
            "Nothing is learned: each draw of the weights is another picture. A formula knows no pixels, so any size can be "
            "painted.",
            "사인, tanh, 종 모양 함수로 된 신경망이 자리(x, y)와 가운데에서의 거리를 받아 색을 냅니다. 배우는 것은 없고, 가중치를 뽑을 때마다 다른 "
            "그림이 됩니다. 공식에는 픽셀이 없으므로 어떤 크기로도 그릴 수 있습니다.",
        ),
        look=(
            "Every third picture is mirrored, since its formula takes |x|. Another sheet: --seed 7.",
            "세 번째마다 |x|를 쓰므로 좌우가 같습니다. 다른 그림은 --seed 7로.",
        ),
    ),
    "colour-spaces": About(
        summary=("The same picture in RGB and HSV: where red is easy to find", "RGB와 HSV: 빨강 찾기"),
        details=(
            "RGB says how much of each light there is, HSV which colour, how strong and how bright. A rule for red in RGB "
            "fails in the shadow, since all three numbers fall. Hue and saturation are ratios and stay as they are.",
            "RGB는 빛마다의 양을, HSV는 어떤 색이 얼마나 진하고 밝은지를 말합니다. 그늘에서는 세 수가 모두 줄어 RGB 규칙이 빨강을 놓칩니다. "
            "색상과 채도는 비율이라 그대로입니다.",
        ),
        look=(
            "The last two rows: what each rule finds in the light and in the shadow. Another colour: --hue 240.",
            "아래 두 줄에서 밝은 곳과 그늘에서 찾은 것을 견주세요. 다른 색: --hue 240",
        ),
    ),
}
