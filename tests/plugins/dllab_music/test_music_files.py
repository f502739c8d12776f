"""Songs in and out: what MIDI files say, what is refused, how a song sounds and looks."""

from __future__ import annotations

import io
from pathlib import Path

import mido
import numpy as np
import pytest

import dllab
from dllab_music.piano_roll import lay_out, picture, svg
from dllab_music.primers import read_primer
from dllab_music.samples import songs
from dllab_music.songs import LEAST_DURATION, Note, Song, parse_song, read_song, to_midi
from dllab_music.synth import PEAK, PROGRAMS, SAMPLE_RATE_HZ, TIMBRES, render
from dllab_music.variations import Timbre, midi_bytes, missing, written


def midi_of(*events: mido.Message | mido.MetaMessage, kind: int = 0, ticks: int = 480) -> bytes:
    file = mido.MidiFile(type=kind, ticks_per_beat=ticks, tracks=[mido.MidiTrack(events)])
    buffer = io.BytesIO()
    file.save(file=buffer)
    return buffer.getvalue()


def on(pitch: int, time: int = 0, velocity: int = 64, channel: int = 0) -> mido.Message:
    return mido.Message("note_on", note=pitch, velocity=velocity, time=time, channel=channel)


def notes(song: Song) -> list[tuple[float, int, float, bool]]:
    return [(one.onset, one.pitch, one.duration, one.is_drum) for one in song.notes]


def test_a_note_that_a_note_on_of_no_loudness_ends_is_read_whatever_the_ticks() -> None:
    for ticks in (24, 96, 480, 1000, 1024):
        song = parse_song(
            midi_of(on(60), on(60, ticks, 0), on(64), on(64, ticks // 2, 0), ticks=ticks), "a.mid"
        )
        assert notes(song) == [(0, 60, 1, False), (1, 64, 0.5, False)]


def test_running_status_is_understood() -> None:
    track = bytes(
        [0, 0x90, 60, 64, 0x60, 60, 0, 0, 62, 64, 0x60, 62, 0, 0, 0xFF, 0x2F, 0]
    )  # one status for four
    head = b"MThd" + (6).to_bytes(4, "big") + bytes([0, 0, 0, 1, 0, 0x60])
    song = parse_song(head + b"MTrk" + len(track).to_bytes(4, "big") + track, "running.mid")
    assert notes(song) == [(0, 60, 1, False), (1, 62, 1, False)]


def test_tempi_metre_and_drums_are_read() -> None:
    song = parse_song(
        midi_of(
            mido.MetaMessage("time_signature", numerator=3, denominator=4, time=0),
            mido.MetaMessage("set_tempo", tempo=1_000_000, time=0),
            on(36, channel=9), on(36, 480, 0, 9),
            mido.MetaMessage("set_tempo", tempo=500_000, time=480),
            on(38, channel=9), on(38, 480, 0, 9),
        ),
        "drums.mid",
    )  # fmt: skip
    assert song.metre == (3, 4)
    assert [one.is_drum for one in song.notes] == [True, True]
    assert song.seconds(2) == pytest.approx(2.0)  # two beats at 60
    assert song.seconds(3) == pytest.approx(2.5)  # and one at 120


def test_a_note_of_no_length_becomes_short_and_is_not_lost() -> None:
    song = parse_song(midi_of(on(60), on(60, 0, 0), on(67), on(67, 480, 0)), "short.mid")
    assert {one.pitch: one.duration for one in song.notes}[67] == 1
    assert all(one.duration >= LEAST_DURATION for one in song.notes)


@pytest.mark.parametrize("ticks", [96, 120, 384, 480, 960, 1000, 1024])
def test_what_was_read_is_written_to_the_same_tick(ticks: int) -> None:
    times = (7, 11, 13, 5, 17)
    events = [event for i, t in enumerate(times) for event in (on(60 + i, t), on(60 + i, t, 0))]
    song = parse_song(midi_of(*events, ticks=ticks), "odd.mid")
    assert missing(song, song) == 0
    again = parse_song(midi_bytes(to_midi(song)), "again.mid")
    assert [one.onset for one in again.notes] == pytest.approx([one.onset for one in song.notes], abs=1e-12)
    assert written(again) == written(song)


def test_mido_reads_what_is_written_as_the_notes_it_was(tmp_path: Path) -> None:
    song = read_primer("C4 D4:.5 E4:.25 r:.25 F#4:2 Bb3")
    file = mido.MidiFile(file=io.BytesIO(midi_bytes(to_midi(song, [PROGRAMS["flute"]]))))
    at, found = 0, []
    for message in file.tracks[1]:
        at += message.time
        if message.type == "note_on":
            found.append((message.note, at / 480))
    assert found == [(60, 0), (62, 1), (64, 1.5), (66, 2), (58, 4)]
    assert file.length == pytest.approx(song.seconds(song.length), abs=0.01)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("zero_bytes.mid", "no MIDI file"), ("bad_header.mid", "type|film|damaged"),
        ("truncated.mid", "damaged"),
        ("no_notes.mid", "no notes"), ("absurd_tempo_slow.mid", "tempo"), ("corrupt_bytes.mid", "."),
    ],
)  # fmt: skip
def test_a_bad_file_is_refused_in_one_line_with_its_name(shared_data: Path, name: str, words: str) -> None:
    with pytest.raises(dllab.InputError, match=words) as caught:
        read_song(shared_data / "bad" / name)
    assert str(caught.value).startswith(f"{name}: ")
    assert "\n" not in str(caught.value)


