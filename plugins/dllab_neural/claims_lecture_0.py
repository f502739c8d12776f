"""What lecture 0, machine learning and deep learning, claims and can be computed."""

import numpy as np

from dllab_neural.claim import Claim

IRISES, TEST_SHARE = 150, 0.2


def _weights_of_a_layer(inputs: int, units: int) -> float:
    from torch import nn

    return float(sum(one.numel() for one in nn.Linear(inputs, units).parameters()))


def _training_share() -> float:
    from sklearn.model_selection import train_test_split

    train, _ = train_test_split(range(IRISES), test_size=TEST_SHARE, random_state=0)
    return len(train) / IRISES


def _softmax_sum() -> float:
    scores = np.array([2.0, -1.0, 0.5, 3.0, 0.0, 1.0, -2.0, 4.0, 0.1, 0.2])
    powers = np.exp(scores - scores.max())
    return float((powers / powers.sum()).sum())


def _multiplications_in_an_epoch(batch: int, rows: int = 1000, inputs: int = 784, units: int = 200) -> float:
    return float(sum(min(batch, rows - first) * inputs * units for first in range(0, rows, batch)))


def _activation_numbers(batch: int, units: int = 200) -> float:
    return float(np.zeros((batch, units)).size)


def _lstm_over_rnn() -> float:
    from torch import nn

    def count(layer: nn.Module) -> int:
        return sum(one.numel() for one in layer.parameters())

    return count(nn.LSTM(7, 11)) / count(nn.RNN(7, 11))


def _slope_through_memory(forget: float, steps: int = 100) -> float:
    """d c_T / d c_0 of c_t = forget · c_(t-1) + input, by torch."""
    import torch

    first = torch.tensor(1.0, dtype=torch.float64, requires_grad=True)
    cell = first
    for _ in range(steps):
        cell = forget * cell + 0.3
    return float(torch.autograd.grad(cell, first)[0])


def _largest_error_of_backpropagation() -> float:
    """Greatest difference of torch's slopes of a small net from differences of the error itself."""
    import torch

    generator = torch.Generator().manual_seed(0)
    x, y = (torch.randn(6, size, generator=generator, dtype=torch.float64) for size in (3, 1))
    weights = torch.randn(3, 1, generator=generator, dtype=torch.float64, requires_grad=True)

    def error(w: torch.Tensor) -> torch.Tensor:
        return (torch.tanh(x @ w) - y).square().mean()

    (found,) = torch.autograd.grad(error(weights), weights)
    h, worst = 1e-6, 0.0
    for place in range(3):
        move = torch.zeros_like(weights)
        move[place] = h
        by_difference = (error(weights + move) - error(weights - move)).item() / (2 * h)
        worst = max(worst, abs(by_difference - found[place, 0].item()))
    return worst


