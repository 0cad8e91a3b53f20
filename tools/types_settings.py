"""The clinic's settings for mypy's Django plugin, which starts Django to read the models.

Only the models matter there: a demo whose key is made up, so that checking types writes no file
and asks for no variable of a real clinic.
"""

import os

os.environ["FILIFORM_DEMO"] = "yes"
os.environ["FILIFORM_SECRET_KEY"] = 8 * "signs nothing "

from filiform.clinic.settings import *  # noqa: F403