def test_a_piece_of_twenty_hours_is_refused() -> None:
    day = midi_of(on(60), on(60, 20 * 3600 * 2 * 480, 0))
    with pytest.raises(dllab.InputError, match=r"20\.0 hours"):
        parse_song(day, "long.mid")


def test_typed_notes_are_read_with_octave_sign_and_length() -> None:
    song = read_primer("C5 d:2 r:.5 F#4 Bb:1.5, Ebb3")
    assert [(one.pitch, one.onset, one.duration) for one in song.notes] == [
        (72, 0, 1), (74, 1, 2), (66, 3.5, 1), (70, 4.5, 1.5), (50, 6, 1),
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["H4", "C4:0", "C4:x", "", "r r", "C99", "Cb-1", "C4:1000"])
def test_what_is_no_note_is_refused_by_its_word(text: str) -> None:
    with pytest.raises(dllab.UsageError):
        read_primer(text)


def test_sound_is_as_long_as_the_score_and_never_cut_off() -> None:
    chord = Song(tuple(Note(0.0, 36 + 4 * i, 4.0, 127, i) for i in range(16)), ((0.0, 60.0),))
    for name in TIMBRES:
        sound = render(chord, (name,))
        assert abs(sound.shape[1] / SAMPLE_RATE_HZ / 4.0 - 1) <= 0.01
        assert 0.05 < float(np.abs(sound).max()) <= PEAK


def test_a_tone_has_the_frequency_of_its_pitch() -> None:
    sound = render(Song((Note(0.0, 69, 2.0),), ((0.0, 60.0),)), ("flute",))[0]
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound))))
    assert np.argmax(spectrum) * SAMPLE_RATE_HZ / len(sound) == pytest.approx(440, abs=1)


def test_the_timbres_that_can_be_chosen_are_those_of_the_synthesizer() -> None:
    assert set(Timbre.__args__) == {"auto", *TIMBRES}
    assert set(PROGRAMS) == set(TIMBRES)


def test_a_roll_shows_every_note_in_its_place_and_tells_given_from_new() -> None:
    song = read_primer("C4 E4 G4 C5")
    layout = lay_out(song, new_from=2.0)
    pixels = picture(layout)
    assert pixels.shape == (3, layout.height, layout.width)
    drawn = [box for box in layout.boxes if box.outline is not None]
    assert len(drawn) == 2  # outlined: what was given
    text = svg(layout)
    assert text.count("<rect") == len(layout.boxes) + 1
    assert ">C4<" in text
    assert svg(lay_out(song, new_from=2.0)) == text


def test_a_named_tune_is_a_file_that_reads_back_as_itself(home: Path) -> None:
    for name, (_, _, make) in songs().items():
        song = make()
        path = dllab_sample(name)
        assert path.read_bytes()[:4] == b"MThd"
        assert written(read_song(path)) == written(song), name


def dllab_sample(name: str) -> Path:
    from dllab.plugins import load_value

    return Path(load_value("sample", name))
