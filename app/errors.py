"""Everything that can go wrong, as people read it: what happened, what is safe, what to do.

* SmallStepsError
  + about a picked file: EmptyFile, NotAPicture, ClipFromFile, PictureTooBig, PictureTooManyPixels, ClipTooLong
  + about joining:       CodeUnknown, CodeUsed, CodeExpired, TooManyTries, DeviceUnknown
  + about rights:        NotAllowed, LinkEnded, QuarantineFull, RecordsErased, TabletLocked
  + about PINs:          PinWrong, PinTooSoon, PinShut, PinUnfit, NoPinHere
  + about what is asked: PupilUnknown, TermUnknown, NothingToSave, CannotBeKept, ThingUnknown, BadRequest, FileTooBig,
                         HostUnknown
  + about how much:      SlowDown, DayFull
  + about the hub:       HubUnreachable, BroughtBack, PortTaken, FolderMissing, FolderNotWritable, FolderNewer, FolderForeign,
                         OtherSchool, FolderUnreadable, FolderAway, SignInRefused, PlaceUnknown, KeyUnreadable,
                         KeyForeign, KeyThere, SheetWrong, CertificateUnreadable, AppNotBuilt, PlainHttp, NameNotVouched
  + about this device:   NoRoomLeft, OpenElsewhere, BrowserForgets, FileDamaged, PictureInFolder
"""

from app.domain.vocabulary.language import N_, _
from storage import errors as ground


class SmallStepsError(Exception):
    """`code` is stable, `message` is the sentence as it was written, `retry` says whether trying again may help.

    `words` is what a person reads. `status` is the hub's HTTP status, `exit_code` the command's."""

    code = "problem"
    message = N_("Something went wrong. What was saved is safe. Please try again.")
    retry = False
    status = 400
    exit_code = 2

    def __init__(self, message: str | None = None) -> None:
        self.message = message or type(self).message
        super().__init__(self.message)

    @property
    def words(self) -> str:
        """The message in the language of who reads it."""
        return _(self.message)


class EmptyFile(SmallStepsError):
    code = "empty_file"
    message = N_("That file is empty, so nothing was added. Please pick another picture.")


class NotAPicture(SmallStepsError):
    code = "not_a_picture"
    message = N_("That file is not a picture this app can read, so nothing was added. Please pick a photo (JPEG, PNG or WebP).")


class ClipFromFile(SmallStepsError):
    code = "clip_from_file"
    message = N_("Films from the device cannot be added yet, so nothing was added. Please record the clip here with the camera.")


class PictureTooBig(SmallStepsError):
    code = "picture_too_big"
    message = N_("That file is larger than 60 MB, so nothing was added. Please pick a smaller picture.")
    status = 413


class PictureTooManyPixels(SmallStepsError):
    code = "picture_too_many_pixels"
    message = N_("That picture has more than 25 million pixels, so nothing was added. Please pick a smaller picture.")


class ClipTooLong(SmallStepsError):
    code = "clip_too_long"
    message = N_("A clip can be 30 seconds long. Nothing else was lost; please record a shorter one.")


class CodeUnknown(SmallStepsError):
    code = "code_unknown"
    message = N_("This code is not known here. Please check the letters, or ask your SENCO for a new code.")
    status = 403


class CodeUsed(SmallStepsError):
    code = "code_used"
    message = N_("This code has been used already. Please ask your SENCO for a new one.")
    status = 403


class CodeExpired(SmallStepsError):
    code = "code_expired"
    message = N_("This code is too old. Codes last 10 minutes; please ask your SENCO for a new one.")
    status = 403


class TooManyTries(SmallStepsError):
    code = "too_many_tries"
    message = N_("This code was tried too often and is closed. Please ask your SENCO for a new one.")
    status = 403


class DeviceUnknown(SmallStepsError):
    code = "device_unknown"
    message = N_("This device is not joined to the school any more. What is saved here is safe. Please ask your SENCO.")
    status = 401


class NotAllowed(SmallStepsError):
    code = "not_allowed"
    message = N_("That is for another person in the school to do. Nothing was changed.")
    status = 403


class LinkEnded(SmallStepsError):
    code = "link_ended"
    message = N_("This link has ended. Please ask the school for a new one.")
    status = 404


class QuarantineFull(SmallStepsError):
    code = "quarantine_full"
    message = N_("The hub keeps no more from this device until the SENCO has looked. What is saved here is safe.")
    status = 403


