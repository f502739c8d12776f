"""What the experiments of this plugin tell of themselves, in English and Korean."""

from dllab_neural.texts_claims import CLAIMS
from dllab_neural.texts_descent import DESCENT
from dllab_neural.texts_neurons import NEURONS
from dllab_neural.texts_own_pictures import OWN_PICTURES
from dllab_neural.texts_pictures import PICTURES
from dllab_neural.texts_sequences import SEQUENCES
from dllab_neural.texts_words import WORDS

ABOUT = {**CLAIMS, **NEURONS, **DESCENT, **PICTURES, **SEQUENCES, **WORDS, **OWN_PICTURES}
