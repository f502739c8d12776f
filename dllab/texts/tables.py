"""What is said of a user's table: each with the row as a spreadsheet counts it, and the column by name."""

TEXTS = {
    "too_large": (
        "'{file}' has {size} MB; a table may have {most} MB: take a part of it",
        "'{file}'은(는) {size} MB입니다. 표는 {most} MB까지 됩니다. 일부만 잘라 쓰세요",
    ),
    "too_many": (
        "'{file}' has {rows} rows and {columns} columns; a table may have {most_columns} columns and {most_cells} cells",
        "'{file}'은(는) {rows}행 {columns}열입니다. 표는 {most_columns}열, {most_cells}칸까지 됩니다",
    ),
    "not_text": (
        "'{file}' is neither UTF-8 nor CP949 text; save it as CSV (UTF-8)",
        "'{file}'은(는) UTF-8도 CP949도 아닙니다. CSV(UTF-8)로 저장해 주세요",
    ),
    "cp949": (
        "'{file}' is not UTF-8; it was read as CP949 (Korean)",
        "'{file}'은(는) UTF-8이 아니어서 CP949로 읽었습니다",
    ),
    "broken": (
        "'{file}', row {row}: {fault}; look for an unclosed quotation mark",
        "'{file}' {row}행: {fault}. 닫히지 않은 따옴표가 있는지 보세요",
    ),
    "no_header": (
        "the first row of '{file}' holds numbers only, so its columns are called c1 to {last}",
        "'{file}'의 첫 행이 모두 수라서 열 이름을 c1부터 {last}까지로 붙였습니다",
    ),
    "doubled": (
        "'{file}' has two columns called '{column}'; rename one",
        "'{file}'에 이름이 '{column}'인 열이 둘입니다. 하나의 이름을 바꾸세요",
    ),
    "ragged": (
        "'{file}', row {row}: {got} cells, but the header has {wanted}; complete the row or take it out",
        "'{file}' {row}행: 칸이 {got}개인데 머리행은 {wanted}개입니다. 행을 고치거나 빼세요",
    ),
    "header_only": (
        "'{file}' has a header but no rows; add data below it",
        "'{file}'에는 머리행만 있고 데이터가 없습니다. 아래에 데이터를 넣으세요",
    ),
    "no_target": (
        "--target {target}: '{file}' has no such column; it has {columns}.",
        "--target {target}: '{file}'에 그런 열이 없습니다. 있는 열: {columns}.",
    ),
    "no_features": (
        "'{file}' has no column of numbers or of few words beside the target '{target}'; add one",
        "'{file}'에는 목표 '{target}' 말고 수나 범주로 쓸 열이 없습니다. 열을 추가하세요",
    ),
    "mostly_missing": (
        "column '{column}' is left out: {missing} of {rows} cells are missing",
        "'{column}' 열은 {rows}칸 가운데 {missing}칸이 비어 있어 뺐습니다",
    ),
    "left_out": (
        "text column '{column}' is left out: {kinds} different words (2 to {most} can become numbers)",
        "글자 열 '{column}'은(는) 값이 {kinds}가지라서 뺐습니다 (2~{most}가지만 수로 바꿉니다)",
    ),
    "one_hot": (
        "text column '{column}' of {kinds} different words became columns of zeros and ones",
        "글자 열 '{column}'({kinds}가지)을(를) 0과 1의 열로 바꿨습니다",
    ),
    "rows_left_out": (
        "{gaps} of {rows} rows are left out, for a cell is missing; the first is row {row}, column '{column}'",
        "빈칸이 있는 {rows}행 가운데 {gaps}행을 뺐습니다. 첫 빈칸은 {row}행 '{column}' 열입니다",
    ),
    "too_few_whole": (
        "'{file}': only {left} of {rows} rows are complete, and {fewest} are needed; "
        "row {row}, column '{column}' is the first that is missing",
        "'{file}': 빈칸 없는 행이 {rows}행 가운데 {left}행뿐입니다({fewest}행 필요). 첫 빈칸은 {row}행 '{column}' 열입니다",
    ),
    "too_few": (
        "'{file}' has {left} rows, and {fewest} are needed; add data",
        "'{file}'은(는) {left}행뿐입니다({fewest}행 필요). 데이터를 더 넣으세요",
    ),
    "word_among_numbers": (
        "'{file}', row {row}, column '{column}': '{cell}' is no number; correct it, leave the cell empty or take the column out",
        "'{file}' {row}행 '{column}' 열: '{cell}'은(는) 수가 아닙니다. 고치거나, 칸을 비우거나, 열을 빼세요",
    ),
    "infinite": (
        "'{file}', row {row}, column '{column}': '{cell}' is not finite; correct it or leave the cell empty",
        "'{file}' {row}행 '{column}' 열: '{cell}'은(는) 유한한 수가 아닙니다. 고치거나 칸을 비우세요",
    ),
    "one_class": (
        "'{file}': the target '{column}' has {kinds} class, and two to {most} are needed; choose another by --target",
        "'{file}': 목표 '{column}'의 클래스가 {kinds}가지입니다(2~{most}가지 필요). --target으로 다른 열을 고르세요",
    ),
    "no_classes": (
        "'{file}': the target '{column}' has {kinds} different values, too many for classes (at most {most}); "
        "choose another by --target",
        "'{file}': 목표 '{column}'의 값이 {kinds}가지라서 클래스로 볼 수 없습니다(최대 {most}가지). "
        "--target으로 다른 열을 고르세요",
    ),
}
