"""What every tool of the music room shares: its common parameters, and how it leaves what it made.

A tool makes variations, each from random numbers of its own, so that the third is the same piece whether
three are asked for or sixteen. Of each it leaves a .mid, a .wav and a piano roll as .png and .svg; and it
listens by measure: no file is silent, none is cut off, and each is as long as its notes say.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

import dllab

if TYPE_CHECKING:
    from collections import Counter

    import numpy as np

    from dllab_music.songs import Song

QUIETEST = 0.002  # root mean square of a WAV, of full scale, below which it counts as silent
LENGTH_SHARE = 0.01  # of its score's length that a WAV may be off

Timbre = Literal["auto", "piano", "organ", "strings", "flute", "bell", "marimba", "bass", "synth"]


class Listening(dllab.Params):
    """How the pieces are heard, and how many there are."""

    variations: int = dllab.param(1, ge=1, le=16, help="how many pieces to make")
    tempo_bpm: float | None = dllab.param(
        None, ge=20, le=400, unit="beats/min", help="tempo of what is made; none keeps the input's"
    )
    timbre: Timbre = dllab.param("auto", help="how it sounds; auto chooses by the kind of music")
    soundfont: dllab.Input | None = dllab.input(
        "file", default=None, help="a SoundFont (.sf2) of yours to play it with"
    )


class Sampling(Listening):
    """How boldly the next note is drawn."""

    temperature: float = dllab.param(
        1.0, ge=0, le=2, help="0 takes the likeliest note, 1 draws as the model believes, 2 is wild"
    )
    top_p: float = dllab.param(
        0.98, gt=0, le=1, help="draw among the likeliest notes that together have this chance"
    )


class Writing(Sampling):
    """By which rules voices are led."""

    parallels: Literal["avoid", "allow"] = dllab.param(
        "avoid",
        help="avoid writes no parallel fifths or octaves, as the style forbids; allow leaves it to the net",
    )


LISTENING_KO = {
    "variations": "만들 곡의 수",
    "tempo_bpm": "만든 곡의 빠르기; none은 입력 그대로",
    "timbre": "음색; auto는 음악에 맞게 고름",
    "soundfont": "연주할 사운드폰트(.sf2)",
}
SAMPLING_KO = {
    **LISTENING_KO,
    "temperature": "0은 가장 그럴듯한 음, 1은 모델이 믿는 대로, 2는 거칠게",
    "top_p": "확률의 합이 이만큼인 그럴듯한 음들 가운데서 뽑음",
}


WRITING_KO = {
    **SAMPLING_KO,
    "parallels": "avoid는 양식이 금하는 병행 5도와 8도를 쓰지 않음; allow는 신경망에 맡김",
}


class Room:
    """Where a tool leaves its pieces; see `variations`, `save` and `close`."""

    def __init__(self, run: dllab.Run, params: Listening) -> None:
        self._run, self._params = run, params
        self._quietest, self._loudest = float("inf"), 0.0
        self._length_off, self._changed = 0.0, 0
        self._player: Any = None
        if params.soundfont is not None:
            from dllab_music.soundfont import SoundFont

            self._player = SoundFont(params.soundfont)

    def variations(self) -> Iterator[tuple[int, np.random.Generator]]:
        """The number of each variation, from 1, and the random numbers that are its own."""
        import numpy as np

        numbers = range(1, self._params.variations + 1)
        for number in self._run.progress(numbers, label=self._run.words("playing", "연주")):
            yield number, np.random.Generator(np.random.PCG64([self._run.seed, number]))

    def save(
        self,
        name: str,
        song: Song,
        *,
        timbres: Sequence[str] = ("piano",),
        new_from: float | None = None,
    ) -> None:
        """Leave NAME.mid, NAME.wav, NAME.png and NAME.svg of a song.

        timbres: of each voice, the last for those beyond, unless the user chose one. new_from: the beat from
        which on it is the model's; None where nothing was given.
        """
        from dllab_music.piano_roll import lay_out, picture, svg
        from dllab_music.songs import parse_song, to_midi
        from dllab_music.synth import PROGRAMS, SAMPLE_RATE_HZ, render

        if self._params.tempo_bpm is not None:
            song = song.with_tempo(self._params.tempo_bpm)
        if self._params.timbre != "auto":
            timbres = (self._params.timbre,)
        midi = to_midi(song, [PROGRAMS[one] for one in timbres])
        self._run.save_midi(f"{name}.mid", midi)
        self._changed += written(song) != written(parse_song(midi_bytes(midi), f"{name}.mid"))
        if self._player is not None:
            sound = self._player.render(song, [PROGRAMS[one] for one in timbres])
        else:
            sound = render(song, timbres)
        self._listen(sound, song.seconds(song.length), SAMPLE_RATE_HZ)
        self._run.save_audio(f"{name}.wav", sound, SAMPLE_RATE_HZ)
        layout = lay_out(song, new_from)
        self._run.save_image(f"{name}.png", picture(layout))
        with self._run.open_file(f"{name}.svg", "w") as file:
            file.write(svg(layout))

    def _listen(self, sound: np.ndarray, seconds: float, sample_rate_hz: int) -> None:
        """Note how loud and how long a sound (2, n) is."""
        import numpy as np

        level = float(np.sqrt(np.mean(np.square(sound, dtype=np.float64))))
        self._quietest = min(self._quietest, level)
        self._loudest = max(self._loudest, float(np.abs(sound).max()))
        self._length_off = max(self._length_off, abs(sound.shape[1] / sample_rate_hz / seconds - 1))

    def close(self) -> None:
        """Hold all that was saved against what a listener may expect."""
        run = self._run
        run.check("quietest file, root mean square of full scale",
                  ko="가장 조용한 파일의 실횻값, 최대 진폭에 대한 비", got=self._quietest, at_least=QUIETEST,
                  source="about -54 dB: below that a file would be called silent")  # fmt: skip
        run.check("loudest sample, of full scale", ko="가장 큰 샘플, 최대 진폭에 대한 비",
                  got=self._loudest, at_most=0.999,
                  source="a sample at full scale has been cut off")  # fmt: skip
        run.check("length of sound, off its score's by a share of", ko="소리의 길이가 악보에서 벗어난 비율",
                  got=self._length_off,
                  at_most=LENGTH_SHARE, source="the notes' own times")  # fmt: skip
        run.check("MIDI files that read back as other notes", ko="다시 읽으면 음이 달라지는 MIDI 파일 수",
                  got=self._changed, expected=0,
                  source="symusic reads what mido wrote")  # fmt: skip


def midi_bytes(midi: Any) -> bytes:
    """A mido.MidiFile as the bytes of its file."""
    import io

    buffer = io.BytesIO()
    midi.save(file=buffer)
    return buffer.getvalue()


def written(song: Song) -> Counter[tuple[int, int, int, bool]]:
    """The notes of a song as a file of its ticks holds them: (onset, pitch, length, is_drum), ticks."""
    from collections import Counter

    def ticks(beat: float) -> int:
        return round(beat * song.ticks_per_beat)

    return Counter(
        (ticks(one.onset), one.pitch, max(1, ticks(one.end) - ticks(one.onset)), one.is_drum)
        for one in song.notes
    )


def missing(given: Song, made: Song) -> int:
    """How many notes of one song are not in the MIDI file of another, whatever their voice."""
    from dllab_music.songs import parse_song, to_midi

    read = parse_song(midi_bytes(to_midi(made)), "what was made")
    scaled = replace(given, ticks_per_beat=read.ticks_per_beat)
    return sum((written(scaled) - written(read)).values())
