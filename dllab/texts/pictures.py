"""Errors and notes about pictures."""

TEXTS = {
    "empty": (
        "'{file}' is empty (0 bytes); export the picture again",
        "'{file}' 파일이 비어 있습니다(0바이트). 그림을 다시 저장해 주세요",
    ),
    "too_large": (
        "'{file}' claims {size} pixels, above the limit of {limit} megapixels; "
        "shrink it, or raise DLLAB_MAX_MEGAPIXELS if you trust it",
        "'{file}'의 크기는 {size}픽셀로 한도 {limit}메가픽셀을 넘습니다. "
        "그림을 줄이거나, 믿을 수 있는 파일이면 DLLAB_MAX_MEGAPIXELS를 올려 주세요",
    ),
    "bomb": (
        "'{file}' claims more than {size} megapixels, which is never opened; shrink the picture",
        "'{file}'의 크기가 {size}메가픽셀을 넘어 열지 않습니다. 그림을 줄여 주세요",
    ),
    "not_a_picture": (
        "'{file}' is not a picture that can be read; give a PNG, JPEG, WebP, GIF, BMP, TIFF or AVIF file",
        "'{file}'은(는) 읽을 수 있는 그림이 아닙니다. PNG, JPEG, WebP, GIF, BMP, TIFF, AVIF 파일을 주세요",
    ),
    "broken": (
        "'{file}' is damaged ({fault}); export or download the picture again",
        "'{file}' 파일이 손상되었습니다({fault}). 그림을 다시 저장하거나 내려받아 주세요",
    ),
    "first_page": (
        "'{file}' has {frames} pages: the first is used",
        "'{file}'에는 {frames}쪽이 있습니다. 첫 쪽을 씁니다",
    ),
    "first_frame": (
        "'{file}' is animated: the first of its {frames} frames is used",
        "'{file}'은(는) 움직이는 그림입니다. {frames}장 중 첫 장을 씁니다",
    ),
    "bad_limit": (
        "DLLAB_MAX_MEGAPIXELS={value}: must be a number above 0, e.g. 100",
        "DLLAB_MAX_MEGAPIXELS={value}: 0보다 큰 수여야 합니다. 예: 100",
    ),
}
