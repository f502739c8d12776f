"""argparse's own words in Korean: its message to ours, with its placeholders."""

WORDS = {
    "usage: ": "사용법: ",
    "positional arguments": "인자",
    "options": "옵션",
    "the following arguments are required: %s": "필요한 인자가 빠짐: %s",
    "expected one argument": "값 하나가 필요함",
    "expected at most one argument": "값은 많아야 하나",
    "expected at least one argument": "값이 하나 이상 필요함",
    "expected %s argument": "값 %s개가 필요함",
    "expected %s arguments": "값 %s개가 필요함",
    "argument %(argument_name)s: %(message)s": "%(argument_name)s: %(message)s",
    "invalid %(type)s value: %(value)r": "%(value)r은(는) %(type)s 값이 아님",
    "ignored explicit argument %r": "값을 받지 않는데 %r이(가) 주어짐",
    "not allowed with argument %s": "%s와(과) 함께 쓸 수 없음",
    "one of the arguments %s is required": "%s 중 하나가 필요함",
}
