"""What the experiments of this plugin tell of themselves, in English and Korean."""

from dllab import About

ABOUT = {
    "style-transfer": About(
        summary=(
            "A photo, painted in the manner of one picture or several",
            "사진을 다른 그림의 화풍으로 그리는 스타일 전이",
        ),
        details=(
            "The painting is changed, from a coarse size to the full one, until a net's layers respond to it with the same "
            "statistics as to the style, and at the same places as to the photo. The statistics are Gram matrices "
            "(--loss gram) or means and covariances, held apart by the 2-Wasserstein distance. Leaves painting.png, of the "
            "photo's size and alpha, and curves.csv with the losses.",
            "작은 크기에서 원래 크기까지 그림을 고쳐 가며, 신경망의 층이 화풍 그림과 같은 통계로, 사진과 같은 자리에서 반응하게 만듭니다. 통계는 "
            "그람 행렬(--loss gram) 또는 2-바서슈타인 거리로 견주는 평균과 공분산입니다. 사진의 크기와 투명도를 지킨 painting.png와 손실을 담은 "
            "curves.csv를 남깁니다.",
        ),
        look=(
            "Strokes and palette come from the style, forms from the photo. --content-weight 0.1 lets more of the photo "
            "through, --style-scale 1.5 paints with broader strokes, --colours photo keeps the photo's colours.",
            "붓질과 색은 화풍에서, 형태는 사진에서 옵니다. --content-weight 0.1이면 사진이 더 남고, --style-scale 1.5면 붓질이 굵어지며, "
            "--colours photo면 사진의 색이 남습니다.",
        ),
    ),
    "fast-style": About(
        summary=(
            "A photo or a film, painted at once by a net that has learned the style",
            "배운 화풍으로 사진이나 영상을 한 번에 그리기",
        ),
        details=(
            "One pass through a small net that train-fast-style trained. Three come with the lab: swirls, mosaic and glass; "
            "--model takes one of yours. In a film, what does not move keeps its paint. Leaves painting.png, of the photo's "
            "size and alpha, or painting.mp4, without sound; a film that is stopped is kept as far as it came, and --resume "
            "goes on with it.",
            "train-fast-style로 훈련한 작은 신경망을 한 번 거칩니다. swirls, mosaic, glass 세 가지가 내장되어 있고, 직접 훈련한 것은 --model로 "
            "줍니다. 영상에서는 움직이지 않는 곳의 물감이 그대로 남습니다. 사진의 크기와 투명도를 지킨 painting.png 또는 소리 없는 "
            "painting.mp4를 남깁니다. 중간에 멈춘 영상은 거기까지 남고, --resume으로 이어서 그릴 수 있습니다.",
        ),
        look=(
            "The same photo in --style swirls, mosaic and glass; --strength 0.5 is half painting, half photo. In a film, "
            "watch what stands still, at --steadiness 0 and 0.7.",
            "같은 사진을 --style swirls, mosaic, glass로 견주어 보세요. --strength 0.5는 그림과 사진이 반씩입니다. 영상에서는 "
            "--steadiness 0과 0.7일 때 멈춰 있는 곳을 견주어 보세요.",
        ),
    ),
    "train-fast-style": About(
        summary=(
            "A small net that learns to paint photos in one style in a single pass",
            "한 화풍을 배워 사진을 한 번에 그리는 신경망 훈련",
        ),
        details=(
            "The net is trained to lower, for any photo, the loss that style-transfer lowers for one: means and "
            "covariances of the backbone's layers like those of the style, forms like those of the photo. Leaves "
            "fast-style.safetensors, to use by `dllab run fast-style --model`, sheet.png and curves.csv.",
            "style-transfer가 사진 한 장에서 줄이는 손실을 어떤 사진에서든 줄이도록 신경망을 훈련합니다. 백본 층의 평균과 공분산은 화풍과, 형태는 "
            "사진과 닮게 합니다. fast-style.safetensors(dllab run fast-style --model로 씁니다), sheet.png, curves.csv를 남깁니다.",
        ),
        look=(
            "sheet.png: photos above, what the net makes of them in one pass below. curves.csv: the style loss falls; "
            "the content loss beside it says how far the forms move away from the photo's.",
            "sheet.png의 위는 사진, 아래는 신경망이 한 번에 그린 그림입니다. curves.csv에서 줄어드는 화풍 손실과, 형태가 사진에서 얼마나 "
            "멀어지는지 알려 주는 내용 손실을 보세요.",
        ),
    ),
}
