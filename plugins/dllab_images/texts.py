"""What the experiments of this plugin tell of themselves, in English and Korean."""

from dllab import About

ABOUT = {
    "gan": About(
        summary=(
            "A forger and a critic teach each other to draw",
            "위조범과 감식가가 서로를 가르치는 그림 (GAN)",
        ),
        details=(
            "A generator makes pictures from noise, a critic is shown made ones and real ones and must say which is "
            "which, pair by pair. Each learns from the other's success, and a penalty keeps the critic's slope gentle, "
            "which keeps the pictures varied. The averaged generator draws the sheet, and the finished picture is signed "
            "with the loss, as the portrait of Edmond de Belamy was (Obvious, 2018). Leaves gan.safetensors, which "
            "`sample --weights` takes.",
            "생성자는 잡음에서 그림을 만들고, 감식가는 진짜와 가짜를 짝지어 가려냅니다. 서로의 성공에서 배우고, 벌점이 감식가의 "
            "기울기를 완만하게 하여 그림이 다양하게 남습니다. 평균을 낸 생성자가 그림을 그리고, '에드몽 드 "
            "벨라미'처럼 완성작에 손실 식으로 서명합니다. gan.safetensors는 sample --weights로 씁니다.",
        ),
        look=(
            "The film of one noise: forms come early, details late. The two losses do not fall, they hold each other.",
            "같은 잡음의 영상에서 형태가 먼저, 세부가 나중에 나옵니다. 두 손실은 줄지 않고 서로 버팁니다.",
        ),
    ),
    "gan-ring": About(
        summary=("A GAN on a ring of eight hills, in half a minute", "여덟 언덕의 고리를 배우는 GAN, 30초쯤"),
        details=(
            "The data are points from eight small Gaussians on a circle, so one can see what a GAN does wrong: it may "
            "visit some of the hills only, and with --penalty 0 it loses them. Counted are the hills that it covers and the "
            "points that lie on one.",
            "원 위의 작은 가우시안 여덟 개에서 나온 점이 데이터라서 GAN의 잘못이 보입니다. 몇 언덕만 찾아가곤 하고, "
            "--penalty 0이면 언덕을 잃습니다. 찾아간 언덕의 수와 언덕 위에 있는 점의 비율을 셉니다.",
        ),
        look=(
            "The film: the background is what the critic thinks, red for more real; the points are the generator's. They "
            "chase the red, and where they have caught up, the critic sees no difference any more.",
            "배경은 감식가의 판단으로 붉을수록 진짜 같다는 뜻이고, 점은 생성자의 것입니다. 점이 붉은 곳을 쫓아가다 따라잡으면 "
            "감식가는 더 가려내지 못합니다.",
        ),
    ),
    "vae": About(
        summary=(
            "Pictures as places on a map, and a walk across it",
            "그림을 지도 위의 자리로, 그리고 산책 (VAE)",
        ),
        details=(
            "A variational autoencoder says each picture as a cloud on a map of codes, and draws it again from a point "
            "of the cloud. A second loss keeps the clouds together round the middle: the larger --beta, the smoother the "
            "map and the blunter the pictures. New pictures come from where the codes of a class have come to lie. "
            "Leaves vae.safetensors, which `sample --weights` takes.",
            "변분 오토인코더는 그림마다 코드 지도 위의 구름으로 나타내고, 구름의 한 점에서 그림을 다시 그립니다. 둘째 손실이 "
            "구름들을 가운데로 모읍니다. --beta가 클수록 지도는 매끄럽고 그림은 흐려집니다. 새 그림은 그 클래스의 코드가 놓인 "
            "곳에서 나옵니다. vae.safetensors는 sample --weights로 씁니다.",
        ),
        look=(
            "walk.png: four real pictures stand in the corners, all between them is made up; nothing jumps.",
            "walk.png의 네 귀퉁이는 실제 그림의 코드이고 그 사이는 모두 지어낸 것인데, 갑자기 바뀌는 곳이 없습니다.",
        ),
    ),
    "ddpm": About(
        summary=(
            "A net that takes noise away, until a picture is left",
            "잡음을 걷어 내면 그림이 남는 신경망 (확산)",
        ),
        details=(
            "Noise is added to a picture in a thousand small steps; a UNet learns to tell what was added. Then, from "
            "pure noise, it is taken away again in a few steps. Any of the schedulers walks with the same net. Leaves "
            "ddpm.safetensors, which `sample --weights` takes.",
            "그림에 잡음을 천 걸음에 걸쳐 더하고, UNet은 무엇이 더해졌는지 배웁니다. 그런 다음 순수한 잡음에서 몇 걸음 만에 "
            "걷어 냅니다. 어느 스케줄러든 같은 신경망으로 걷습니다. ddpm.safetensors는 sample --weights로 씁니다.",
        ),
        look=(
            "from_noise.gif; and in way.png, under each picture in work, the one that the net has in mind already.",
            "from_noise.gif, 그리고 way.png에서 작업 중인 그림 아래 신경망이 이미 떠올린 그림을 보세요.",
        ),
    ),
    "sample": About(
        summary=(
            "New pictures at once, from nets that have learned already",
            "이미 배운 신경망으로 바로 새 그림 그리기",
        ),
        details=(
            "Draws with the weights that come with the lab, or with those that gan, vae or ddpm left "
            "(--weights last:gan.safetensors). Picture k belongs to the seed and to k alone: --first k --count 1 draws "
            "it again.",
            "내장 가중치나 gan, vae, ddpm이 남긴 가중치(--weights last:gan.safetensors)로 그립니다. k번째 그림은 시드와 k로만 "
            "정해지므로 --first k --count 1로 다시 그릴 수 있습니다.",
        ),
        look=(
            "The same digits by three models, --model ddpm, vae and gan: each has its own faults.",
            "같은 숫자를 --model ddpm, vae, gan 세 모델로 그려 보세요. 흠이 저마다 다릅니다.",
        ),
    ),
    "image-quality": About(
        summary=(
            "How good are made pictures? Four figures beside floor and plain model",
            "만든 그림의 질을 재는 표",
        ),
        details=(
            "Frechet distance, precision, recall and the share whose nearest real picture is a training picture, all "
            "in the features of a classifier of our own. Beside them stand the floor, which is real against real, and "
            "one normal distribution per class. No one figure tells enough. Pictures are drawn once, none is chosen.",
            "프레셰 거리, 정밀도, 재현율, 그리고 가장 가까운 실제 그림이 훈련 그림인 비율을 우리 분류기의 특징으로 잽니다. "
            "실제 대 실제인 바닥값과 클래스마다의 정규분포를 곁에 둡니다. 한 수치로는 모자랍니다. 그림은 고르지 않습니다.",
        ),
        look=(
            "The Gaussian covers as much as the others and is far away nevertheless; sheet.png shows why.",
            "가우시안은 다른 모델만큼 다양해도 거리가 훨씬 멉니다. sheet.png를 보면 까닭이 보입니다.",
        ),
    ),
}

