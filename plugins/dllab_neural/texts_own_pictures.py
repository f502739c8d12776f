"""What the experiments on pictures of the user's own tell of themselves, in English and Korean."""

from dllab import About

OWN_PICTURES = {
    "transfer-learning": About(
        summary=(
            "Transfer learning: your own classes of pictures with few examples",
            "전이 학습: 적은 그림으로 나만의 분류기",
        ),
        details=(
            "A network that learned 200 other things looks at your pictures and stays as it is; only one linear layer "
            "above it is learned, in a moment. Give a folder with a folder for each class: --data FOLDER. What cannot be "
            "read is left out and named. Without it, skies are drawn: sun, clouds and rain in any light of the day. "
            "The same layer on raw pixels, and a guess, stand beside it. `predict` uses what was learned.",
            "다른 200가지를 배운 신경망이 내 그림을 봅니다. 이 신경망은 그대로 두고 그 위의 선형층 하나만 잠깐 배웁니다. 클래스마다 폴더를 만들어 "
            "--data 폴더로 넣으세요. 읽을 수 없는 그림은 이름을 알리고 뺍니다. 없으면 맑음, 흐림, 비인 하늘을 여러 빛깔로 그립니다. 픽셀로 배운 "
            "같은 층과 찍기를 함께 견줍니다. 배운 것은 predict 실험에서 쓸 수 있습니다.",
        ),
        look=(
            "Wrong ones come first, in red. Do the bars' error lines overlap? Then more pictures are needed to tell.",
            "틀린 그림이 빨간 테두리로 먼저 나옵니다. 막대의 오차선이 겹치면 그림이 더 있어야 차이를 말할 수 있습니다.",
        ),
    ),
    "teachable-machine": About(
        summary=(
            "A teachable machine: collect, train, try, export",
            "티처블 머신: 모으고, 가르치고, 시험하고, 내보내기",
        ),
        details=(
            "As on Google's page, and without a network: a few pictures of each class, a layer that is learned in epochs "
            "and batches above a network that stays as it is, a try on pictures that it never saw. Your own: --data "
            "FOLDER with a folder for each class. Without it, hands are drawn that play rock, paper, scissors. The "
            "export holds all that the experiment predict needs.",
            "구글의 웹 페이지와 같은 순서를 인터넷 없이 합니다. 클래스마다 그림 몇 장을 모으고, 그대로 둔 신경망 위의 층 하나를 에포크와 배치로 가르친 "
            "뒤, 처음 보는 그림으로 시험합니다. 내 그림은 클래스마다 폴더를 만들어 --data 폴더로 넣으세요. 없으면 가위바위보 하는 손을 그립니다. "
            "내보낸 파일 하나로 predict 실험을 할 수 있습니다.",
        ),
        look=(
            "How few pictures are enough? Try --each 4. On the right, how sure the machine is of each new picture.",
            "그림이 얼마나 적어도 될까요? --each 4로 해 보세요. 오른쪽은 처음 보는 그림마다 얼마나 확신하는지입니다.",
        ),
    ),
    "predict": About(
        summary=(
            "What a saved classifier says of your pictures",
            "저장한 분류기로 내 그림 알아맞히기",
        ),
        details=(
            "Takes the classifier.safetensors that transfer-learning or teachable-machine left, and one picture or a "
            "folder of them. It says a class and a chance for each. A classifier knows no other classes than its own: "
            "shown a cat, one of skies still says a weather, and often with a high chance.",
            "transfer-learning이나 teachable-machine이 남긴 classifier.safetensors와 그림 한 장 또는 폴더를 받아 그림마다 클래스와 확률을 "
            "말합니다. 분류기는 배운 클래스밖에 모릅니다. 하늘을 배운 분류기는 고양이를 보여도 날씨를 말하며, 확률이 높을 때도 많습니다.",
        ),
        look=(
            "Green is right, red wrong, blue not known; a question mark stands where the chance is below --sure.",
            "초록은 맞음, 빨강은 틀림, 파랑은 정답을 모름입니다. 확률이 --sure보다 낮으면 물음표가 붙습니다.",
        ),
    ),
}
