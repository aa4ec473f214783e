"""The invisible watermark: which device, which person and which hour a picture of a desk's window is from.

`mark` says what is carried, `pattern` how it becomes a tile that the desk repeats over its window, `reader` finds it in
a screenshot or a photograph. The first two need nothing but the standard library, for the desk has them too.
"""
