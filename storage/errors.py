"""What can go wrong on the ground floor.

* StorageError
  + MissingName        the folder has no such file
  + BadBytes           the bytes are not what their name says, or cannot be read
    - Garbage          they are what the name says and mean nothing: no second look will help
    - TooLarge         more of them than in any file of ours: they are not read
  + NewerFormat        written by a newer Small Steps: readable by it alone
  + OtherSpace         a folder of another school
  + FolderUnreadable   the folder is not there or cannot be read
  + FolderReadOnly     the folder cannot be written
  + StoreFull          no room left on this device
  + StoreBusy          another tab or process holds this store
  + NothingLasts       this browser keeps nothing (a private tab)
  + Refused            the hub said no
  + Erased             the child's records were erased by an order; nothing more may be kept
  + Unreachable        nothing answered; trying again may help
"""


class StorageError(Exception):
    """Every error of this floor. `code` is stable; `retry` says whether the same call may succeed later."""

    code = "storage"
    retry = False


class MissingName(StorageError):
    code = "missing_name"


class BadBytes(StorageError):
    code = "bad_bytes"


class Garbage(BadBytes):
    code = "garbage"


class TooLarge(BadBytes):
    code = "too_large"


class NewerFormat(StorageError):
    code = "newer_format"


class OtherSpace(StorageError):
    code = "other_space"


class FolderUnreadable(StorageError):
    code = "folder_unreadable"


class FolderReadOnly(StorageError):
    code = "folder_read_only"


class StoreFull(StorageError):
    code = "store_full"
    retry = True


class StoreBusy(StorageError):
    code = "store_busy"
    retry = True


class NothingLasts(StorageError):
    code = "nothing_lasts"


class Refused(StorageError):
    code = "refused"


class Erased(StorageError):
    code = "erased"


class Unreachable(StorageError):
    code = "unreachable"
    retry = True