_DATA = {
    "data": "배울 그림의 종류",
    "folder": "내 그림: 폴더(안의 폴더가 클래스) 또는 mnist.npz 같은 .npz",
    "size": "내 그림을 맞출 한 변의 픽셀 수",
    "steps": "경사 단계 수",
    "batch_size": "한 단계의 그림 수",
    "learning_rate": "Adam의 최고 학습률; 그 뒤 0까지 내림",
    "width": "가장 세밀한 층의 채널 수, 8의 배수",
}

KO = {
    "gan": {
        **_DATA,
        "learning_rate": "두 신경망에서 Adam의 학습률; 그 뒤 내림",
        "latent": "잡음의 차원",
        "penalty": "감식가의 기울기에 주는 벌점; 10분의 1까지 내림",
        "augment": "감식가가 보는 그림을 옮기는 최대 픽셀 수",
        "ema": "그림을 그리는 평균 가중치의 감쇠율",
        "frames": "영상의 장면 수",
    },
    "gan-ring": {
        "steps": "경사 단계 수",
        "batch_size": "한 단계의 점의 수",
        "learning_rate": "Adam의 학습률",
        "penalty": "진짜와 가짜 점에서 감식가의 기울기에 주는 벌점",
        "hidden": "층마다의 뉴런 수",
        "modes": "원 위의 언덕 수",
    },
    "vae": {
        **_DATA,
        "latent": "코드의 차원",
        "beta": "구름을 가운데로 모으는 손실의 무게",
        "ema": "평균 가중치의 감쇠율",
    },
    "ddpm": {
        **_DATA,
        "dropout": "외우지 않도록 훈련 때 층에서 빼는 비율",
        "ema": "그림을 그리는 평균 가중치의 감쇠율",
        "scheduler": "잡음에서 그림까지 걷는 방법",
        "sampling_steps": "걸음 수; 0은 스케줄러에 맞는 수",
    },
    "sample": {
        "model": "그리는 모델의 종류",
        "data": "내장 가중치가 배운 그림",
        "weights": "gan, vae, ddpm이 남긴 가중치 파일",
        "count": "그림 수",
        "first": "첫 그림의 번호",
        "label": "그릴 클래스의 번호; none은 차례로",
        "scheduler": "확산 모델이 걷는 방법",
        "sampling_steps": "걸음 수; 0은 스케줄러에 맞는 수",
    },
    "image-quality": {
        "data": "비교할 그림의 종류",
        "weights": "내장 가중치 대신 잴 가중치 파일",
        "count": "모델마다 그릴 그림 수",
        "eye_steps": "분류기의 훈련 단계 수; 내장 분류기가 있으면 쓰지 않음",
        "scheduler": "확산 모델이 걷는 방법",
        "sampling_steps": "걸음 수; 0은 스케줄러에 맞는 수",
    },
}
