"""Faults of parameter values. Each names the flag, the value and what would do."""

TEXTS = {
    "ge": ("{flag} {value}: must be at least {limit}", "{flag} {value}: {limit} 이상이어야 합니다"),
    "gt": ("{flag} {value}: must be greater than {limit}", "{flag} {value}: {limit}보다 커야 합니다"),
    "le": ("{flag} {value}: must be at most {limit}", "{flag} {value}: {limit} 이하여야 합니다"),
    "lt": ("{flag} {value}: must be less than {limit}", "{flag} {value}: {limit}보다 작아야 합니다"),
    "int": ("{flag} {value}: must be a whole number", "{flag} {value}: 정수여야 합니다"),
    "float": ("{flag} {value}: must be a finite number", "{flag} {value}: 유한한 수여야 합니다"),
    "bool": ("{flag} {value}: must be true or false", "{flag} {value}: true 또는 false여야 합니다"),
    "choice": ("{flag} {value}: must be {choices}", "{flag} {value}: {choices} 중 하나여야 합니다"),
    "missing": ("{flag} must be given", "{flag} 값이 필요합니다"),
    "too_short": (
        "{flag} {value}: must have at least {limit} entries",
        "{flag} {value}: 항목이 {limit}개 이상이어야 합니다",
    ),
    "too_long": (
        "{flag} {value}: must have at most {limit} entries",
        "{flag} {value}: 항목이 {limit}개 이하여야 합니다",
    ),
    "text_too_short": (
        "{flag} '{value}': must have at least {limit} characters, not {length}",
        "{flag} '{value}': {limit}글자 이상이어야 합니다 (지금 {length}글자)",
    ),
    "text_too_long": (
        "{flag} '{value}': must have at most {limit} characters, not {length}",
        "{flag} '{value}': {limit}글자 이하여야 합니다 (지금 {length}글자)",
    ),
    "known": ("'{experiment}' has {flags}", "'{experiment}'에 있는 것: {flags}"),
    "unknown": ("there is no parameter {flag}.", "매개변수 {flag}은(는) 없습니다."),
    "other": ("{flag} {value}: {fault}", "{flag} {value}: {fault}"),
}
