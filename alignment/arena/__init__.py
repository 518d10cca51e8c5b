"""`lab arena`: a person says which of two answers is better, how much, and may mend it; blind (Llama 3 paper, section 4.2.1).

`questions` reads what is compared, `answers` draws it of the checkpoints, `record` keeps what was judged, `server` is the page.
"""
