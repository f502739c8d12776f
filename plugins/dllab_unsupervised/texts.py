"""What the experiments of this plugin tell of themselves, in English and Korean."""

from dllab import About

ABOUT = {
    "k-means": About(
        summary=("Centres that move to the middle of their points", "중심을 옮겨 가며 집단 나누기 (K-평균)"),
        details=(
            "K-means takes a few centres at random. Then two half-steps follow each other: every point goes to its "
            "nearest centre, and every centre moves to the mean of its points. When nothing moves any more, the groups "
            "stand. A bad start may end badly, so it starts several times.",
            "중심 몇 개를 무작위로 잡고 두 동작을 되풀이합니다. 점은 가장 가까운 중심에 속하고, 중심은 자기 점들의 평균으로 "
            "옮겨 갑니다. 아무것도 움직이지 않으면 끝입니다. 출발이 나쁘면 결과도 나쁠 수 있어 여러 번 시작합니다.",
        ),
        look=(
            "The film: the cells turn as the centres walk. In the curves, starts that end higher than the best one.",
            "영상에서 중심이 걸어가며 칸이 바뀌는 모습, 그래프에서 더 높은 곳에서 멈춘 출발을 보세요.",
        ),
    ),
    "dbscan": About(
        summary=(
            "Groups are where points lie close; the rest is noise",
            "빽빽한 곳이 집단, 나머지는 잡음 (DBSCAN)",
        ),
        details=(
            "A point with enough neighbours within eps is a core. Cores that are neighbours belong together, whatever "
            "shape they form; a point near a core is its border; all else is noise. Nobody has to say how many groups "
            "there are, but eps must fit.",
            "거리 eps 안에 이웃이 충분하면 핵심점입니다. 이웃한 핵심점은 모양이 어떻든 한 집단이고, 핵심점 곁의 점은 경계점, "
            "나머지는 잡음입니다. 집단의 수를 정하지 않아도 되지만 eps가 알맞아야 합니다.",
        ),
        look=(
            "The moons that k-means cuts through the middle. Try --eps 0.1 and --eps 0.4, and see the bend on the right.",
            "K-평균이 반달을 가운데서 자르는 모습. --eps 0.1과 --eps 0.4도 해 보고 오른쪽 꺾이는 곳을 보세요.",
        ),
    ),
    "gaussian-mixture": About(
        summary=(
            "Ellipses that share the points among them, by EM",
            "점을 나눠 갖는 타원들 (가우시안 혼합, EM)",
        ),
        details=(
            "Each group is a bell-shaped hill, and each point belongs to every group by a share. EM repeats two steps: "
            "compute the shares from the hills, then the hills from the shares. The likelihood of the data never falls.",
            "집단마다 종 모양의 언덕이 있고, 점은 모든 집단에 조금씩 속합니다. EM은 언덕에서 몫을 계산하고(E), 몫에서 언덕을 "
            "다시 계산하는(M) 두 단계를 되풀이합니다. 데이터의 우도는 결코 줄지 않습니다.",
        ),
        look=(
            "Round at first, the ellipses breathe until they lie along the groups; mixed colours are points in doubt.",
            "처음엔 둥근 타원이 숨 쉬듯 변해 집단을 따라 눕습니다. 섞인 색은 어느 쪽인지 애매한 점입니다.",
        ),
    ),
    "som": About(
        summary=("Colours that find their own places on a sheet", "색이 스스로 자리를 찾는 지도 (SOM)"),
        details=(
            "Every cell of a sheet holds a colour. A colour is shown; the cell most like it and those around it move a "
            "little towards it. At first the neighbourhood is half the sheet, in the end one cell. Nobody tells the "
            "sheet what order is, and yet like colours come to lie side by side.",
            "지도의 칸마다 색이 하나 있습니다. 색을 하나 보여 주면 가장 비슷한 칸과 그 둘레가 조금씩 다가갑니다. 둘레는 처음엔 "
            "지도의 절반, 끝엔 한 칸입니다. 아무도 순서를 알려 주지 않지만 비슷한 색끼리 이웃하게 됩니다.",
        ),
        look=(
            "The film. Order comes first, detail later; the topographic error falls; the quantisation "
            "error ends no lower than it began, so it alone says nothing of order.",
            "영상에서 질서가 먼저, 세부가 나중에 생깁니다. 위상 오차는 줄지만 양자화 오차는 처음보다 낮아지지 않으니, "
            "그것만으로는 질서를 알 수 없습니다.",
        ),
    ),
    "pca": About(
        summary=(
            "Many numbers on a plane: the directions of greatest spread",
            "여러 차원을 평면에: 주성분 분석",
        ),
        details=(
            "Principal component analysis turns the axes so that the first shows most of the variance, the second most "
            "of what is left, and so on. Keep a few and you have a map, or a smaller file; what is lost is exactly the "
            "variance of the components left out.",
            "축을 돌려 첫째 축이 분산을 가장 많이, 둘째 축이 남은 것 가운데 가장 많이 담게 합니다. 몇 개만 남기면 지도나 작은 "
            "파일이 되고, 잃는 양은 버린 성분의 분산과 정확히 같습니다.",
        ),
        look=(
            "Digits of one shape lie together although nobody named them. Raise --kept and watch rebuilt.png sharpen.",
            "이름을 알려 주지 않아도 같은 숫자끼리 모입니다. --kept를 키우면 rebuilt.png가 또렷해집니다.",
        ),
    ),
    "autoencoder": About(
        summary=(
            "A net with a narrow waist says a digit in eight numbers",
            "숫자 그림을 수 여덟 개로 (오토인코더)",
        ),
        details=(
            "The net must give back what it was shown, but in its middle there are a few neurons only, so it has to find "
            "a short way to say it. Without bends it can at best do what PCA does. With bent layers it can do "
            "better, and here the figures of both stand side by side.",
            "본 것을 그대로 내놓아야 하지만 가운데에 뉴런이 몇 개뿐이라 짧게 말하는 법을 찾아야 합니다. 선형이면 잘해야 PCA와 "
            "같습니다. 비선형 층이 있으면 더 나을 수 있고, 여기서 두 결과를 나란히 비교합니다.",
        ),
        look=(
            "The rows of rebuilt digits; the dashed line of PCA, which the linear net nears from above.",
            "되살린 숫자의 줄들, 그리고 선형 신경망이 위에서 다가가는 PCA의 점선을 보세요.",
        ),
    ),
    "hierarchical-clustering": About(
        summary=(
            "A tree of animals: the most alike are joined first",
            "닮은 동물부터 묶는 나무 (계층적 군집)",
        ),
        details=(
            "Each animal card is a group of its own. The two groups most alike are joined, then the next two, until one "
            "tree holds all; a cut through the tree gives the groups. Nobody said what a plant eater with short legs is, "
            "and yet rabbit and squirrel find each other. The cards' figures are made up.",
            "카드 한 장이 한 집단입니다. 가장 닮은 둘을 합치기를 되풀이하면 나무 하나가 되고, 자르면 집단이 나옵니다. 다리가 "
            "짧은 초식 동물이 무엇인지 알려 주지 않아도 토끼와 다람쥐가 만납니다. 카드의 수치는 지어낸 것입니다.",
        ),
        look=(
            "Which branch the rabbit is on, and what its rows have in common. Try --linkage single and --no-standardise.",
            "토끼가 있는 가지와 그 줄들의 공통점을 보세요. --linkage single과 --no-standardise도 해 보세요.",
        ),
    ),
}
