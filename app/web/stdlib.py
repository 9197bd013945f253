"""Python's standard library for the browser, without what a classroom never runs; about two thirds of the bytes are left."""

import io
import zipfile

# Development tools, servers, mail and old protocols, and Python twins of what is there in C.
LEFT_OUT = {
    "_pydatetime", "_pyio", "_pyrepl", "bdb", "cProfile", "doctest", "ftplib", "idlelib", "imaplib", "mailbox", "modulefinder",
    "multiprocessing", "optparse", "pdb", "pickletools", "plistlib", "poplib", "profile", "pstats", "pyclbr", "pydoc",
    "pydoc_data", "smtplib", "socketserver", "trace", "turtle", "unittest", "wsgiref", "xml", "xmlrpc", "zipapp",
}  # fmt: skip
ENCODINGS = {
    "__init__", "aliases", "ascii", "charmap", "cp1252", "cp437", "idna", "latin_1", "punycode", "raw_unicode_escape",
    "unicode_escape", "undefined", "utf_16", "utf_16_be", "utf_16_le", "utf_32", "utf_32_be", "utf_32_le", "utf_8", "utf_8_sig",
}  # fmt: skip


def wanted(name: str) -> bool:
    """Whether a file of the library's zip is shipped."""
    top, _, rest = name.partition("/")
    if top == "encodings" and rest:
        return rest.removesuffix(".py") in ENCODINGS
    return top.removesuffix(".py") not in LEFT_OUT


def smaller(library: bytes) -> bytes:
    """The same zip with fewer files; the same bytes every time."""
    out = io.BytesIO()
    whole = zipfile.ZipFile(io.BytesIO(library))
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        for name in sorted(filter(wanted, whole.namelist())):
            packed.writestr(zipfile.ZipInfo(name), whole.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()
