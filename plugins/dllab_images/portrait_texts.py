"""What the portrait and text-to-image experiments tell of themselves, in English and Korean."""

from dllab import About
from dllab_images.pipeline_folders import GUIDANCE, OWN_GUIDANCE

ABOUT = {
    "train-portraits": About(
        summary=(
            "A text-to-image model learns to draw biscuit people",
            "설명을 읽고 비스킷 초상을 그리는 모델 훈련",
        ),
        details=(
            "Latent diffusion in stages. First the text encoder learns to tell what captions in English and "
            "Korean state. Then a UNet learns to take noise away from codes of portraits, led by it; a code "
            "holds the main components of each patch of 4 x 4 pixels. A classifier of codes leads it on to "
            "eyes, mouths and toppings, which squared error alone hardly sees. Last a decoder learns to make "
            "pixels of codes. Leaves pipeline.zip: unpacked, a folder for any diffusers program.",
            "단계를 나누어 배우는 잠재 확산입니다. 먼저 텍스트 인코더가 영어와 한국어 설명에 무엇이 "
            "적혔는지 익힙니다. 다음으로 UNet이 설명을 따라 초상의 코드에서 잡음을 걷어내는 법을 배웁니다. "
            "코드는 4 x 4 픽셀 조각마다의 주성분입니다. 그다음 코드를 읽는 분류기가 제곱 오차만으로는 "
            "잘 배우지 못하는 눈, 입, 토핑을 가르칩니다. 마지막으로 디코더가 코드를 픽셀로 바꾸는 법을 "
            "배웁니다. "
            "pipeline.zip을 풀면 diffusers에서 바로 쓸 수 있는 폴더가 됩니다.",
        ),
        look=(
            "Colours of the ground come first, then shapes and hats, last the eyes and the mouth.",
            "배경색이 먼저, 그다음 모양과 모자, 마지막으로 눈과 입이 나타나는 순서를 보세요.",
        ),
    ),
    "portrait-check": About(
        summary=("Does the model draw what a caption says?", "모델이 설명대로 그리는지 검사"),
        details=(
            "A classifier of its own learns the portraits' attributes. Then the text-to-image model "
            "draws captions that it "
            "has never seen, and the classifier looks for what they state. Leaves attributes.csv and "
            "sheet.png.",
            "별도의 분류 모델이 초상의 속성을 배웁니다. 그런 다음 텍스트-이미지 모델이 처음 보는 "
            "설명을 그리면, 설명에 나온 "
            "속성이 보이는지 판정합니다. attributes.csv와 sheet.png를 남깁니다.",
        ),
        look=(
            "Which attributes stay behind; chance beside them.",
            "어느 속성이 뒤처지는지 우연과 견주어 보세요.",
        ),
    ),
    "generate-image": About(
        summary=("Pictures from words, by any diffusers pipeline", "글로 그림 만들기: diffusers 파이프라인"),
        details=(
            "Starts from noise and takes it away step by step, led by the words. The model that "
            "comes with the lab draws "
            "biscuit people from English and Korean captions; --model takes a folder or a repository "
            "of the Hugging Face "
            "hub instead. Picture k depends on the seed and k alone. Leaves picture-0.png ... and sheet.png.",
            "잡음에서 시작해 글이 이끄는 대로 한 단계씩 잡음을 걷어냅니다. 내장 모델은 영어와 한국어 "
            "설명으로 비스킷 초상을 "
            "그립니다. --model에 폴더나 Hugging Face 허브의 저장소를 줄 수도 있습니다. k번째 그림은 "
            "시드와 k로만 정해집니다. "
            "picture-0.png ... 와 sheet.png를 남깁니다.",
        ),
        look=(
            "The same noise under other words; what --guidance 0 and 8 do; how few --steps are enough.",
            "같은 잡음에 다른 글을 주어 보세요. --guidance 0과 8의 차이, 몇 --steps면 충분한지 보세요.",
        ),
    ),
    "restyle-image": About(
        summary=("A picture drawn anew by words", "그림을 글에 맞춰 다시 그리기"),
        details=(
            "Noise covers the middle square of a picture, more with more --strength; then a "
            "diffusion model takes it away, "
            "led by the words, so that colours and the coarse plan stay. Any pipeline that "
            "generate-image takes, as far as "
            "diffusers has its image-to-image form.",
            "그림 가운데 정사각형에 --strength만큼 잡음을 덮은 뒤, 글이 이끄는 대로 걷어냅니다. 색과 "
            "큰 구도는 남습니다. "
            "generate-image가 쓰는 파이프라인 가운데 diffusers에 이미지 변환형이 있는 것을 쓸 수 있습니다.",
        ),
        look=(
            "At which --strength the picture is forgotten.",
            "--strength가 얼마일 때 원래 그림이 잊히는지 보세요.",
        ),
    ),
}

DRAW_KO = {
    "prompt": "그릴 것",
    "negative_prompt": "피할 것",
    "model": "내장 모델, diffusers 파이프라인 폴더, 또는 허브의 소유자/이름",
    "count": "그림 수",
    "first": "첫 그림의 번호: --first 3 --count 1은 네 번째 그림만",
    "steps": "잡음에서 그림까지의 단계 수",
    "guidance": f"글을 지키는 정도; 기본은 portraits {OWN_GUIDANCE}, 그 밖에는 {GUIDANCE}",
    "scheduler": "잡음에서 그림으로 가는 방법; own은 파이프라인의 것",
    "lora": "LoRA 가중치, .safetensors",
}
