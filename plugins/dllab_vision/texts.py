"""What the experiments of this plugin tell of themselves, in English and Korean."""

from dllab import About

ABOUT = {
    "features": About(
        summary=(
            "What a convolutional net sees, as labelled sheets: from its filters to its reasons",
            "합성곱 신경망이 보는 것: 필터, 특징 맵, 채널과 클래스가 찾는 그림, 판단의 근거",
        ),
        details=(
            "filters.png: the kernels of the first layer, and what each finds in the picture. maps.png: the maps of the "
            "picture, layer by layer, the strongest channels first. channels.png: for each channel the picture that "
            "excites it most, made by gradient ascent from noise, and the places of your picture that excite it; the "
            "number below is what `deepdream --channels` takes. classes.png: the same for classes, beside what the net "
            "takes your picture for. why.png: the pixels that its guess depends on (saliency), and where it saw it "
            "(Grad-CAM).",
            "filters.png는 첫 층의 필터와 각 필터가 그림에서 찾는 것, maps.png는 층마다의 특징 맵을 반응이 큰 채널부터 보여 줍니다. "
            "channels.png는 채널마다 가장 크게 반응하는 그림(잡음에서 경사 상승으로 만듦)과 내 그림에서 반응하는 곳이며, 아래 번호를 deepdream "
            "--channels에 쓸 수 있습니다. classes.png는 클래스마다 같은 것을 신경망의 추측과 함께 보여 주고, why.png는 추측을 좌우하는 픽셀(현저성 "
            "맵)과 그것을 본 자리(Grad-CAM)를 보여 줍니다.",
        ),
        look=(
            "maps.png from top to bottom: the maps get coarser, and say less of where and more of what. Then why.png: does "
            "the net look at the thing itself, or beside it?",
            "maps.png를 위에서 아래로 보세요. 특징 맵이 거칠어지며, '어디'보다 '무엇'을 알려 줍니다. why.png에서는 신경망이 그 대상을 보는지, 그 "
            "옆을 보는지 살펴보세요.",
        ),
    ),
    "train-backbone": About(
        summary=(
            "The small VGG-like net that dream and style look through, trained from pictures",
            "딥드림과 스타일 전이가 쓰는 작은 VGG형 신경망 훈련",
        ),
        details=(
            "Stochastic gradient descent with one cycle of the learning rate, label smoothing, flips and shifts; small "
            "pictures first, because they cost less. The last epochs train on pictures that are disturbed against the net: "
            "this costs a few points of accuracy and makes the gradients, and so the dreams, much cleaner. --data takes an "
            ".npz with the arrays data (compressed pictures of 64 x 64, one after another), offsets, labels and "
            "class_names. Leaves backbone.safetensors and epochs.csv. --architecture residual trains the second net, which "
            "judges dreams.",
            "학습률을 한 번 올렸다 내리는 확률적 경사 하강법(SGD), 레이블 스무딩, 좌우 뒤집기와 이동을 씁니다. 작은 그림이 계산이 적으므로 먼저 "
            "배웁니다. 마지막 에포크는 신경망을 속이도록 바꾼 그림(적대적 그림)으로 훈련합니다. 정확도는 몇 점 잃지만 기울기가 깨끗해지고, 꿈도 "
            "훨씬 깨끗해집니다. --data는 data(64 x 64 압축 그림을 이어 붙인 것), offsets, labels, class_names 배열이 든 .npz입니다. "
            "backbone.safetensors와 epochs.csv를 남깁니다. --architecture residual은 꿈을 평가하는 두 번째 신경망을 훈련합니다.",
        ),
        look=(
            "epochs.csv: the accuracy on pictures that it has not seen, epoch by epoch, and what the adversarial epochs "
            "cost. Then `deepdream --weights last:backbone.safetensors`: dreams of your own net.",
            "epochs.csv에서 에포크마다 보지 못한 그림의 정확도와 적대적 에포크의 대가를 보세요. 그다음 deepdream --weights "
            "last:backbone.safetensors로 내 신경망의 꿈을 보세요.",
        ),
    ),
}
