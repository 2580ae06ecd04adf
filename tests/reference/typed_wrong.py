"""A user's script with a misspelt name, which a type checker must refuse."""

import manias
from manias import trajectroy

print(trajectroy("us-it-ai"), manias.laod("innovations"))
