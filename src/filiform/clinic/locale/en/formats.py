"""How Django itself writes and reads days here: as `filiform.times` does."""

from filiform.times import NAMED_SHAPES

DATE_FORMAT = NAMED_SHAPES["DATE_FORMAT"]
DATETIME_FORMAT = NAMED_SHAPES["DATETIME_FORMAT"]
TIME_FORMAT = NAMED_SHAPES["TIME_FORMAT"]
SHORT_DATE_FORMAT = NAMED_SHAPES["SHORT_DATE_FORMAT"]
SHORT_DATETIME_FORMAT = NAMED_SHAPES["SHORT_DATETIME_FORMAT"]
MONTH_DAY_FORMAT = NAMED_SHAPES["MONTH_DAY_FORMAT"]
YEAR_MONTH_FORMAT = NAMED_SHAPES["YEAR_MONTH_FORMAT"]
# Never month first: 10/11/2026 is the tenth of November.
DATE_INPUT_FORMATS = ["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d %B %Y", "%d %b %Y"]
TIME_INPUT_FORMATS = ["%H:%M", "%H:%M:%S", "%H.%M"]
