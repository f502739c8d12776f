"""What the experiments of this plugin tell of themselves, in English and Korean."""

from dllab import About

ABOUT = {
    "deepdream": About(
        summary=(
            "The picture, changed until a net sees in it more of what it already saw",
            "신경망이 그림에서 보는 것을 그림에 그려 넣는 딥드림",
        ),
        details=(
            "Gradient ascent on the response of the chosen layers, from a small size to the full one; the detail that "
            "shrinking took away is put back at each size. Channels are equalised, colours decorrelated, the gradient "
            "smoothed and evened out over the picture. Leaves dream.png, of the picture's size and alpha, and with --film "
            "growing.mp4 or .gif. --layers list leaves layers.png instead: what each layer dreams on your picture.",
            "고른 층의 반응이 커지도록 그림에 경사 상승을 합니다. 작은 크기에서 원래 크기까지 차례로 하며, 줄일 때 없어진 디테일은 크기마다 "
            "되돌려 놓습니다. 채널을 고르게 하고, 색의 상관을 없애고, 기울기를 부드럽게 해서 그림 전체에 고르게 합니다. 원본의 크기와 투명도를 "
            "지킨 dream.png와, --film을 주면 growing.mp4나 .gif를 남깁니다. --layers list를 주면 대신 층마다의 꿈을 모은 layers.png를 남깁니다.",
        ),
        look=(
            "Eyes and spirals where the photo had roundish spots. Early layers dream strokes, late ones scenes: try "
            "--layers c2_1 and c5_1. The figures say how much stronger the response became.",
            "사진의 둥근 얼룩 자리에 나타나는 눈과 소용돌이를 보세요. 앞쪽 층은 획을, 뒤쪽 층은 장면을 꿈꿉니다. --layers c2_1과 c5_1을 해 "
            "보세요. 반응이 몇 배가 되었는지는 수치로 나옵니다.",
        ),
    ),
    "dream-zoom": About(
        summary=("A film that goes deeper and deeper into a dream", "꿈속으로 끝없이 들어가는 영상"),
        details=(
            "Each frame enlarges the last one about its middle and dreams a little on it. The mean and the contrast of "
            "each colour are held at those of the first frame, since a dream that feeds on itself drifts otherwise. "
            "Leaves zoom.mp4 and last.png. A run that is stopped leaves the film so far; --resume goes on from the frame "
            "that it reached, and leaves the whole film.",
            "프레임마다 앞 프레임을 가운데를 중심으로 확대하고 그 위에 꿈을 조금 더합니다. 꿈 위에 꿈이 쌓이면 밝기와 색이 점점 어긋나므로, "
            "색마다 평균과 대비를 첫 프레임에 맞춥니다. zoom.mp4와 last.png를 남깁니다. 멈추면 거기까지의 영상이 남고, --resume을 주면 그 "
            "프레임부터 이어서 전체 영상을 남깁니다.",
        ),
        look=(
            "What the film begins with slips out of sight by and by; what is left grew out of the dream alone. --turn 0.5 makes it a spiral; "
            "--layers and --channels choose what grows.",
            "처음 사진은 차츰 화면 밖으로 사라지고, 남는 것은 꿈에서만 자라난 것입니다. --turn 0.5를 주면 소용돌이가 되고, --layers와 --channels로 무엇이 자랄지 "
            "고를 수 있습니다.",
        ),
    ),
    "dream-video": About(
        summary=(
            "A film, dreamt on frame by frame; each dream is carried along into the next, so that nothing flickers",
            "영상의 프레임마다 꾸는 꿈; 앞 프레임의 꿈이 이어짐",
        ),
        details=(
            "What the dream changed in a frame is moved as the film moves (optical flow of small grey frames) and laid on "
            "the next one, which then needs few steps of its own; where the film cuts, the dream begins anew. Leaves "
            "dream.mp4, without sound. A run that is stopped leaves the film so far; --resume goes on from the frame that "
            "it reached, and leaves the whole film.",
            "한 프레임에서 꿈이 바꾼 것을 영상의 움직임(작은 흑백 프레임의 광학 흐름)에 맞춰 옮겨 다음 프레임에 얹으므로, 프레임마다 몇 "
            "단계면 됩니다. 장면이 바뀌는 곳에서는 꿈을 새로 시작합니다. 소리 없는 dream.mp4를 남깁니다. 멈추면 거기까지의 영상이 남고, "
            "--resume을 주면 그 프레임부터 이어서 전체 영상을 남깁니다.",
        ),
        look=(
            "The dream sticks to what moves. Compare with --no-motion, where it stays in place, and with --blend 0, where "
            "each frame dreams by itself.",
            "꿈이 움직이는 것을 따라다니는지 보세요. 제자리에 머무는 --no-motion, 프레임마다 따로 꿈꾸는 --blend 0과 견주어 보세요.",
        ),
    ),
}
