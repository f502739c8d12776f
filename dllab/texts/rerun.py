"""The command `dllab rerun`."""

TEXTS = {
    "help_reference": ("a run, or a file that the lab made", "실행 또는 dllab이 만든 파일"),
    "help_input": ("an input that this machine does not have", "이 컴퓨터에 없는 입력 파일"),
    "help_threads": ("CPU threads (default: as the original)", "CPU 스레드 수 (기본: 원래와 같음)"),
    "help_device": ("device (default: as the original)", "장치 (기본: 원래와 같음)"),
    "help_dtype": ("number format (default: as the original)", "수 형식 (기본: 원래와 같음)"),
    "help_executor": ("where to run it (default: inline)", "실행 방식 (기본: inline)"),
    "help_out": ("copy what it makes into this folder", "결과물을 이 폴더에도 복사"),
    "help_quiet": ("print nothing but errors", "오류만 출력"),
    "help_json": ("print the comparison as JSON", "비교 결과를 JSON으로 출력"),
    "bad_input": ("--input {given}: write it as NAME=PATH", "--input {given}: 이름=경로 형식으로 써 주세요"),
}