CLAIMS = (
    Claim(
        "training share", "훈련 데이터의 비율",
        0, "데이터의 80%는 훈련용으로, 20%는 테스트용", "confirmed",
        "Of 150 irises, 120 are for training and 30 for the test.",
        "붓꽃 150개를 나누면 훈련용 120개, 테스트용 30개입니다.",
        "120 / 150", _training_share, expected=0.8, tolerance=1e-12,
    ),
    Claim(
        "weights of the hidden layer", "은닉층의 가중치 수",
        0, "(784 + 1) * 200 = 157.000 weights", "confirmed",
        "157,000: 784 inputs and one bias for each of 200 units. The dot is the German thousands sign.",
        "유닛 200개마다 입력 784개와 편향 1개, 모두 157,000개입니다. 점은 독일식 천 단위 표시입니다.",
        "785 · 200, counted on a torch layer", lambda: _weights_of_a_layer(784, 200), expected=157_000,
    ),
    Claim(
        "weights of the output layer", "출력층의 가중치 수",
        0, "(200 + 1) * 10 = 2010 weights", "confirmed",
        "2,010.", "2,010개입니다.",
        "201 · 10, counted on a torch layer", lambda: _weights_of_a_layer(200, 10), expected=2010,
    ),
    Claim(
        "softmax gives probabilities", "소프트맥스가 내는 확률",
        0, "10-way softmax … class (0 - 9) probabilities", "confirmed",
        "Ten scores become ten numbers between 0 and 1 whose sum is 1.",
        "점수 10개가 합이 1인 0과 1 사이의 수 10개가 됩니다.",
        "sum of e^s / Σ e^s", _softmax_sum, expected=1.0, tolerance=1e-12,
    ),
    Claim(
        "work of an epoch, batch 100 over batch 10", "에포크의 계산량: 배치 10 대비 배치 100",
        0, "한 번에 처리해야 할 데이터양이 많아지면 학습 속도가 느려지고", "corrected",
        "An epoch costs the same multiplications with any batch; a larger batch means fewer updates, each slower.",
        "배치 크기와 상관없이 한 에포크의 곱셈 수는 같습니다. 배치가 크면 한 번의 갱신이 느려지는 대신 횟수가 줄어듭니다.",
        "1000 rows · 784 · 200 in both cases",
        lambda: _multiplications_in_an_epoch(100) / _multiplications_in_an_epoch(10), expected=1.0,
    ),
    Claim(
        "memory of a layer, batch 100 over batch 10", "층의 메모리: 배치 10 대비 배치 100",
        0, "메모리 부족 문제를 야기할 수 있기 때문", "confirmed",
        "What a layer keeps for the way back grows with the batch, here tenfold.",
        "역전파를 위해 층이 기억하는 값은 배치 크기에 비례합니다. 여기서는 10배입니다.",
        "100 · 200 against 10 · 200 numbers",
        lambda: _activation_numbers(100) / _activation_numbers(10), expected=10.0,
    ),
    Claim(
        "slopes of the error", "오차의 기울기",
        0, "오차를 각 가중치로 미분", "confirmed",
        "Backpropagation's slopes are those that small changes of each weight show.",
        "역전파로 얻은 기울기는 가중치를 조금씩 바꿔 잰 기울기와 같습니다.",
        "central differences, h = 1e-6", _largest_error_of_backpropagation, at_most=1e-8,
    ),
    Claim(
        "weights of an LSTM over an RNN's", "RNN 대비 LSTM의 가중치 수",
        0, "게이트(gate)를 세 개 추가한 것이 바로 LSTM", "confirmed",
        "Three gates beside the candidate: four times the weights of a plain RNN of the same size.",
        "후보값에 게이트 3개가 더해져, 같은 크기 RNN의 4배의 가중치를 가집니다.",
        "Hochreiter & Schmidhuber 1997, with the forget gate of Gers et al. 2000", _lstm_over_rnn, expected=4.0,
    ),
    Claim(
        "slope after 100 steps, forget gate 0.9", "100단계 뒤의 기울기, 망각 게이트 0.9",
        0, "기울기 소멸 문제를 해결했으며", "depends",
        "Only while the forget gate stays near 1: at 0.9 the slope over 100 steps is 0.9^100 = 0.0000266.",
        "망각 게이트가 1에 가까울 때만 그렇습니다. 0.9이면 100단계 뒤의 기울기는 0.9^100 = 0.0000266입니다.",
        "product of the forget gates", lambda: _slope_through_memory(0.9), expected=0.9**100, tolerance=1e-15,
    ),
    Claim(
        "slope after 100 steps, forget gate 1", "100단계 뒤의 기울기, 망각 게이트 1",
        0, "망각 게이트(과거 정보를 잊기 위한 게이트)", "confirmed",
        "With a forget gate of 1 nothing is forgotten: the slope stays 1.",
        "망각 게이트가 1이면 아무것도 잊지 않아 기울기가 1로 유지됩니다.",
        "1^100", lambda: _slope_through_memory(1.0), expected=1.0,
    ),
)  # fmt: skip
