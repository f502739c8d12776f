"""argparse's own words in Korean, and what stands for a value in help and usage lines."""

# argparse's message: ours, with its placeholders
WORDS = {
    "usage: ": "사용법: ",
    "positional arguments": "인자",
    "options": "옵션",
    "the following arguments are required: %s": "필요한 인자가 빠짐: %s",
    "expected one argument": "값 하나가 필요함",
    "expected at most one argument": "값은 최대 하나",
    "expected at least one argument": "값이 하나 이상 필요함",
    "expected %s argument": "값 %s개가 필요함",
    "expected %s arguments": "값 %s개가 필요함",
    "argument %(argument_name)s: %(message)s": "%(argument_name)s: %(message)s",
    "invalid %(type)s value: %(value)r": "%(value)r은(는) %(type)s 값이 아님",
    "ignored explicit argument %r": "값을 받지 않는데 %r이(가) 주어짐",
    "not allowed with argument %s": "%s와(과) 함께 쓸 수 없음",
    "one of the arguments %s is required": "%s 중 하나가 필요함",
}

# for a value, as the commands name it or as argparse does, from the flag: ours
PLACEHOLDERS = {
    "RUN": "실행",
    "RUN|FILE": "실행|파일",
    "NUMBER": "번호",
    "FOLDER": "폴더",
    "EXPERIMENT": "실험",
    "NAME=PATH": "이름=경로",
    "NAME=A,B": "이름=값,값",
    "NAME=VALUE": "이름=값",
    "THREADS": "개수",
    "JOBS": "개수",
    "N": "개수",
    "MOVE": "숫자",
    "SEED": "정수",
    "DEVICE": "장치",
    "DTYPE": "형식",
    "EXECUTOR": "이름",
}
