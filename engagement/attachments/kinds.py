"""What a file is, by its first bytes and not by its name."""

import zipfile
from typing import BinaryIO

from engagement.attachments.models import Attachment

MEGABYTE = 1 << 20
LARGEST = {
    Attachment.Kind.PDF: 50 * MEGABYTE,
    Attachment.Kind.DOCX: 50 * MEGABYTE,
    Attachment.Kind.AUDIO: 300 * MEGABYTE,
}


def kind_of(file: BinaryIO) -> Attachment.Kind | None:
    """None of what is none of these; the file is at its beginning before and after."""
    head = file.read(16)
    file.seek(0)
    if head.startswith(b"%PDF-"):
        return Attachment.Kind.PDF
    if head.startswith(b"PK\x03\x04"):
        return Attachment.Kind.DOCX if _is_docx(file) else None
    return Attachment.Kind.AUDIO if _is_audio(head) else None


def _is_audio(head: bytes) -> bool:
    """MP3, MP4 audio, WAVE, Ogg, FLAC and WebM."""
    if head.startswith((b"ID3", b"OggS", b"fLaC", b"\x1aE\xdf\xa3")):
        return True
    if head[4:8] == b"ftyp" or (head.startswith(b"RIFF") and head[8:12] == b"WAVE"):
        return True
    # A frame of MPEG audio begins with eleven bits set; then comes its layer, here II or III.
    return len(head) > 2 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0 and head[1] & 0x06 in (2, 4)


def _is_docx(file: BinaryIO) -> bool:
    try:
        with zipfile.ZipFile(file) as archive:
            return {"[Content_Types].xml", "word/document.xml"} <= set(archive.namelist())
    except zipfile.BadZipFile:
        return False
    finally:
        file.seek(0)
