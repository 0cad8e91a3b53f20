// Words of durations. Written by tools/time_words.py from filiform/times.py: change them there.

export const WORDS = {
  "units": {
    "minute": [
      60,
      {
        "en": [
          "min",
          "min",
          "min"
        ],
        "ur": [
          "منٹ",
          "منٹ",
          "منٹ"
        ]
      }
    ],
    "hour": [
      3600,
      {
        "en": [
          "h",
          "h",
          "h"
        ],
        "ur": [
          "گھنٹہ",
          "گھنٹے",
          "گھنٹے"
        ]
      }
    ],
    "day": [
      86400,
      {
        "en": [
          "day",
          "day",
          "days"
        ],
        "ur": [
          "دن",
          "دن",
          "دن"
        ]
      }
    ],
    "month": [
      2629800.0,
      {
        "en": [
          "month",
          "month",
          "months"
        ],
        "ur": [
          "مہینہ",
          "مہینے",
          "مہینے"
        ]
      }
    ],
    "year": [
      31557600.0,
      {
        "en": [
          "year",
          "year",
          "years"
        ],
        "ur": [
          "سال",
          "سال",
          "سال"
        ]
      }
    ]
  },
  "steps": [
    [
      3600,
      "minute",
      ""
    ],
    [
      86400,
      "hour",
      "minute"
    ],
    [
      172800,
      "day",
      "hour"
    ],
    [
      5184000,
      "day",
      ""
    ],
    [
      63115200.0,
      "month",
      ""
    ],
    [
      null,
      "year",
      ""
    ]
  ],
  "now": {
    "ago": {
      "en": "just now",
      "ur": "ابھی"
    },
    "in": {
      "en": "in less than 1 min",
      "ur": "ابھی"
    },
    "for": {
      "en": "since just now",
      "ur": "ابھی سے"
    }
  },
  "phrases": {
    "en": {
      "ago": "{} ago",
      "in": "in {}",
      "for": "for {}"
    },
    "ur": {
      "ago": "{} پہلے",
      "in": "{} بعد",
      "for": "{} سے"
    }
  },
  "bent": [
    "for",
    "in"
  ]
};
