-- Facts that all nodes of a cluster must agree on for as long as the data lives. The first writer of a name wins.

CREATE TABLE KeysSettings
(
    Name  varchar(150) COLLATE "C" PRIMARY KEY,
    Value text NOT NULL
);