class RecordsErased(SmallStepsError):
    code = "erased"
    message = N_("This child's records were erased. Nothing more of this child is kept.")
    status = 410


class PupilUnknown(SmallStepsError):
    code = "pupil_unknown"
    message = N_("There is no pupil with this id here.")
    status = 404


class TermUnknown(SmallStepsError):
    code = "term_unknown"
    message = N_("There is no term with this name here. Terms are written like 2026-autumn.")
    status = 404


class NothingToSave(SmallStepsError):
    code = "nothing_to_save"
    message = N_("Please choose at least one pupil, and add a picture, a clip or a note. Your draft is kept.")


class CannotBeKept(SmallStepsError):
    code = "cannot_be_kept"
    message = N_("That cannot be kept as it is: too long, or not what belongs there. Nothing was changed. Please write it anew.")


class ThingUnknown(SmallStepsError):
    code = "unknown"
    message = N_("There is nothing here with this name.")
    status = 404


class BadRequest(SmallStepsError):
    code = "bad_request"
    message = N_("The hub could not read what was asked. Nothing was changed.")


class FileTooBig(SmallStepsError):
    code = "file_too_big"
    message = N_("A file in the folder can be 2 MB large. Nothing was stored.")
    status = 413


class HostUnknown(SmallStepsError):
    code = "host_unknown"
    message = N_(
        "This hub does not answer to the name that was asked. Use an address that it printed, or start it with --hostname."
    )
    status = 421


class SlowDown(SmallStepsError):
    code = "slow_down"
    message = N_("That was too much at once. What is saved is safe; please wait a little and try again.")
    retry = True
    status = 429


class DayFull(SmallStepsError):
    code = "day_full"
    message = N_("The hub takes no more from this device today. What is saved here is safe, and goes on tomorrow.")
    retry = True
    status = 429


class BroughtBack(SmallStepsError):
    code = "brought_back"
    message = N_(
        "The school's folder was brought back from a backup, and a SENCO has to look at it first. Nothing is lost; please try "
        "again later."
    )
    retry = True
    status = 503


class HubUnreachable(SmallStepsError):
    code = "hub_unreachable"
    message = N_("The school's hub cannot be reached. Everything is safe on this tablet and will go on its own later.")
    retry = True
    status = 503


class PortTaken(SmallStepsError):
    code = "port_taken"
    message = N_("Another program already uses this port. Stop it, or choose another one with --port.")


class FolderMissing(SmallStepsError):
    code = "folder_missing"
    message = N_("There is no such folder. Make it first, or check how it is spelt.")


class FolderNotWritable(SmallStepsError):
    code = "folder_not_writable"
    message = N_("This folder cannot be written. Check its permissions; nothing was changed.")
    status = 503


class FolderNewer(SmallStepsError):
    code = "folder_newer"
    message = N_("This folder was written by a newer Small Steps. Update this one; nothing was changed.")
    status = 409


class OtherSchool(SmallStepsError):
    code = "other_space"
    message = N_(
        "The hub here belongs to another school. Nothing was sent or fetched; everything is safe here. Please tell your SENCO."
    )
    status = 409


class FolderForeign(SmallStepsError):
    code = "folder_foreign"
    message = N_("This folder holds other files and is not a Small Steps folder. Choose an empty one; nothing was changed.")


class FolderUnreadable(SmallStepsError):
    code = "folder_unreadable"
    message = N_("The file space.json in this folder cannot be read. Bring it back from a backup; nothing was changed.")


class FolderAway(SmallStepsError):
    code = "folder_away"
    message = N_(
        "The server of the school's folder does not answer as it should. Check the address and the network; nothing was changed."
    )
    retry = True
    status = 503


class SignInRefused(SmallStepsError):
    code = "sign_in_refused"
    message = N_("The server of the school's folder does not take this name and password. Check both; nothing was changed.")
    status = 503


class PlaceUnknown(SmallStepsError):
    code = "place_unknown"
    message = N_(
        "A folder is a path, or an address like dav+https://name:password@files.school.uk/steps. "
        "Signs like @ / # ? in a password are written as %40 %2F %23 %3F."
    )


class KeyUnreadable(SmallStepsError):
    code = "key_unreadable"
    message = N_("The hub's key file cannot be read. Bring it back from a backup, or choose another with --key-file.")


class KeyForeign(SmallStepsError):
    code = "key_foreign"
    message = N_(
        "The hub's key on this computer is not the one of this folder. Claim it with the recovery sheet; nothing was changed."
    )


