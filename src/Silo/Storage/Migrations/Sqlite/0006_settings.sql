-- Facts that must stay the same for as long as the data lives. The first writer of a name wins.

CREATE TABLE KeysSettings
(
    Name  TEXT NOT NULL PRIMARY KEY,
    Value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
