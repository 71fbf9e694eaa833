"""The piano roll: a song's notes to draw, move, stretch and hear, and the model that keeps the steps to undo.

What the room uses of it (times are ticks; `track` is a place in `song.tracks`):

`model.SongModel(QObject)`: the song on the stage with its history. It is the room's `StageHistory`.
    song: Song | None               what is shown; values, never changed in place
    active: int                     the track that hands work on; `activate(track)` sets it
    begin(song, edited=False)       another song: there is nothing to undo; None empties the stage
    change(title, song, merge="")   one step with a title for people; steps in a row with the same `merge` are
                                    one (a slider that is dragged: merge="volume 2")
    end_merge()                     the next step with the same `merge` is one of its own (slider released)
    undo(), redo(), undo_title, redo_title, is_edited
    changed = Signal(object, object)    (Song | None, frozenset of places of tracks that are others now);
                                    chords, loop, keys and meters may have changed too
    begun = Signal()                after `begin`, before its `changed`: another song, not an edit
    activated = Signal(int)         another active track

`roll.Roll(model, theme)`: the widget. It follows the model by itself; edits go to the model as steps.
    set_theme(theme)
    set_cursor(tick | None)         where it plays: call it as often as you like, it paints one narrow strip
    follow: bool                    whether the view turns its page with the cursor (True at first)
    wave: WaveLane                  the waveform: `outdated` and `seen` tell when it is wanted, `take` gets it
    shows_wave, show_wave(on)       whether it is shown, where there is room for it
    tool: Tool                      Tool.SELECT, Tool.PENCIL, Tool.ERASER
    snap: Snap                      of core.editing.grid; Snap.AUTO at first; SNAP_TITLES has its words
    keeps_scale: bool               whether drawn and moved notes stay in the scale of their key
    steps_on: bool                  step input from the computer's keyboard
    bars: tuple[int, int] | None    selected bars, the first and the last of them, from 0: for infilling
    select_bars(bars)
    chosen: Chosen                  of core.editing.chosen: a track and its selected notes
    span() -> (start, end) | None   ticks of the selected bars, else of the selected notes
    visible() -> (start, end)       ticks that are seen
    show_tick(tick)                 scrolls there if it is not seen
    fit(), fit_selection(), zoom_by(factor)
    hidden: frozenset[int]          tracks that are not shown
    commands() -> list[Command]     "roll.…", for `Room.commands`: words, menu "room", keys
    attach_actions(actions)         pass on what `Room.attach_actions` was given
    select_all(), delete(), copy(), cut(), paste(), duplicate(), quantize(strength, swing), legato(),
    humanize(), transpose(semitones), transpose_in_scale(steps), split(), join(), loop_selection(),
    repeat_bars(), remove_bars(), add_bars(count): the commands as methods, each a step of the model
  signals:
    note_on(track, pitch, velocity)     to be heard now (key pressed, note clicked or drawn) ...
    note_off(track, pitch)              ... until then
    seek_wanted(tick)                   the ruler was clicked
    bars_changed()                      other bars are selected
    selection_changed()                 other notes are selected
    chord_edited(tick, text)            what was typed into the chord lane; "" removes the chord. The room
                                        hands it to `core.editing.harmony.with_chord_text`, which raises
                                        `BadInput`; `edit_chord(tick, text)` opens the line again
    drag_out_wanted(selection)          a `Chosen`: its notes are dragged out of the widget. The room writes
                                        the file and runs the QDrag within this signal
    view_moved()                        zoom or scroll changed
    tool_changed(), snap_changed(), steps_changed(), wave_changed()
    loop_wanted(start, end)             the loop was dragged, or removed: (-1, -1). The roll makes the step of
                                        the model itself (`song.loop`); this is for a player

`toolbar.RollBar(roll)`: a row of controls for tools, grid, quantizing, step input, to stand above the roll.
`colors.track_color(theme, place)`: the color of a track, for all parts of the room.

Keys of the transport (Space, Enter, L) are left to the room. While steps_on, letters are notes.
"""
