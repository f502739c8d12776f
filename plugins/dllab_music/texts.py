"""What the experiments of this plugin tell of themselves, in English and Korean."""

from dllab import About

LECTURES = ("0@127:5개 파일 더블클릭하여 설치(install)하기",)

ABOUT = {
    "music-train": About(
        summary=(
            "A model of the music room learns from your own music",
            "내 음악으로 음악방의 모델 훈련하기",
        ),
        details=(
            "A transformer reads a chorale note by note, soprano to bass, and learns to expect the next note; its "
            "surprise is counted in nats. Chorales are moved to other keys as they are practised. It can be stopped "
            "and gone on with (--resume), and leaves chorale.safetensors, curves.csv and curves.png; the tools take "
            "the file by --model. See docs/music.md.",
            "트랜스포머가 코랄을 소프라노에서 베이스까지 한 음씩 읽으며 다음 음을 예상하도록 배웁니다. 놀라움은 내트로 잽니다. 연습할 "
            "때는 다른 조로 옮겨 가며 읽습니다. 멈췄다가 --resume으로 이어 갈 수 있고, chorale.safetensors와 curves.csv, "
            "curves.png를 남깁니다. 다른 도구는 --model로 이 파일을 씁니다.",
        ),
        look=(
            "The two curves: while both fall it learns; when the held-out one rises, it only memorises.",
            "두 곡선이 함께 내려가면 배우는 중이고, 남겨 둔 곡의 곡선이 올라가면 외우기만 하는 것입니다.",
        ),
    ),
    "music-generate": About(
        summary=(
            "New music from nothing: a chorale in four voices, a melody, or a drum loop",
            "아무것도 없는 데서 새 음악 만들기: 네 성부 코랄, 선율, 드럼 루프",
        ),
        details=(
            "A small transformer that has read Bach's chorales draws one note after another, soprano to bass, sixteenth "
            "by sixteenth. --temperature says how boldly. With --key it begins with the first chord of that key. Of the "
            "last bar and a half it writes twelve versions and keeps the one that best comes to rest. A note that would move "
            "in parallel fifths or octaves with a voice above is not drawn, unless you say --parallels allow.",
            "바흐의 코랄을 읽은 작은 트랜스포머가 16분음표마다 소프라노에서 베이스까지 음을 하나씩 뽑습니다. --temperature가 높을수록 "
            "대담합니다. --key를 주면 그 조의 첫 화음으로 시작합니다. 마지막 한 마디 반은 열두 가지로 써 보고 가장 잘 끝맺는 것을 "
            "고릅니다. 위 성부와 병행 5도나 8도가 될 음은 뽑지 않으며, --parallels allow를 주면 신경망에 맡깁니다.",
        ),
        look=(
            "Four colours that seldom cross, and the last chord held. Then --temperature 0.3 and 1.5.",
            "거의 엇갈리지 않는 네 색과 길게 머무는 마지막 화음을 보세요. --temperature 0.3과 1.5도 들어 보세요.",
        ),
    ),
    "music-continue": About(
        summary=("A melody goes on in its style", "선율을 그 양식대로 이어 가기"),
        details=(
            'Give a MIDI file, a named tune, or notes typed as --notes "C5 D5 E5:2". The net hears the melody with three '
            "voices of its own below it, several readings side by side, and goes on from the one that foretold it best. "
            "What is left begins with the input, note for note.",
            'MIDI 파일이나 내장된 곡, 또는 --notes "C5 D5 E5:2"처럼 적은 음을 줍니다. 신경망은 선율 아래에 스스로 붙인 세 성부와 '
            "함께 여러 갈래로 듣고, 선율을 가장 잘 예상한 갈래에서 이어 갑니다. 결과는 입력한 음 그대로 시작합니다.",
        ),
        look=(
            "The red line: before it the input, outlined; behind it what the net adds. --voices all lets you hear what it "
            "thinks below.",
            "빨간 선 앞은 테두리를 두른 입력, 뒤는 신경망이 더한 음입니다. --voices all을 주면 아래 성부도 들립니다.",
        ),
    ),
    "music-harmonize": About(
        summary=("A melody gets three more voices, in the style of Bach", "선율에 바흐풍의 세 성부 붙이기"),
        details=(
            "Alto, tenor and bass are drawn note by note below the melody. Eight readings are written side by side; at "
            "every beat those that foretold the melody well take the place of the others (a particle filter), so that the "
            "lower voices lead to where the melody goes. The melody stays as it is, and where it strikes a note again, "
            "so do the others.",
            "선율 아래에 알토, 테너, 베이스를 한 음씩 뽑습니다. 여덟 갈래를 나란히 쓰면서 박마다 선율을 잘 예상한 갈래가 나머지를 "
            "대신합니다(입자 필터). 그래서 아래 성부가 선율이 갈 곳을 향합니다. 선율은 그대로이고, 같은 음을 다시 치면 다른 성부도 "
            "다시 칩니다.",
        ),
        look=(
            "How the bass walks against the melody, and the chords at the ends of phrases. Another --seed, another harmony.",
            "선율과 반대로 걷는 베이스와 악구 끝의 화음을 보세요. --seed가 다르면 화성도 다릅니다.",
        ),
    ),
    "music-score": About(
        summary=(
            "How well a chorale net knows Bach, in nats a note",
            "코랄 신경망이 바흐를 얼마나 아는지: 음당 내트",
        ),
        details=(
            "The surprise at each note of pieces that the net has not seen: sixteenths, soprano to bass, the first note "
            "included, the sum of nats over the count of notes (one voice at one sixteenth). Beside it chains of counts "
            "from the train list in all its keys; the net is to need 25 % less than the best of them. --chorales 200 "
            "writes as many and counts parallel fifths and octaves, leaps, ranges and crossings, beside Bach's own; with "
            "--parallels allow it shows how often the net breaks the rule by itself.",
            "보지 못한 곡의 음마다 얼마나 놀라는지 잽니다. 16분음표마다 소프라노에서 베이스까지, 첫 음도 넣고, 내트의 합을 음의 수로 "
            "나눕니다. train 목록을 모든 조로 센 n-gram과 나란히 두며, 그중 가장 나은 것보다 25 % 적어야 합니다. --chorales 200을 "
            "주면 그만큼 새로 써서 병행 5도와 8도, 도약, 음역, 성부 교차를 바흐의 것과 견줍니다. --parallels allow를 주면 신경망이 스스로 "
            "규칙을 얼마나 어기는지 보입니다.",
        ),
        look=(
            "The chains come down quickly at first, then more context hurts: too few pieces to count in. The net goes on.",
            "n-gram은 빠르게 내려가다가 문맥이 길어지면 도리어 나빠집니다. 셀 곡이 모자라기 때문입니다. 신경망은 더 내려갑니다.",
        ),
    ),
    "music-groove": About(
        summary=("A stiff drum loop, played as a person would", "뻣뻣한 드럼 루프를 사람처럼 연주하기"),
        details=(
            "A recurrent net reads the loop forwards and backwards and tells how loud each stroke would be, and how "
            "early or late; a drift and unrest of the player's own are drawn from what it believes. What is hit stays "
            "the same. It learned from the lab's grammar of drum patterns. --amount 0 leaves the loop unchanged, "
            "--swing moves every second note.",
            "순환 신경망이 루프를 앞뒤로 읽고 타격마다 얼마나 세고 얼마나 이르거나 늦을지 알려 줍니다. 연주자의 흔들림은 신경망이 믿는 "
            "분포에서 뽑습니다. 무엇을 치는지는 바뀌지 않습니다. 직접 만든 드럼 문법으로 배웠습니다. --amount 0은 그대로 두고, "
            "--swing은 둘째 음마다 늦춥니다.",
        ),
        look=(
            "Darker strokes are louder: the back-beat stands out, the hat breathes. Compare with the loop you gave.",
            "짙은 타격일수록 셉니다. 뒷박이 도드라지고 하이햇이 숨을 쉽니다. 처음 루프와 견주어 보세요.",
        ),
    ),
    "music-drumify": About(
        summary=("A drum part that follows a melody", "선율을 따라가는 드럼 만들기"),
        details=(
            "Where the melody's notes begin, and which of them are louder or longer, is the rhythm that a recurrent net is "
            "given; it writes nine drums sixteenth by sixteenth, in a style. --follow says how closely: the net is asked "
            "with and without the rhythm, and goes further in the direction in which the two differ. Leaves the drums "
            "alone as -drums.mid, and together with the melody.",
            "선율의 음이 시작하는 곳과 더 세거나 긴 음을 리듬으로 삼아, 순환 신경망이 아홉 가지 드럼을 16분음표마다 씁니다. --follow가 "
            "따라가는 정도입니다. 리듬을 줄 때와 안 줄 때를 견주어 그 차이만큼 더 나아갑니다. 드럼만 담은 -drums.mid와 선율을 합친 "
            "파일을 남깁니다.",
        ),
        look=(
            "Kick and snare below the melody's onsets; --follow 0 plays on as if it were alone.",
            "선율이 시작하는 곳 아래의 킥과 스네어를 보세요. --follow 0은 혼자인 듯 연주합니다.",
        ),
    ),
    "music-interpolate": About(
        summary=(
            "Steps from one melody or drum loop to another",
            "한 선율이나 드럼 루프에서 다른 것으로 건너가기",
        ),
        details=(
            "A variational autoencoder puts each bar at a point of a space; points on the way between two bars are told as "
            "bars again, note by note, in sight of the bar before. What it gets wrong at an end is forgiven there, and where a step would be no nearer to the end than "
            "the one before, its least likely parts are taken from the end itself: the distance, counted in what is "
            "played, falls at every step. The first and the last are what you gave; on the way the shorter of the two is "
            "begun again until both are as long.",
            "변분 오토인코더가 마디마다 공간의 한 점을 주고, 두 점 사이의 점을 앞 마디를 보며 한 음씩 다시 마디로 풉니다. 양 끝에서 틀린 곳은 눈감아 주고, 앞 "
            "단계보다 가까워지지 않으면 마지막 곡에서 조금 가져옵니다. 그래서 실제로 연주되는 음으로 잰 거리가 단계마다 줄어듭니다. "
            "처음과 마지막은 준 그대로이며, 그 사이에서 짧은 쪽은 길이가 같아질 때까지 되풀이됩니다.",
        ),
        look=(
            "The curve falls at every step. Listen for the step at which the one melody becomes the other.",
            "곡선이 단계마다 내려갑니다. 어느 단계에서 다른 선율로 들리는지 들어 보세요.",
        ),
    ),
}
