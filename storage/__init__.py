"""The ground: bytes and things by name; it knows nothing about pupils. Four groups of modules, from the bottom up:

format   names segments space ops clock groups errors          what lies in the folder, file by file
merge    merge folding library bundle view shelf words versions  from changes to documents, the same in any order
device   store recording ledger journal identity retention media turns writing   what one device keeps, and never loses
sync     sync healing compaction replica erasure several fetch   copying what the other side lacks, read back and compared
folder/  port memory directory opfs idb hub webdav ...            each kind of place that files can lie in
"""
