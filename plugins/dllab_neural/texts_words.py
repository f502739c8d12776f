"""What the experiments on words tell of themselves, in English and Korean."""

from dllab import About

WORDS = {
    "word2vec": About(
        summary=("Words as vectors, told from their neighbours", "이웃 단어로 배우는 단어 벡터: 워드투벡터"),
        details=(
            "A word is known by the company it keeps. Each word gets a vector such that those of neighbours have a large "
            "product and those of words at random a small one. Then king - man + woman comes out near queen. The text is "
            "made up, small enough to learn in seconds; give your own with --data.",
            "단어의 뜻은 함께 나오는 말로 알 수 있습니다. 이웃한 단어의 벡터는 내적이 크고 무작위 단어와는 작아지도록 배웁니다. 그러면 "
            "왕 - 남자 + 여자가 여왕에 가까워집니다. 몇 초면 배우는 지어낸 글을 쓰며, 나의 글은 --data로 줄 수 있습니다.",
        ),
        look=(
            "The arrows from man to woman: nearly parallel for all roles. That is why the sum works.",
            "남자에서 여자로 가는 화살표가 역할마다 거의 나란합니다. 그래서 뺄셈과 덧셈이 통합니다.",
        ),
    ),
    "glove": About(
        summary=("Words as vectors, from how often they meet", "함께 나온 횟수로 만드는 단어 벡터: 글로브"),
        details=(
            "GloVe first counts how often each two words stand near each other, and then looks for vectors whose products "
            "give the logarithms of these counts. It is a factorisation of a table, and ends near what Word2Vec finds.",
            "GloVe는 두 단어가 가까이 나온 횟수를 먼저 세고, 내적이 그 로그값이 되는 벡터를 찾습니다. 표를 인수분해하는 셈이며 "
            "Word2Vec과 비슷한 결과에 이릅니다.",
        ),
        look=(
            "The same arrows as with word2vec, found without going through the text word by word.",
            "글을 한 단어씩 훑지 않고도 word2vec과 같은 화살표가 나옵니다.",
        ),
    ),
    "word-cloud": About(
        summary=("A word cloud whose letters are as large as the counts", "횟수만큼 글자가 큰 워드 클라우드"),
        details=(
            "The words of a text, each as large as it is frequent, in Korean or English; little words that say nothing are "
            "left out. The places are found on a spiral from the middle, the largest words first, and no two overlap.",
            "글에 나온 단어를 횟수에 비례하는 크기로 그립니다. 한국어와 영어를 쓸 수 있고, 뜻이 없는 작은 말은 뺍니다. 가장 큰 단어부터 "
            "가운데에서 나선을 따라 자리를 찾으며 서로 겹치지 않습니다.",
        ),
        look=(
            "Twice the count is twice the height of the letters; counts.csv has the numbers.",
            "횟수가 두 배면 글자 높이도 두 배입니다. 수는 counts.csv에 있습니다.",
        ),
    ),
    "sentiment": About(
        summary=("Film reviews, good or bad: letters, a net, and a guess", "영화 리뷰의 긍정과 부정"),
        details=(
            "Reviews are told good or bad in three ways: by the more frequent answer, by groups of letters with logistic "
            "regression, and by a recurrent net that reads letter by letter. The reviews are made up, with negations that "
            "turn a good word round; real ones such as the Korean NSMC by --data.",
            "리뷰의 긍정과 부정을 세 가지로 맞힙니다. 더 많은 쪽 고르기, 글자 묶음과 로지스틱 회귀, 한 글자씩 읽는 순환 신경망입니다. "
            "리뷰는 지어낸 것으로 뜻을 뒤집는 부정문이 섞여 있습니다. NSMC 같은 실제 리뷰는 --data로 줍니다.",
        ),
        look=(
            "The bars: is the net really better than counting groups of letters? On little data it often is not.",
            "막대를 비교하세요. 신경망이 글자 묶음 세기보다 정말 나은가요? 데이터가 적으면 그렇지 않을 때가 많습니다.",
        ),
    ),
}
