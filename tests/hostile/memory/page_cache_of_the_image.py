# attack: every file of the image read, so that the page cache fills
# verdict: untested
# limits: cpu_s=5 wall_s=120
import os

for folder, _, names in os.walk("/usr"):
    for name in names:
        try:
            open(os.path.join(folder, name), "rb").read()
        except OSError:
            pass
