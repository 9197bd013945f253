"""What can be read of a report."""

import subprocess
import unicodedata


def words(pdf: bytes) -> str:
    """What poppler reads, each run of white space one space, without the marks it adds around Arabic."""
    read = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
    return " ".join(unicodedata.normalize("NFC", read).translate(dict.fromkeys(map(ord, "\u202a\u202b\u202c"))).split())
