# shows: image_of_bytes
# verdict: accepted
import numpy as np

def invert(image):
    return 255 - image

def brighten(image, by):
    return np.clip(image.astype(int) + by, 0, 255).astype(np.uint8)
# --- tests ---
import numpy as np

def test_invert():
    image = np.array([[0, 10], [200, 255]], dtype=np.uint8)
    out = invert(image)
    assert out.dtype == np.uint8
    assert (out + image == 255).all()
    assert np.array_equal(invert(out), image)

def test_brighten():
    image = np.array([[0, 10], [200, 255]], dtype=np.uint8)
    assert brighten(image, 60).tolist() == [[60, 70], [255, 255]]
    assert brighten(image, 60).max() == 255
