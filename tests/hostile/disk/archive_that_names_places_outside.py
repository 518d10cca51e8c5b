# attack: an archive with absolute paths, parents and links
# verdict: forbidden
import io, tarfile

data = io.BytesIO()
with tarfile.open(fileobj=data, mode="w") as tar:
    for name in ("/etc/cron.d/x", "../../../../etc/passwd", "/usr/bin/python3"):
        info = tarfile.TarInfo(name)
        info.size = 4
        tar.addfile(info, io.BytesIO(b"evil"))
data.seek(0)
with tarfile.open(fileobj=data) as tar:
    for member in tar:
        tar.extract(member, "/")