class KeyThere(SmallStepsError):
    code = "key_there"
    message = N_("There is another key on this computer already. Move it away first, if it is of no use; nothing was changed.")


class SheetWrong(SmallStepsError):
    code = "sheet_wrong"
    message = N_("This is not as it stands on the recovery sheet. Please look at each row again; nothing was changed.")


class CertificateUnreadable(SmallStepsError):
    code = "certificate_unreadable"
    message = N_("The certificate or its key cannot be read. Check --cert and --key: both are PEM files, and belong together.")


class PlainHttp(SmallStepsError):
    code = "plain_http"
    message = N_(
        "Over plain http everyone on the network could read along, so the hub was not opened. "
        "Use --cert and --key, or --tls self; or say --plain-http-on-my-network."
    )


class NameNotVouched(SmallStepsError):
    code = "name_not_vouched"
    message = N_(
        "The hub's own authority may not vouch for this name. Delete it and install the new one on every tablet, or use --cert."
    )


class AppNotBuilt(SmallStepsError):
    code = "app_not_built"
    message = N_("The app is not built here yet. On the hub's computer, run smallsteps build-web.")
    status = 503


class NoRoomLeft(SmallStepsError):
    code = "no_room_left"
    message = N_(
        "There is no room left on this device. What was saved is safe, and your draft stays on screen. Make room and save again."
    )
    retry = True
    status = 507


class TabletLocked(SmallStepsError):
    code = "tablet_locked"
    message = N_("Small Steps is locked. Please tap your face and give your PIN. What was saved is safe.")
    status = 403


class PinWrong(SmallStepsError):
    code = "pin_wrong"
    message = N_("That is not the PIN. Please try again.")
    retry = True


class PinTooSoon(SmallStepsError):
    code = "pin_too_soon"
    message = N_("That was not the PIN a moment ago. Please wait a little and try again.")
    retry = True


class PinShut(SmallStepsError):
    code = "pin_shut"
    message = N_("Ten wrong PINs in a row. Please ask the SENCO to let you choose a new one. What was saved is safe.")


class PinUnfit(SmallStepsError):
    code = "pin_unfit"
    message = N_("A PIN has 4 to 8 digits. Please choose another one.")


class NoPinHere(SmallStepsError):
    code = "no_pin_here"
    message = N_("You have no PIN on this device yet. A colleague who is in can let you in, or the SENCO can.")


class OpenElsewhere(SmallStepsError):
    code = "open_elsewhere"
    message = N_("Small Steps is open in another tab. Please go on there, or close that tab and open this one again.")
    retry = True


class BrowserForgets(SmallStepsError):
    code = "browser_forgets"
    message = N_(
        "This window forgets everything when it is closed (a private tab?), so it cannot record. Please use an ordinary one."
    )


class FileDamaged(SmallStepsError):
    code = "file_damaged"
    message = N_("This file is damaged here. It may come back whole from another device.")
    retry = True


class PictureInFolder(SmallStepsError):
    code = "picture_in_folder"
    message = N_("This picture is in the school folder and not on this tablet any more. It comes back when there is network.")
    retry = True


GROUND: dict[type[ground.StorageError], type[SmallStepsError]] = {
    ground.MissingName: ThingUnknown,
    ground.BadBytes: FileDamaged,
    ground.NewerFormat: FolderNewer,
    ground.OtherSpace: OtherSchool,
    ground.FolderUnreadable: FolderMissing,
    ground.FolderReadOnly: FolderNotWritable,
    ground.StoreFull: NoRoomLeft,
    ground.StoreBusy: OpenElsewhere,
    ground.NothingLasts: BrowserForgets,
    ground.Refused: NotAllowed,
    ground.Erased: RecordsErased,
    ground.Unreachable: HubUnreachable,
}


def for_people(error: Exception) -> SmallStepsError:
    """The error a person reads for any error: ours as it is, the hub's no by its code, the ground floor's by its table, the
    rest in general words."""
    if isinstance(error, SmallStepsError):
        return error
    if isinstance(error, ground.Refused) and (said := {leaf.code: leaf for leaf in leaves()}.get(str(error))):
        return said()
    return next((GROUND[kind]() for kind in type(error).__mro__ if kind in GROUND), SmallStepsError())


def leaves() -> list[type[SmallStepsError]]:
    """Every leaf of the tree, for docs/errors.md and the hub's codes."""
    return sorted(SmallStepsError.__subclasses__(), key=lambda leaf: leaf.code)
